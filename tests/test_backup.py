"""Backups: what goes into the file comes out of it, and a bad file changes nothing."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import stat
import tarfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cluster.postgres import Postgres
from conftest import NEWS, written

from rag.archive import open_archive, rebuild
from rag.conversation import Exchange
from rag.errors import IndexMismatch, IndexUnavailable, ReadError
from rag.indexes.scratch import Scratch
from rag.remarks import Reason, Remark
from rag.settings import Settings
from rag.store import Catalogue, Database
from rag.store.conversations import Conversations
from rag.store.feedback import Feedback
from rag.store.tables import vectors
from rag.upkeep.backup import Manifest, manifest_of, unpacked
from rag.upkeep.restoring import replace, restore
from rag.upkeep.saving import back_up

FERRY = "How many passengers does the ferry carry?"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with versions, a removed article, a conversation and a remark; only read."""
    place = tmp_path_factory.mktemp("told")
    news = written(place / "news", NEWS)
    with open_archive(place / "index", Settings()) as archive:
        archive.ingest(news)
        (news / "library.md").write_text("# The library\n\nIt has moved.", encoding="utf-8")
        archive.ingest(news)
        archive.remove("orchestra.md")
        answer = archive.ask(FERRY)
    database = Database(place / "index" / "store.sqlite3")
    Conversations(database).keep("one", Exchange(FERRY, answer=answer), "reader")
    Feedback(database).give(Remark(Reason.HELPFUL, FERRY, answer))
    database.close()
    return place / "index"


@pytest.fixture(scope="module")
def file(told: Path) -> Path:
    """Its backup; only read."""
    back_up(told, Settings(), told.parent / "archive.backup")
    return told.parent / "archive.backup"


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Path]:
    """An index of one other article."""
    news = written(tmp_path / "other news", {"a.txt": "A heron nested on the pier."})
    with open_archive(tmp_path / "other", Settings()) as archive:
        archive.ingest(news)
    yield tmp_path / "other"


def counted(folder: Path, question: str = FERRY) -> tuple[str, str, int, int]:
    """The corpus hash, an answer, and the numbers of conversations and vectors of an index."""
    database = Database(folder / "store.sqlite3")
    kept = len(Conversations(database).list("reader"))
    with database.reading() as connection:
        embedded = len(connection.execute(vectors.select()).all())
    database.close()
    with open_archive(folder, Settings()) as archive:
        return archive.status().corpus, archive.ask(question).text, kept, embedded


def test_a_backup_gives_the_archive_back(told: Path, file: Path, tmp_path: Path) -> None:
    """The same corpus, answer, versions, conversation and remark, and every vector."""
    restored = restore(file, tmp_path / "new", Settings())

    assert restored.searchable and restored.aside is None
    assert counted(tmp_path / "new") == counted(told)
    with open_archive(tmp_path / "new", Settings()) as archive:
        assert len(archive.history("library.md")) == 2
        assert [version.live for version in archive.history("orchestra.md")] == [False]
    database = Database(tmp_path / "new" / "store.sqlite3")
    assert [remark.reason for remark in Feedback(database).all()] == [Reason.HELPFUL]
    database.close()


def test_a_backup_says_what_it_holds(told: Path, file: Path) -> None:
    """Its manifest can be read without restoring it, and nobody else may read the file."""
    manifest = manifest_of(file)

    with open_archive(told, Settings()) as archive:
        assert (manifest.corpus, manifest.articles) == (archive.status().corpus, 5)
    assert (manifest.versions, manifest.conversations) == (7, 1)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {path.name for path in file.parent.iterdir()} == {"news", "index", file.name}


def test_what_is_restored_can_be_fed_on(file: Path, tmp_path: Path) -> None:
    """Articles that come later get numbers of their own and are found."""
    restore(file, tmp_path / "new", Settings())

    with open_archive(tmp_path / "new", Settings()) as archive:
        archive.ingest(written(tmp_path / "more", {"b.txt": "A heron nested on the pier."}))

        assert "heron" in archive.search("heron nested")[0].passage.text
        assert "120" in archive.ask(FERRY).text


def test_an_archive_is_not_overwritten_unasked(file: Path, other: Path) -> None:
    """A folder with articles, or with other things, is refused; its archive stays."""
    before = counted(other)

    with pytest.raises(IndexUnavailable, match="--replace"):
        restore(file, other, Settings())
    with pytest.raises(IndexUnavailable, match="holds other things"):
        restore(file, other.parent / "other news", Settings())

    assert counted(other) == before


