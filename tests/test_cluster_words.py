"""An archive whose words are on the Chroma server too: the same program, the same answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from cluster.chroma import Chroma
from cluster.postgres import Postgres
from cluster.sparse_chroma import SparseChroma
from conftest import BRIDGE, written

from rag.archive import Archive, open_archive, rebuild
from rag.errors import Unreachable
from rag.settings import Settings
from rag.upkeep.doctor import is_well, look, mend
from rag.upkeep.probe import Probed, probed
from rag.upkeep.restoring import restore
from rag.upkeep.saving import back_up

QUESTIONS = (
    "What will the bridge in Port Ellery cost?",
    "How many passengers does the ferry carry?",
    "What did the Inland Courier say of the bridge?",
    "Who conducted the orchestra?",
    "What is the capital of Peru?",
)
TOWER = "The tower in Lund is 80 metres high. It was built in 1911 by Ansel Rask."
HIGH = "How high is the tower in Lund?"


@pytest.fixture(scope="module")
def sparse(chroma: Chroma) -> Iterator[SparseChroma]:
    made = SparseChroma(chroma.url)
    yield made
    made.close()


@pytest.fixture(scope="module")
def settings(sparse: SparseChroma) -> Settings:
    return Settings(chroma=sparse.url)


@pytest.fixture
def opened(settings: Settings, news: Path, tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "index", settings) as made:
        made.ingest(news)
        yield made


def asked(archive: Archive) -> list[tuple[object, ...]]:
    answers = [archive.ask(question, today=date(2024, 10, 1)) for question in QUESTIONS]
    return [(a.text, a.citations, a.notes, a.coverage, a.abstained) for a in answers]


def generation(folder: Path) -> Path:
    return folder / "generations" / (folder / "current").read_text("utf-8")


def files(folder: Path) -> set[str]:
    """What the current generation of an index is made of."""
    return {path.name for path in generation(folder).iterdir()} - {"seal.json"}


def test_the_answers_are_those_of_a_folder(opened: Archive, archive: Archive) -> None:
    """The same articles give the same answers, and a typing error is mended by their words."""
    assert asked(opened) == asked(archive)
    typed = "How many pasengers does the ferry carry?"
    assert opened.ask(typed).text == archive.ask(typed).text
    assert files(opened.folder) == {"vocabulary.sqlite3"}


def test_it_changes_as_a_folder_does(opened: Archive, tmp_path: Path) -> None:
    """A changed article is answered from as it is now, a removed one no more."""
    changed = written(tmp_path / "n", {"bridge.md": BRIDGE.replace("38.5 million", "52.1 million")})
    opened.ingest(changed)
    assert "52.1 million" in opened.ask(QUESTIONS[0]).text

    opened.remove("orchestra.md")
    assert opened.ask(QUESTIONS[3]).abstained


def test_upkeep_knows_it(opened: Archive, settings: Settings, tmp_path: Path) -> None:
    """It is counted, found damaged, mended, rebuilt, backed up and restored."""
    folder, answers = opened.folder, asked(opened)
    passages = opened.status().passages
    opened.close()
    assert probed(folder, settings) == Probed(passages, passages)

    (vocabulary,) = folder.rglob("vocabulary.sqlite3")
    vocabulary.write_bytes(b"damaged")
    assert not is_well(list(look(folder, settings)))
    assert is_well(list(mend(folder, settings)))
    assert rebuild(folder, settings) == passages
    back_up(folder, settings, tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "restored", settings)

    for each in (folder, tmp_path / "restored"):
        with open_archive(each, settings) as archive:
            assert asked(archive) == answers
        assert files(each) == {"vocabulary.sqlite3"}


def test_a_folder_moves_there_and_back(index: Path, settings: Settings, archive: Archive) -> None:
    """Only the setting changes; the articles are the same, and so are the answers."""
    with open_archive(index, settings) as there:
        assert asked(there) == asked(archive)
    assert files(index) == {"vocabulary.sqlite3"}

    with open_archive(index, Settings()) as back:
        assert asked(back) == asked(archive)
    assert files(index) == {"words", "vectors"}


def test_no_byte_of_a_forgotten_article_stays(
    opened: Archive, sparse: SparseChroma, tmp_path: Path
) -> None:
    """Neither in the folder nor on the server."""
    rare = ("zephyrwort", "quixwoldian")
    opened.ingest(written(tmp_path / "n", {"rare.txt": f"The {rare[0]} is {rare[1]}."}))
    assert opened.search(rare[0]) and opened.search(rare[0])[0].legs["words"] == 1

    opened.forget("rare.txt")

    held = b"".join(path.read_bytes() for path in opened.folder.rglob("*") if path.is_file())
    assert not any(word.encode() in held for word in rare)
    assert all(hit.passage.source.article_id != "rare.txt" for hit in opened.search(rare[0]))
    assert "120" in opened.ask(QUESTIONS[1]).text


def test_an_ingest_that_is_cut_off_is_finished_later(
    opened: Archive, sparse: SparseChroma, tmp_path: Path
) -> None:
    """The server goes in the middle: a typed error, nothing is lost, all is found after."""
    sparse.dies_at = "/upsert"
    try:
        with pytest.raises(Unreachable, match="no article is lost"):
            opened.ingest(written(tmp_path / "n", {"tower.txt": TOWER}))
        with pytest.raises(Unreachable, match="no article is lost"):
            opened.ask(HIGH)
    finally:
        sparse.live_again()

    assert "80 metres" in opened.ask(HIGH).text
    (hit, *_) = opened.search(HIGH)
    assert set(hit.legs) == {"words", "vectors"}


def test_two_replicas_share_the_words(
    postgres: Postgres, sparse: SparseChroma, news: Path, tmp_path: Path
) -> None:
    """What one ingests the other answers from; neither has an index of words of its own."""
    settings = Settings.model_validate({"store": postgres.database(), "chroma": sparse.url})
    with (
        open_archive(tmp_path / "one", settings) as one,
        open_archive(tmp_path / "two", settings) as two,
    ):
        one.ingest(news)
        assert "38.5 million" in two.ask(QUESTIONS[0]).text
        two.ingest(written(tmp_path / "n", {"tower.txt": TOWER}))
        assert "80 metres" in one.ask(HIGH).text
        one.forget("ferry.md")
        assert two.ask(QUESTIONS[1]).abstained

    assert files(tmp_path / "one") == files(tmp_path / "two") == {"vocabulary.sqlite3"}
    words = (generation(tmp_path / "two") / "vocabulary.sqlite3").read_bytes()
    assert b"orchestra" in words and b"passengers" not in words
