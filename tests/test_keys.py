"""Keys: made, shown once, kept as a hash, limited, taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rag.archive import Archive, open_archive
from rag.cli import app
from rag.errors import SettingsError


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An empty archive."""
    with open_archive(tmp_path / "index") as opened:
        yield opened


def test_a_key_is_found_by_its_text_alone(archive: Archive) -> None:
    """Its text opens, anything else does not; nothing on disk holds it."""
    text = archive.keys.add("desk", writes=True, per_minute=60, per_day=1000)

    found = archive.keys.find(text)

    assert found is not None
    assert (found.name, found.writes, found.per_minute, found.per_day) == ("desk", True, 60, 1000)
    for wrong in (text[:-1], text.upper(), "", "write:" + text, "é", "\udcff"):
        assert archive.keys.find(wrong) is None
    held = b"".join(path.read_bytes() for path in archive.folder.glob("store.sqlite3*"))
    assert text.encode() not in held


def test_a_revoked_key_does_not_open_again(archive: Archive) -> None:
    """It stays in the list with the day; its name is not given to another."""
    text = archive.keys.add("desk")

    assert archive.keys.any()
    assert archive.keys.revoke("desk")
    assert not archive.keys.revoke("desk")
    assert archive.keys.find(text) is None
    assert not archive.keys.any()
    assert [key.revoked is not None for key in archive.keys.all()] == [True]
    with pytest.raises(SettingsError, match="already"):
        archive.keys.add("desk")


@pytest.mark.parametrize("name", ["", "two words", "x" * 65, "a\nb", "--flag me"])
def test_odd_names_are_refused(archive: Archive, name: str) -> None:
    """A name is a short word, so that it can stand in a log."""
    with pytest.raises(SettingsError, match="cannot name a key"):
        archive.keys.add(name)


def test_a_day_has_so_many_calls(archive: Archive) -> None:
    """Calls are counted up to the quota and not beyond."""
    archive.keys.add("desk", per_day=2)

    counted = [archive.keys.count("desk", 2) for _ in range(4)]

    assert counted == [True, True, False, False]
    assert archive.keys.counted() == {"desk": 2}


def test_the_commands_make_list_and_revoke(tmp_path: Path) -> None:
    """`rag keys add` prints the key alone on stdout; the list tells what it may do."""
    where = ["--index", str(tmp_path / "index")]
    run = CliRunner()

    empty = run.invoke(app, ["keys", "list", *where])
    made = run.invoke(app, ["keys", "add", "desk", "--write", "--per-day", "50", *where])
    listed = run.invoke(app, ["keys", "list", *where])
    plain = run.invoke(app, ["keys", "list", "--json", *where])
    revoked = run.invoke(app, ["keys", "revoke", "desk", *where])
    again = run.invoke(app, ["keys", "revoke", "desk", *where])

    assert "rag keys add" in empty.stdout
    assert made.stdout.strip().startswith("dateline_")
    assert "not shown again" in made.stderr
    assert "desk:" in listed.stdout
    assert "reads and writes, 0 of 50 today" in listed.stdout
    assert json.loads(plain.stdout)[0]["per_day"] == 50
    assert made.stdout.strip() not in listed.stdout + plain.stdout
    assert revoked.exit_code == 0
    assert "asks nobody" in revoked.stderr
    assert again.exit_code != 0