def test_replacing_takes_the_place_under_an_open_page(told: Path, file: Path, other: Path) -> None:
    """Whoever has the archive open answers from the backup at once, and nothing old is left."""
    with open_archive(other, Settings()) as page:
        assert "heron" in page.ask("What nested on the pier?").text

        replace(file, other, Settings())

        assert "120" in page.ask(FERRY).text
        assert page.ask("What nested on the pier?").abstained
        assert page.status().corpus == manifest_of(file).corpus
    assert counted(other) == counted(told)
    assert not any(b"heron" in path.read_bytes() for path in other.rglob("*") if path.is_file())


def test_a_damaged_store_is_put_aside(told: Path, file: Path, other: Path) -> None:
    """A store that cannot be read is kept under another name, and the backup is searched."""
    (other / "store.sqlite3").write_bytes(b"no store" * 3_000)

    restored = replace(file, other, Settings())

    assert restored.aside is not None
    assert (restored.aside / "store.sqlite3").read_bytes().startswith(b"no store")
    assert counted(other) == counted(told)


@pytest.mark.parametrize("kept", [0, 10, 200, 5_000, -3_000])
def test_a_truncated_backup_changes_nothing(
    file: Path, other: Path, tmp_path: Path, kept: int
) -> None:
    """Wherever it was cut: a clear error, the archive as before, no new folder."""
    before = counted(other)
    cut = tmp_path / "cut.backup"
    cut.write_bytes(file.read_bytes()[:kept])

    for act, place in ((replace, other), (restore, tmp_path / "new")):
        with pytest.raises(ReadError, match=r"cut\.backup"):
            act(cut, place, Settings())

    assert counted(other) == before
    assert not (tmp_path / "new").exists()


