"""The doctor: each kind of damage is found by looking, mended by mending, and stays mended."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from cluster.postgres import Postgres
from conftest import written

from rag.archive import open_archive
from rag.errors import IndexBusy, IndexUnavailable
from rag.settings import Settings
from rag.upkeep.checks import State
from rag.upkeep.doctor import Finding, is_well, look, mend
from rag.upkeep.probe import Probed, probed

FERRY = "How many passengers does the ferry carry?"


def states(findings: list[Finding]) -> dict[str, State]:
    """The state of each check."""
    return {found.check: found.state for found in findings}


def changed(folder: Path, *statements: str) -> None:
    """Change the rows of a store behind its back."""
    with sqlite3.connect(folder / "store.sqlite3") as raw:
        for statement in statements:
            raw.execute(statement)
    raw.close()


def generation(folder: Path) -> Path:
    """The current generation of an index."""
    return folder / "generations" / (folder / "current").read_text("utf-8")


def test_a_sound_archive_is_well(index: Path) -> None:
    """Every check is ok, and looking changes no file."""
    before = {path: path.read_bytes() for path in index.rglob("*") if path.is_file()}

    findings = list(look(index, Settings()))

    assert set(states(findings).values()) == {State.OK}, findings
    assert is_well(findings)
    kept = {path: path.read_bytes() for path in index.rglob("*") if path.is_file()}
    assert {path: kept[path] for path in before} == before


def lose_vectors(folder: Path) -> None:
    changed(folder, "DELETE FROM vectors WHERE rowid IN (SELECT rowid FROM vectors LIMIT 2)")


def shorten_a_vector(folder: Path) -> None:
    changed(
        folder,
        "UPDATE vectors SET vector = substr(vector, 1, 40)"
        " WHERE text_hash = (SELECT max(text_hash) FROM vectors)",
    )


def swap_vectors(folder: Path) -> None:
    changed(
        folder,
        "UPDATE vectors SET vector = (SELECT vector FROM vectors ORDER BY text_hash LIMIT 1)",
    )


def stray_rows(folder: Path) -> None:
    changed(
        folder,
        "INSERT INTO bands (band, article_key) VALUES ('0:lost', 999)",
        "INSERT INTO mentions (article_id, place, key) VALUES ('lost', 'exchange', 'k')",
    )


def miscount(folder: Path) -> None:
    changed(folder, "UPDATE articles SET passages = 9 WHERE article_id = 'ferry.md'")


def misplace_a_passage(folder: Path) -> None:
    changed(folder, "UPDATE passages SET text = replace(text, '120', '700')")


def truncate_words(folder: Path) -> None:
    path = next((generation(folder) / "words").glob("*.store"))
    path.write_bytes(path.read_bytes()[:-20])


def flip_a_bit(folder: Path) -> None:
    path = max((generation(folder) / "vectors").rglob("*.bin"), key=lambda p: p.stat().st_size)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("damages", "checks"),
    [
        ([stray_rows, miscount, lose_vectors, shorten_a_vector], ["rows", "vectors"]),
        ([misplace_a_passage, flip_a_bit], ["passages", "index"]),
        ([swap_vectors], ["model"]),
    ],
)
def test_damage_is_found_and_mended(
    index: Path, damages: list[Callable[[Path], None]], checks: list[str]
) -> None:
    """Looking names the first that is wrong, mending mends all, the archive answers as before."""
    for damage in damages:
        damage(index)

    seen = states(list(look(index, Settings())))
    assert seen[checks[0]] is State.WRONG and seen["counts"] is State.SKIPPED
    mended = list(mend(index, Settings()))
    assert is_well(mended), mended
    assert {check for check, state in states(mended).items() if state is State.MENDED} >= {*checks}
    with open_archive(index, Settings()) as archive:
        assert "120" in archive.ask(FERRY).text
        assert archive.status().passages == 6


def test_what_was_mended_is_well(index: Path) -> None:
    """Looking again after mending finds nothing at all."""
    for damage in (miscount, lose_vectors, truncate_words):
        damage(index)

    assert is_well(list(mend(index, Settings())))

    again = list(look(index, Settings()))
    assert set(states(again).values()) == {State.OK}, again


def test_an_index_that_lacks_passages_is_counted_and_made_again(index: Path) -> None:
    """A generation whose files are as sealed but which holds less than the store is found."""
    with sqlite3.connect(index / "store.sqlite3") as raw:
        held = raw.execute("SELECT * FROM vectors").fetchall()
        raw.execute("DELETE FROM vectors WHERE text_hash = ?", (held[0][0],))
        raw.commit()
        shutil.rmtree(index / "generations")
        with open_archive(index, Settings()) as archive:
            archive.search("ferry")
        raw.execute("INSERT INTO vectors VALUES (?, ?, ?)", held[0])
    raw.close()

    found = states(list(mend(index, Settings())))

    assert found["index"] is State.OK and found["counts"] is State.MENDED


def test_leftovers_are_cleared(index: Path, tmp_path: Path) -> None:
    """Vectors of old texts, old and unfinished generations, old notes: gone, and no harm before."""
    with open_archive(index, Settings()) as archive:
        archive.ingest(written(tmp_path / "more", {"b.txt": "A heron nested on the pier."}))
        archive.remove("b.txt")
    (index / "generations" / "000000009-unfinished").mkdir()
    (index / "current.1a2b").write_text("half", encoding="utf-8")

    seen = list(look(index, Settings()))
    assert states(seen)["leftovers"] is State.UNTIDY and is_well(seen)
    assert states(list(mend(index, Settings())))["leftovers"] is State.MENDED

    assert [path.name for path in (index / "generations").iterdir()] == [generation(index).name]
    assert not list(index.glob("current.*"))
    with sqlite3.connect(index / "store.sqlite3") as raw:
        counts = [
            raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("vectors", "passages", "removed", "journal")
        ]
    raw.close()
    assert counts == [6, 6, 0, 1] or counts == [5, 6, 0, 1]


def test_an_ingest_leaves_no_notes_that_nobody_needs(tmp_path: Path) -> None:
    """However often articles change, notes are kept only of the last two generations."""
    news = written(tmp_path / "news", {"a.txt": "Ship 0 came in."})
    with open_archive(tmp_path / "index", Settings()) as archive:
        for number in range(6):
            (news / "a.txt").write_text(f"Ship {number} came in.", encoding="utf-8")
            archive.ingest(news)
        assert "5" in archive.search("ship")[0].passage.text

    with sqlite3.connect(tmp_path / "index" / "store.sqlite3") as raw:
        assert raw.execute("SELECT count(*) FROM journal").fetchone()[0] <= 2
        assert raw.execute("SELECT count(*) FROM removed").fetchone()[0] <= 2
    raw.close()


def test_a_damaged_store_is_told(index: Path) -> None:
    """What is not to be mended says what to do, and nothing that stands on it is looked at."""
    path = index / "store.sqlite3"
    path.write_bytes(b"no store" * 2_000)

    for treat in (look, mend):
        findings = list(treat(index, Settings()))
        assert findings[-1].check == "store" and findings[-1].state is State.WRONG
        assert "rag restore" in findings[-1].said
        assert not is_well(findings)
    assert path.read_bytes() == b"no store" * 2_000


def test_an_altered_text_is_told(index: Path) -> None:
    """A word that was changed in the store, where SQLite sees nothing wrong, is found."""
    changed(index, "UPDATE articles SET text = replace(text, 'ferry', 'fairy')")

    findings = {found.check: found for found in look(index, Settings())}

    assert findings["store"].state is State.OK
    assert findings["articles"].state is State.WRONG
    assert "backup" in findings["articles"].said


def test_pages_overwritten_in_the_store_are_told(index: Path) -> None:
    """A store that opens but has broken pages is wrong by its own check."""
    with (index / "store.sqlite3").open("r+b") as file:
        file.seek(0, 2)
        size = file.tell()
        file.seek(size - 3 * 4096)
        file.write(b"\xff" * 3 * 4096)

    findings = list(look(index, Settings()))

    assert not is_well(findings)
    assert "rag restore" in next(f.said for f in findings if f.state is State.WRONG)


def test_other_settings_are_told(index: Path) -> None:
    """An index built otherwise is not touched; both settings and the command are named."""
    findings = list(mend(index, Settings(passage_size=500)))

    told = next(found for found in findings if found.check == "settings")
    assert told.state is State.WRONG
    assert "1000/150" in told.said and "500/150" in told.said and "rag rebuild" in told.said
    assert states(findings)["passages"] is State.SKIPPED


def test_a_page_that_is_open_goes_on(index: Path) -> None:
    """Mending under an open archive: it answers before and after, and rightly."""
    with open_archive(index, Settings()) as page:
        assert "120" in page.ask(FERRY).text
        lose_vectors(index)

        assert is_well(list(mend(index, Settings())))

        assert "120" in page.ask(FERRY).text
        assert page.ask("What is the melting point of tungsten?").abstained


def test_an_ingest_that_runs_is_waited_for_or_told(index: Path) -> None:
    """Mending needs the write lock, looking does not."""
    with open_archive(index, Settings()) as archive, archive._parts.index.writing():
        assert is_well(list(look(index, Settings())))
        with pytest.raises(IndexBusy):
            list(mend(index, Settings()))


def test_an_archive_on_a_server_is_looked_after(
    news: Path, tmp_path: Path, postgres: Postgres
) -> None:
    """With the store on PostgreSQL the same checks find, mend, list and forget."""
    address = postgres.database()
    served = Settings.model_validate({"store": address})
    index = tmp_path / "index"
    with open_archive(index, served) as archive:
        archive.ingest(news)
        assert archive.listing(words="FERRY skarn")[0] == 1
        assert archive.identified("https://herald.example/apples") == "harvest"
        assert archive.holdings().census.versions == 6
        archive.forget("harvest")
        assert len(archive.copies(["bridge.md"])["bridge.md"]) == 1
    with psycopg.connect(address) as raw:
        raw.execute("UPDATE articles SET passages = 9 WHERE article_id = 'ferry.md'")
        raw.execute("DELETE FROM vectors")
    shutil.rmtree(index / "generations")

    assert states(list(look(index, served)))["rows"] is State.WRONG
    mended = list(mend(index, served))

    assert is_well(mended), mended
    assert states(mended)["vectors"] is State.MENDED
    with open_archive(index, served) as archive:
        assert "120" in archive.ask(FERRY).text


def test_there_must_be_an_archive(tmp_path: Path) -> None:
    """A folder without a store is told of, and none is made."""
    with pytest.raises(IndexUnavailable, match="there is no archive"):
        list(look(tmp_path / "nothing", Settings()))

    assert not (tmp_path / "nothing").exists()


def test_a_store_that_is_gone_is_named(index: Path) -> None:
    """Beside an index there was one: the message says how it comes back, and none is made."""
    (index / "store.sqlite3").unlink()

    with pytest.raises(IndexUnavailable, match=r"store\.sqlite3 back"):
        list(look(index, Settings()))

    assert not (index / "store.sqlite3").exists()


def test_what_lies_in_the_place_of_a_part_is_put_aside(index: Path) -> None:
    """Folders where files belong and a file where a folder does: kept under other names."""
    for name in ("current", "write.lock", "publish.lock"):
        (index / name).unlink(missing_ok=True)
        written(index / name, {"mine.txt": "Mine."})
    shutil.rmtree(index / "generations")
    (index / "generations").write_text("Mine too.", "utf-8")
    with pytest.raises(IndexUnavailable), open_archive(index) as archive:
        archive.ask(FERRY)

    assert states(list(look(index, Settings())))["places"] is State.WRONG
    assert is_well(list(mend(index, Settings())))

    assert set(states(list(mend(index, Settings()))).values()) == {State.OK}
    kept = [path.read_text("utf-8") for path in index.glob("misplaced-*/mine.txt")]
    assert kept == ["Mine."] * 3
    assert next(index.glob("misplaced-*-generations")).read_text("utf-8") == "Mine too."


def test_a_process_that_dies_of_an_index_is_a_finding(index: Path) -> None:
    """Whatever an index does to the process that opens it, this one goes on."""
    for path in generation(index).rglob("*"):
        if path.is_file():
            path.write_bytes(b"\x00" * 100)

    assert isinstance(probed(index, Settings()), Probed | str)
