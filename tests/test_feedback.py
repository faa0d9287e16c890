"""What readers say of answers is kept with the receipt, and forgets what is to be forgotten."""

from __future__ import annotations

import json

import sqlalchemy as sa

from rag.archive import Archive
from rag.conversation import Exchange
from rag.forgetting import FORGOTTEN, articles_in
from rag.records import Turn
from rag.remarks import Reason, Remark
from rag.store import Conversations, Database, Feedback
from rag.store.tables import feedback, mentions

COST = "How much will the bridge cost?"


def everything(database: Database) -> str:
    with database.reading() as connection:
        rows = [
            [dict(row._mapping) for row in connection.execute(sa.select(table))]
            for table in (feedback, mentions)
        ]
    return json.dumps(rows, default=str, ensure_ascii=False)


def test_given(database: Database, archive: Archive) -> None:
    """A remark is kept with its reason, words, sentence, question, answer and receipt."""
    answer = archive.ask(COST)
    remark = Remark(
        Reason.UNSUPPORTED,
        COST,
        answer=answer,
        claim=answer.claims[0].text,
        words="It says <b>years</b>.",
        exchange="t1",
    )

    key = Feedback(database).give(remark, reader="somebody")

    (kept,) = Feedback(database).all()
    assert kept.id == key
    assert kept.given is not None
    assert (kept.reason, kept.question, kept.words) == (remark.reason, COST, remark.words)
    assert (kept.claim, kept.exchange, kept.answer) == (remark.claim, "t1", answer)
    assert kept.answer is not None
    assert kept.answer.receipt == answer.receipt


def test_oldest_first(database: Database) -> None:
    """Remarks are given back in the order in which they came, each with its own id."""
    given = [Feedback(database).give(Remark(reason, COST)) for reason in Reason]

    assert [one.id for one in Feedback(database).all()] == given
    assert [one.reason for one in Feedback(database).all()] == list(Reason)


def test_without_an_answer(database: Database) -> None:
    """An answer that never came may be remarked upon too."""
    Feedback(database).give(Remark(Reason.MISSING, COST))

    assert Feedback(database).all()[0].answer is None


def test_forgotten(database: Database, archive: Archive) -> None:
    """The words of a forgotten article go, the sentence meant among them; the remark stays."""
    answer = archive.ask(COST)
    claim = answer.claims[0].text
    kept = Feedback(database)
    kept.give(Remark(Reason.WRONG, COST, answer=answer, claim=claim, words="really?"))

    for article_id in articles_in(answer):
        assert kept.forget(article_id) == 1

    (left,) = kept.all()
    assert left.words == "really?"
    assert left.claim == FORGOTTEN
    assert claim not in everything(database)
    assert "38.5" not in everything(database)
    assert all(article_id not in everything(database) for article_id in articles_in(answer))


def test_earlier_sentences_are_forgotten(database: Database, archive: Archive) -> None:
    """A receipt that repeats the sentences of an earlier exchange forgets these as well."""
    first = archive.ask(COST)
    follow_up = "How many passengers does the ferry carry?"
    second = archive.ask(follow_up, turns=[Turn(COST, first)])
    talk = Conversations(database)
    earlier, later = Exchange(COST, answer=first), Exchange(follow_up, answer=second)
    talk.keep("c", earlier, "somebody")
    talk.keep("c", later, "somebody")
    kept = Feedback(database)
    kept.give(Remark(Reason.HELPFUL, follow_up, answer=second, exchange=later.key))
    assert "38.5" in everything(database)

    for article_id in {c.source.article_id for c in first.citations}:
        assert kept.forget(article_id) == 1

    assert "38.5" not in everything(database)
    assert kept.all()[0].answer is not None
