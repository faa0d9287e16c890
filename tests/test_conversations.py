"""Conversations are kept, found, renamed, deleted and forgotten, each for its own reader."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from rag.archive import Archive
from rag.conversation import Exchange
from rag.errors import ReadError
from rag.forgetting import FORGOTTEN, articles_in
from rag.records import Answer, Filters, Turn
from rag.store import Conversations, Database
from rag.store.tables import conversations, exchanges, mentions

MINE, YOURS = "reader-a", "reader-b"
COST = "How much will the bridge cost?"
FERRY = "How many passengers does the ferry carry?"


@pytest.fixture
def kept(database: Database) -> Conversations:
    return Conversations(database)


def answered(archive: Archive, question: str, *turns: Turn) -> Exchange:
    return Exchange(question, answer=archive.ask(question, turns=turns), seconds=0.25)


def everything(database: Database) -> str:
    """All that stands in the tables of conversations."""
    with database.reading() as connection:
        rows = [
            [dict(row._mapping) for row in connection.execute(sa.select(table))]
            for table in (conversations, exchanges, mentions)
        ]
    return json.dumps(rows, default=str, ensure_ascii=False)


def test_opened_as_it_was(kept: Conversations, archive: Archive) -> None:
    """A kept conversation is opened with its answers, evidence, limits and settings."""
    limits = Filters(since=date(2024, 1, 1), publishers=("Harbour Herald",))
    exchange = replace(
        answered(archive, COST), filters=limits, settings={"mode": "quotes", "passages": 8}
    )

    kept.keep("c", exchange, MINE)

    opened = kept.open("c", MINE)
    assert opened is not None
    assert opened.id == "c"
    assert opened.exchanges == (exchange,)


def test_order(kept: Conversations, archive: Archive) -> None:
    """Exchanges stay in the order in which they were asked, however often they are kept."""
    first, second = Exchange(COST), Exchange(FERRY)
    for exchange in (first, second, first, second):
        kept.keep("c", exchange, MINE)
    grown = replace(first, answer=archive.ask(COST))

    kept.keep("c", grown, MINE)

    opened = kept.open("c", MINE)
    assert opened is not None
    assert [e.key for e in opened.exchanges] == [first.key, second.key]
    assert opened.exchanges[0].answer == grown.answer


def test_cut_short(kept: Conversations) -> None:
    """A question whose answer never came is there, marked as cut short."""
    kept.keep("c", Exchange(COST), MINE)

    opened = kept.open("c", MINE)

    assert opened is not None
    assert opened.exchanges[0].question == COST
    assert opened.exchanges[0].cut_short
    assert not opened.exchanges[0].running


@pytest.mark.parametrize("end", [{"error": "no such date"}, {"stopped": True}])
def test_ended(kept: Conversations, end: dict[str, Any]) -> None:
    """An exchange that failed or was stopped is not taken for one that was cut short."""
    kept.keep("c", Exchange(COST, **end), MINE)

    opened = kept.open("c", MINE)

    assert opened is not None
    assert not opened.exchanges[0].cut_short
    assert (opened.exchanges[0].error, opened.exchanges[0].stopped) == (
        end.get("error"),
        end.get("stopped", False),
    )


def test_named(kept: Conversations) -> None:
    """A conversation is named by its first question and keeps the name it is given instead."""
    kept.keep("c", Exchange("  How much\n will it cost? " + "and " * 50), MINE)
    named = kept.list(MINE)[0].title
    assert named.startswith("How much will it cost? and")
    assert named.endswith("…")

    assert kept.rename("c", "  The   bridge ", MINE)
    kept.keep("c", Exchange(FERRY), MINE)

    assert kept.list(MINE)[0].title == "The bridge"
    assert not kept.rename("c", "   ", MINE)


def test_newest_first(kept: Conversations) -> None:
    """The list begins with the conversation that was changed last, and counts its exchanges."""
    for conversation in ("a", "b", "a"):
        kept.keep(conversation, Exchange(COST), MINE)

    assert [(one.id, one.exchanges) for one in kept.list(MINE)] == [("a", 2), ("b", 1)]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", {"bridge", "ferry"}),
        ("COST", {"bridge"}),
        ("38.5 Million", {"bridge"}),
        ("ferry passengers", {"ferry"}),
        ("cost passengers", set()),
        ("crossing", {"ferry"}),
        ("100%_", set()),
        ("confidence", set()),
    ],
)
def test_search(kept: Conversations, archive: Archive, search: str, found: set[str]) -> None:
    """Every word is looked for in title, questions and answers, and in nothing else."""
    kept.keep("bridge", answered(archive, COST), MINE)
    kept.keep("ferry", answered(archive, FERRY), MINE)
    kept.rename("ferry", "Crossing the bay", MINE)

    assert {one.id for one in kept.list(MINE, search)} == found


def test_search_in_other_letters(kept: Conversations) -> None:
    """Case is no matter in other alphabets either."""
    kept.keep("c", Exchange("Wer dirigierte das ZÜRICHER Orchester? 평양"), MINE)

    assert kept.list(MINE, "züricher 평양")


def test_nobody_elses(kept: Conversations, database: Database) -> None:
    """Another reader sees and changes nothing, even with the id."""
    exchange = Exchange(COST)
    kept.keep("c", exchange, MINE)
    before = everything(database)

    assert kept.list(YOURS) == ()
    assert kept.list(YOURS, "bridge") == ()
    assert kept.open("c", YOURS) is None
    assert not kept.rename("c", "mine now", YOURS)
    assert not kept.delete("c", YOURS)
    kept.take_back("c", [exchange.key], YOURS)
    with pytest.raises(ReadError):
        kept.keep("c", Exchange(FERRY), YOURS)

    assert everything(database) == before


def test_nobody_elses_exchange(kept: Conversations) -> None:
    """An exchange of another conversation is neither replaced nor taken back."""
    exchange = Exchange(COST)
    kept.keep("c", exchange, MINE)

    kept.keep("d", Exchange(FERRY), YOURS, instead_of=[exchange.key])
    kept.take_back("d", [exchange.key], YOURS)

    opened = kept.open("c", MINE)
    assert opened is not None
    assert [e.key for e in opened.exchanges] == [exchange.key]


def test_deleted(kept: Conversations, archive: Archive, database: Database) -> None:
    """Nothing is left of a deleted conversation."""
    kept.keep("c", answered(archive, COST), MINE)

    assert kept.delete("c", MINE)

    assert kept.open("c", MINE) is None
    assert everything(database) == "[[], [], []]"
    assert not kept.delete("c", MINE)


def test_asked_again(kept: Conversations) -> None:
    """What is asked again takes the place of what it replaces."""
    first, second, again = Exchange(COST), Exchange(FERRY), Exchange(FERRY)
    kept.keep("c", first, MINE)
    kept.keep("c", second, MINE)

    kept.keep("c", again, MINE, instead_of=[second.key])

    opened = kept.open("c", MINE)
    assert opened is not None
    assert [e.key for e in opened.exchanges] == [first.key, again.key]


def test_taken_back(kept: Conversations) -> None:
    """An exchange that was taken back is gone, and with the last of them the conversation."""
    first, second = Exchange(COST), Exchange(FERRY)
    kept.keep("c", first, MINE)
    kept.keep("c", second, MINE)

    kept.take_back("c", [second.key], MINE)
    opened = kept.open("c", MINE)
    kept.take_back("c", [first.key], MINE)

    assert opened is not None
    assert [e.key for e in opened.exchanges] == [first.key]
    assert kept.open("c", MINE) is None


def test_survives(tmp_path: Path, archive: Archive) -> None:
    """A conversation is there when the store is opened again."""
    database = Database(tmp_path / "store.sqlite3")
    exchange = answered(archive, COST)
    Conversations(database).keep("c", exchange, MINE)
    database.close()

    again = Database(tmp_path / "store.sqlite3")
    opened = Conversations(again).open("c", MINE)
    again.close()

    assert opened is not None
    assert opened.exchanges == (exchange,)


def test_forgotten(kept: Conversations, archive: Archive, database: Database) -> None:
    """Nothing of a forgotten article is left, neither in its own answer nor in later ones."""
    first = answered(archive, COST)
    assert first.answer is not None
    turn = Turn(COST, first.answer)
    second = answered(archive, "Who said so?", turn)
    kept.keep("c", first, MINE)
    kept.keep("c", second, MINE)
    gone = {
        source.article_id for source in archive.sources() if "Ellery bridge" in (source.title or "")
    }
    assert len(gone) == 2  # one is the other's copy
    assert "38.5" in everything(database)

    for article_id in gone:
        assert kept.forget(article_id) > 0

    left = everything(database)
    for words in ("38.5", "Tomas Velde", "swing bridge", "Council votes", *gone):
        assert words not in left, words
    opened = kept.open("c", MINE)
    assert opened is not None
    assert opened.exchanges[0].question == COST
    shown = opened.exchanges[0].answer
    assert shown is not None
    assert FORGOTTEN in shown.text
    assert all(kept.forget(article_id) == 0 for article_id in gone)


def test_only_that_article(kept: Conversations, archive: Archive) -> None:
    """Forgetting an article leaves the answers of others as they were."""
    exchange = answered(archive, "How many tonnes of apples are expected?")
    kept.keep("c", exchange, MINE)
    assert isinstance(exchange.answer, Answer)
    elsewhere = {s.article_id for s in archive.sources()} - articles_in(exchange.answer)

    for article_id in elsewhere:
        kept.forget(article_id)

    opened = kept.open("c", MINE)
    assert opened is not None
    assert opened.exchanges == (exchange,)


def test_unreadable_answer_is_forgotten_whole(
    kept: Conversations, archive: Archive, database: Database
) -> None:
    """An answer that cannot be read any more goes as a whole when one of its articles does."""
    exchange = answered(archive, COST)
    kept.keep("c", exchange, MINE)
    with database.writing() as connection:
        connection.execute(exchanges.update().values(answer='{"words": "38.5 million"}'))
    assert exchange.answer is not None

    for article_id in articles_in(exchange.answer):
        kept.forget(article_id)

    assert "38.5" not in everything(database)
