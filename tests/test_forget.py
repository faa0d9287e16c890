"""Forgetting: no byte of a forgotten article stays in the index folder."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import NEWS, written

from rag.archive import Archive, open_archive
from rag.conversation import Exchange
from rag.errors import ReadError
from rag.indexes.words import Words
from rag.language.terms import terms
from rag.remarks import Reason, Remark
from rag.settings import Settings
from rag.store import Database, Upkeep
from rag.store.conversations import Conversations
from rag.store.feedback import Feedback
from rag.store.tables import vectors
from rag.upkeep.doctor import is_well, mend

# Words and an id that stand in no other article.
RARE = ("zephyrworts", "brindlemooting", "quixwoldian", "Ångströmbury")
ARTICLE_ID = "skein-of-rookhollow"
SENTENCE = f"The lighthouse prize went to {RARE[0]} of the {RARE[1]} society in {RARE[3]}."
LATER = f"The lighthouse prize went to the {RARE[2]} society in {RARE[3]}, the jury said."


def prize(sentence: str) -> str:
    """An article that says this."""
    head = f"---\nid: {ARTICLE_ID}\ntitle: The lighthouse prize\npublished: 2024-05-01\n---\n"
    return f"{head}{sentence} Forty people had hoped for the lighthouse prize."


def held(folder: Path) -> set[str]:
    """Which of the rare words, their stems and the id stand in a file of a folder, or its name."""
    sought = {*RARE, ARTICLE_ID, *(term for word in RARE for term in terms(word))}
    found = set()
    for path in folder.rglob("*"):
        content = path.read_bytes().lower() if path.is_file() else b""
        content += path.name.encode().lower()
        found |= {word for word in sought if word.lower().encode() in content}
    return found


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Archive]:
    """Two versions of an article among others, asked about in a stored conversation."""
    news = written(tmp_path / "news", {**NEWS, "prize.md": prize(SENTENCE)})
    archive = open_archive(tmp_path / "index")
    archive.ingest(news)
    (news / "prize.md").write_text(prize(LATER), encoding="utf-8")
    archive.ingest(news)
    question = "Who won the lighthouse prize?"
    answer = archive.ask(question)
    assert RARE[2] in answer.text
    database = Database(tmp_path / "index" / "store.sqlite3")
    Conversations(database).keep("one", Exchange(question, answer=answer), "reader")
    Feedback(database).give(Remark(Reason.WRONG, question, answer, claim=answer.claims[0].text))
    database.close()
    yield archive
    archive.close()


def test_no_byte_of_a_forgotten_article_stays(told: Archive) -> None:
    """Neither a rare word of any version, nor its stem, nor the article's id, in any file."""
    assert {*RARE, ARTICLE_ID} <= held(told.folder)

    assert told.forget(ARTICLE_ID) == (ARTICLE_ID,)

    assert held(told.folder) == set()
    (generation,) = (told.folder / "generations").iterdir()
    words = Words(generation / "words")
    assert not any(words.seen(term) for word in RARE for term in terms(word))
    assert words.seen("ferri") or words.seen("ferry")


def test_the_rest_is_answered_as_before(told: Archive) -> None:
    """The other articles stay, the forgotten one is asked for in vain, also after reopening."""
    told.forget(ARTICLE_ID)
    told.close()

    with open_archive(told.folder) as archive:
        assert "120" in archive.ask("How many passengers does the ferry carry?").text
        assert archive.status().articles == len(NEWS)
        assert ARTICLE_ID not in {h.passage.source.article_id for h in archive.search("prize")}
        with pytest.raises(ReadError, match=ARTICLE_ID):
            archive.history(ARTICLE_ID)
    assert held(told.folder) == set()


def test_a_kept_conversation_stays_without_the_words(told: Archive) -> None:
    """What was asked is still listed; the quote is not."""
    told.forget(ARTICLE_ID)

    database = Database(told.folder / "store.sqlite3")
    kept = Conversations(database).open("one", "reader")
    database.close()
    assert kept is not None and kept.exchanges[0].question == "Who won the lighthouse prize?"
    answer = kept.exchanges[0].answer
    assert answer is None or not set(RARE) & set(answer.text.split())


def test_a_page_that_is_open_meanwhile_goes_on(told: Archive) -> None:
    """Another opening of the archive answers on, and never again from what was forgotten."""
    with open_archive(told.folder) as page:
        assert RARE[2] in page.ask("Who won the lighthouse prize?").text

        told.forget(ARTICLE_ID)

        assert RARE[2] not in page.ask("Who won the lighthouse prize?").text
        assert "120" in page.ask("How many passengers does the ferry carry?").text
    assert held(told.folder) == set()


def test_a_forgetting_that_was_cut_short_is_finished_by_the_doctor(told: Archive) -> None:
    """Killed after the store has forgotten: nothing is answered from it, and no byte stays."""
    for kept in (told.conversations, told.feedback):
        kept.forget(ARTICLE_ID)
    database = Database(told.folder / "store.sqlite3")
    Upkeep(database, embedding="minilm").forget([ARTICLE_ID])
    database.close()
    told.close()
    with open_archive(told.folder) as archive:
        assert RARE[2] not in archive.ask("Who won the lighthouse prize?").text

    assert is_well(list(mend(told.folder, Settings())))

    assert held(told.folder) == set()


def test_a_vector_stays_while_another_article_has_the_text(tmp_path: Path) -> None:
    """Of two articles with the same text one is forgotten: nothing is embedded again."""
    news = written(tmp_path / "news", {"a.txt": SENTENCE, "b.txt": SENTENCE, "c.txt": LATER})
    with open_archive(tmp_path / "index") as archive:
        archive.ingest(news)
        before = vectors_held(archive.folder)

        archive.forget("a.txt", "c.txt")

        assert len(before) == 2 and len(vectors_held(archive.folder)) == 1
        assert "brindlemooting" in archive.search("society")[0].passage.text


def test_a_removed_article_can_be_forgotten(told: Archive) -> None:
    """Removing keeps its versions; forgetting finds them by its id still."""
    told.remove(ARTICLE_ID)
    assert ARTICLE_ID in held(told.folder)

    told.forget(ARTICLE_ID)

    assert held(told.folder) == set()


def test_an_unknown_article_is_not_forgotten_and_nothing_else_is(told: Archive) -> None:
    """One unknown id among several: an error that names it, and no change."""
    with pytest.raises(ReadError, match=r"no article 'rookhollow'.*skein-of-rookhollow"):
        told.forget(ARTICLE_ID, "rookhollow")

    assert told.article(ARTICLE_ID).version == 2


def test_a_reader_is_waited_for(told: Archive) -> None:
    """Somebody reads an old state of the store for a while: the log is emptied all the same."""
    reader = sqlite3.connect(told.folder / "store.sqlite3", check_same_thread=False)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM articles").fetchone()
    ends = threading.Timer(0.5, reader.close)
    ends.start()

    told.forget(ARTICLE_ID)

    ends.join()
    assert held(told.folder) == set()


def vectors_held(folder: Path) -> list[str]:
    """The keys of the vectors in a store."""
    database = Database(folder / "store.sqlite3")
    with database.reading() as connection:
        keys = list(connection.execute(vectors.select()).scalars())
    database.close()
    return keys