def test_a_backup_whose_store_was_changed_is_refused(file: Path, tmp_path: Path) -> None:
    """The hash in the manifest is that of the store, or nothing is restored."""
    with tarfile.open(file) as tar:
        parts = {name: held(tar, name) for name in tar.getnames()}
    changed = bytearray(parts["store.sqlite3"])
    changed[len(changed) // 2] ^= 1
    packed(tmp_path / "changed.backup", {**parts, "store.sqlite3": bytes(changed)})

    with pytest.raises(ReadError, match="its store is not what was written"):
        restore(tmp_path / "changed.backup", tmp_path / "new", Settings())


# What a manifest states besides what it is.
_TOLD = {
    "format": "dateline-backup",
    "version": 1,
    **dict.fromkeys(("made", "fingerprint", "corpus", "sha256"), ""),
    **dict.fromkeys(("articles", "versions", "conversations", "bytes"), 0),
}


@pytest.mark.parametrize(
    ("manifest", "why"),
    [
        ({"format": "dateline-backup", "version": 99}, "later version"),
        ({"format": "other", "version": 1}, "no backup"),
        ([], "no backup"),
        ({**_TOLD, "articles": "many"}, "no backup"),
        ({**_TOLD, "bytes": None}, "no backup"),
    ],
)
def test_a_foreign_file_is_refused(tmp_path: Path, manifest: object, why: str) -> None:
    """Another program's tar, one of a later version, or one that tells nonsense is told apart."""
    packed(tmp_path / "foreign", {"manifest.json": json.dumps(manifest).encode()})

    with pytest.raises(ReadError, match=why):
        restore(tmp_path / "foreign", tmp_path / "new", Settings())


def test_an_endless_manifest_is_refused(tmp_path: Path) -> None:
    """JSON nested deeper than Python reads is a line, no traceback."""
    packed(tmp_path / "deep", {"manifest.json": b"[" * 100_000})

    with pytest.raises(ReadError, match="no backup"):
        restore(tmp_path / "deep", tmp_path / "new", Settings())


def test_a_file_is_no_place_to_restore_to(file: Path, tmp_path: Path) -> None:
    """It is named, and stays as it is."""
    (tmp_path / "taken").write_text("Mine.", "utf-8")

    with pytest.raises(IndexUnavailable, match="taken"):
        restore(file, tmp_path / "taken", Settings())

    assert (tmp_path / "taken").read_text("utf-8") == "Mine."


def test_what_is_unpacked_is_left_alone_by_others(file: Path) -> None:
    """A restore may last longer than a scratch folder that nobody holds is kept."""
    with unpacked(file) as (manifest, source):
        lying = Path(source.name).parent
        long_ago = time.time() - 3_600
        os.utime(lying, (long_ago, long_ago))

        Scratch().close()

        assert (lying / "store.sqlite3").exists()
        assert Catalogue(source).census().articles == manifest.articles


def test_no_other_file_is_overwritten(told: Path, tmp_path: Path) -> None:
    """Only a backup is replaced by a backup; a file or folder of another kind stays."""
    (tmp_path / "notes.gz").write_bytes(gzip.compress(b"my notes"))

    with pytest.raises(ReadError, match="is no backup"):
        back_up(told, Settings(), tmp_path / "notes.gz")
    with pytest.raises(ReadError, match="cannot be written"):
        back_up(told, Settings(), tmp_path / "gone" / "archive.backup")
    with pytest.raises(IndexUnavailable, match="there is no archive"):
        back_up(tmp_path / "nothing", Settings(), tmp_path / "archive.backup")

    assert gzip.decompress((tmp_path / "notes.gz").read_bytes()) == b"my notes"
    assert [path.name for path in tmp_path.iterdir()] == ["notes.gz"]


def test_a_backup_of_an_archive_that_is_fed_is_one_of_its_states(tmp_path: Path) -> None:
    """While articles come in, a backup holds those that were stored at one moment, whole."""
    index = tmp_path / "index"
    news = written(
        tmp_path / "news",
        {f"{i}.txt": f"Ship {i} came in. It carried {i} barrels." for i in range(200)},
    )
    with open_archive(index, Settings()) as archive:
        archive.ingest(news / "0.txt")
        feeding = threading.Thread(target=archive.ingest, args=(news,))
        feeding.start()
        manifests: list[Manifest] = []
        while feeding.is_alive():
            manifests.append(back_up(index, Settings(), tmp_path / f"{len(manifests)}.backup"))
        feeding.join()

    for number, manifest in enumerate(manifests[:3]):
        place = tmp_path / f"restored {number}"
        restore(tmp_path / f"{number}.backup", place, Settings())
        with open_archive(place, Settings()) as archive:
            status = archive.status()
            assert (status.corpus, status.articles) == (manifest.corpus, manifest.articles)
            assert status.passages == manifest.articles


def test_other_settings_are_told_and_mended(file: Path, tmp_path: Path) -> None:
    """A backup made under other settings is restored, and a rebuild makes it searchable."""
    smaller = Settings(passage_size=500)

    assert not restore(file, tmp_path / "new", smaller).searchable

    with pytest.raises(IndexMismatch, match="rag rebuild"):
        open_archive(tmp_path / "new", smaller)
    rebuild(tmp_path / "new", smaller)
    with open_archive(tmp_path / "new", smaller) as archive:
        assert "120" in archive.ask(FERRY).text


def test_a_restored_archive_needs_no_files_of_the_old(
    told: Path, file: Path, tmp_path: Path
) -> None:
    """A backup restores where the first folder is gone."""
    shutil.copy(file, tmp_path / "moved.backup")

    restore(tmp_path / "moved.backup", tmp_path / "new", Settings())

    names = {path.name for path in (tmp_path / "new").iterdir()}
    assert {"store.sqlite3", "current", "generations"} <= names
    assert counted(tmp_path / "new")[0] == counted(told)[0]


def test_a_backup_moves_an_archive_to_a_server_and_back(
    told: Path, file: Path, tmp_path: Path, postgres: Postgres
) -> None:
    """From a file to PostgreSQL and from there to a file: the same, and it can be fed on."""
    served = Settings.model_validate({"store": postgres.database()})

    restore(file, tmp_path / "served", served)
    with open_archive(tmp_path / "served", served) as archive:
        assert archive.status().corpus == manifest_of(file).corpus
        assert "120" in archive.ask(FERRY).text
        archive.ingest(written(tmp_path / "more", {"b.txt": "A heron nested on the pier."}))
        assert "heron" in archive.search("heron nested")[0].passage.text
        archive.forget("b.txt")
    with pytest.raises(IndexUnavailable, match="--replace"):
        restore(file, tmp_path / "served", served)
    back_up(tmp_path / "served", served, tmp_path / "served.backup")
    replace(tmp_path / "served.backup", tmp_path / "served", served)
    restore(tmp_path / "served.backup", tmp_path / "back", Settings())

    # Forgetting dropped the vectors of texts that only earlier versions have.
    assert counted(tmp_path / "back")[:3] == counted(told)[:3]


def held(tar: tarfile.TarFile, name: str) -> bytes:
    """What a member of a tar holds."""
    content = tar.extractfile(name)
    assert content is not None
    return content.read()


def packed(path: Path, members: dict[str, bytes]) -> None:
    """A tar of these members."""
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
