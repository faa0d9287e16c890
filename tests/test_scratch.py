"""Scratch folders: deleted when they are abandoned, and nothing else is."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pytest

from rag.errors import IndexUnavailable
from rag.indexes.scratch import Scratch


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files that is the test's own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def aged(folder: Path) -> Path:
    """The folder as if nothing had been made in it for an hour."""
    long_ago = time.time() - 3_600
    os.utime(folder, (long_ago, long_ago))
    return folder


def test_an_abandoned_folder_is_deleted(place: Path) -> None:
    """Its lock is there and nobody holds it: the process that made it is dead."""
    abandoned = place / "dateline-abandoned"
    abandoned.mkdir()
    (abandoned / "in-use.lock").touch()
    aged(abandoned)

    Scratch().close()

    assert not abandoned.exists()


def test_a_folder_of_such_a_name_is_left_alone(place: Path) -> None:
    """An archive may be called so: what never had a lock is not ours to delete."""
    mine = place / "dateline-archive"
    mine.mkdir()
    (mine / "store.sqlite3").write_text("Mine.", "utf-8")
    aged(mine)

    Scratch().close()

    assert (mine / "store.sqlite3").read_text("utf-8") == "Mine."


def test_a_folder_in_use_is_left_alone(place: Path) -> None:
    """However long ago it was made."""
    used = Scratch()
    aged(used.folder)

    Scratch().close()

    assert used.folder.exists()
    used.close()
    assert not list(place.iterdir())


def test_no_room_is_told(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no temporary folder can be made, a line says which setting names another."""
    monkeypatch.setattr(tempfile, "tempdir", str(place / "nothing"))

    with pytest.raises(IndexUnavailable, match="TMPDIR"):
        Scratch()
