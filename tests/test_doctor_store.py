"""The doctor and the store: nothing that is stored goes unsearched, nothing damaged stays quiet."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from conftest import written

from rag.archive import open_archive
from rag.errors import StoreDamaged
from rag.settings import Settings
from rag.upkeep.checks import State
from rag.upkeep.doctor import is_well, look, mend

FERRY = "How many passengers does the ferry carry?"
TEXT = "The ferry carries 280 passengers a day. The mayor opened the new quay on Monday morning."


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """The index of an archive of two articles."""
    mill = "The mill burned down in the night. Nobody was hurt."
    news = written(tmp_path / "news", {"ferry.md": TEXT, "mill.md": mill})
    with open_archive(tmp_path / "index") as archive:
        archive.ingest(news)
    return tmp_path / "index"


def changed(folder: Path, *statements: str) -> None:
    """Change the rows of a store behind its back."""
    with sqlite3.connect(folder / "store.sqlite3") as raw:
        for statement in statements:
            raw.execute(statement)
    raw.close()


def wrong(index: Path) -> list[str]:
    """The checks that find something wrong."""
    return [found.check for found in look(index, Settings()) if found.state is State.WRONG]


def answered(index: Path) -> bool:
    with open_archive(index) as archive:
        return "280" in str(archive.ask(FERRY).claims)


@pytest.mark.parametrize("damage", ["DELETE FROM passages WHERE start = 0", "DROP TABLE passages"])
def test_an_article_that_is_not_searched_is_cut_again(index: Path, damage: str) -> None:
    """Passages that are gone come back from the text, and are found."""
    changed(index, "PRAGMA foreign_keys=OFF", damage)

    assert wrong(index)
    assert is_well(list(mend(index, Settings())))
    assert answered(index)


def test_missing_articles_are_not_made(index: Path) -> None:
    """Only a backup has them: what else the store holds is left as it is until then."""
    changed(index, "PRAGMA foreign_keys=OFF", "DROP TABLE articles")

    findings = list(mend(index, Settings()))

    assert not is_well(findings)
    store = next(found for found in findings if found.check == "store")
    assert "rag restore FILE --replace" in store.said
    with sqlite3.connect(index / "store.sqlite3") as raw:
        assert raw.execute("SELECT count(*) FROM passages").fetchone() == (2,)
    raw.close()


@pytest.mark.parametrize("damage", ["DELETE FROM journal", "DROP TABLE journal"])
def test_a_store_that_lost_its_count_of_changes_counts_on(index: Path, damage: str) -> None:
    """Articles are there though no change is noted: nothing is ingested again."""
    changed(index, damage)

    assert wrong(index)[0] == "store"
    assert is_well(list(mend(index, Settings())))
    assert not wrong(index)
    assert answered(index)


@pytest.mark.parametrize(
    ("damage", "mended"),
    [
        ("UPDATE articles SET published = 'yesterday' WHERE article_id = 'ferry.md'", True),
        ("UPDATE articles SET text = CAST(text AS BLOB) WHERE article_id = 'ferry.md'", True),
        ("UPDATE articles SET text = x'ff00fe' WHERE article_id = 'ferry.md'", False),
    ],
)
def test_a_value_of_another_kind_is_told(index: Path, damage: str, *, mended: bool) -> None:
    """A date that is none, and a text that became bytes: readable again, or a line that says so."""
    changed(index, damage)

    assert wrong(index)[0] == "store"
    assert is_well(list(mend(index, Settings()))) is mended
    assert answered(index)


def test_a_date_that_is_none_ends_a_question_in_a_line(index: Path) -> None:
    """The line names the doctor."""
    changed(index, "UPDATE articles SET published = 'yesterday'")

    with pytest.raises(StoreDamaged, match="rag doctor"):
        answered(index)


def test_a_passage_that_has_another_ones_hash_is_cut_again(index: Path) -> None:
    """Its vector would be another's, or none."""
    changed(index, "UPDATE passages SET text_hash = 'other' WHERE key = 1")

    assert "passages" in wrong(index)
    assert is_well(list(mend(index, Settings())))
    assert answered(index)


def test_a_missing_part_of_the_store_is_made(index: Path) -> None:
    """Tables that nobody asked yet and indexes that only slow things down are missed too."""
    changed(index, "DROP TABLE feedback", "DROP INDEX passages_article")

    assert wrong(index)[0] == "store"
    assert is_well(list(mend(index, Settings())))


def test_an_altered_article_is_stored_again_by_the_next_ingest(index: Path, tmp_path: Path) -> None:
    """The doctor cannot know what stood there, but sees that the file is not passed over."""
    changed(index, "UPDATE articles SET text = replace(text, '280', '290')")

    assert not is_well(list(mend(index, Settings())))
    with open_archive(index) as archive:
        report = archive.ingest(tmp_path / "news")
        newest = archive.history("ferry.md")[-1]

    assert (report.updated, report.unchanged) == (1, 1)
    assert (newest.article.text, newest.corrected) == (TEXT, None)
    assert is_well(list(mend(index, Settings())))
    assert answered(index)


def test_of_an_article_one_version_is_searched(index: Path, tmp_path: Path) -> None:
    """An older version that came back to life is put to rest, with its passages."""
    written(tmp_path / "news", {"ferry.md": TEXT.replace("280", "290")})
    with open_archive(index) as archive:
        archive.ingest(tmp_path / "news")
    changed(index, "UPDATE articles SET live = 1")

    assert wrong(index)[0] == "rows"
    assert is_well(list(mend(index, Settings())))
    with open_archive(index) as archive:
        assert [version.live for version in archive.history("ferry.md")] == [False, True]


def test_a_vector_that_is_no_numbers_is_made_again(index: Path) -> None:
    """What cannot be compared would be found by no question."""
    nothing = "ff" * (4 * 384)
    changed(index, f"UPDATE vectors SET vector = x'{nothing}' WHERE rowid = 1")

    assert wrong(index)[0] == "vectors"
    assert is_well(list(mend(index, Settings())))


def test_a_vector_cut_short_is_told_and_made_again(index: Path) -> None:
    """A question that meets it ends in a line that names the doctor, who mends it."""
    changed(index, "UPDATE vectors SET vector = substr(vector, 1, 100) WHERE rowid = 1")

    with pytest.raises(StoreDamaged, match="rag doctor"):
        answered(index)

    assert is_well(list(mend(index, Settings())))
    assert answered(index)
