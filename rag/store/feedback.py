"""What readers said of answers, each with the answer and its receipt."""

from __future__ import annotations

import secrets
from typing import Any

import sqlalchemy as sa

from rag.forgetting import FORGOTTEN, articles_in, without_article
from rag.remarks import Reason, Remark
from rag.store import mentions
from rag.store.database import Database
from rag.store.kept import answer_of, as_json, moment
from rag.store.mentions import Place
from rag.store.tables import feedback

_OLDEST_FIRST = sa.select(feedback).order_by(feedback.c.given, feedback.c.id)


class Feedback:
    """Remarks of readers, kept for whoever looks after the archive.

    Raises (all methods):
        StoreDamaged: the file is not a readable store.
        IndexUnavailable: it cannot be opened or written.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def give(self, remark: Remark, *, reader: str | None = None) -> str:
        """Keep the remark; its id."""
        key = secrets.token_hex(8)
        row = {
            "id": key,
            "reader": reader,
            "exchange": remark.exchange,
            "given": moment(),
            "reason": remark.reason.value,
            "remark": remark.words,
            "claim": remark.claim,
            "question": remark.question,
            "answer": remark.answer and as_json(remark.answer.to_dict()),
        }
        with self._database.writing() as connection:
            connection.execute(feedback.insert(), row)
            told = mentions.of(connection, Place.EXCHANGE, [remark.exchange or ""])
            told |= articles_in(remark.answer) if remark.answer else set()
            mentions.note(connection, Place.FEEDBACK, key, told)
        return key

    def all(self) -> tuple[Remark, ...]:
        """Every remark, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_OLDEST_FIRST).all()
        return tuple(_remark(row) for row in rows)

    def forget(self, article_id: str) -> int:
        """Take the words of an article out of every kept answer; how many answers held some."""
        with self._database.writing() as connection:
            keys = mentions.holding(connection, Place.FEEDBACK, article_id)
            for key in keys:
                _forget(connection, key, article_id)
        return len(keys)


def _forget(connection: sa.Connection, key: str, article_id: str) -> None:
    """The answer without the article's words, and without a sentence meant that is gone there."""
    row = connection.execute(sa.select(feedback).where(feedback.c.id == key)).one()
    answer = answer_of(row.answer)
    left = without_article(answer, article_id) if answer else None
    still_said = left is not None and row.claim in {claim.text for claim in left.claims}
    values = {
        "answer": left and as_json(left.to_dict()),
        "claim": row.claim if row.claim is None or still_said else FORGOTTEN,
    }
    connection.execute(feedback.update().where(feedback.c.id == key).values(**values))
    told = mentions.of(connection, Place.FEEDBACK, [key])
    mentions.note(connection, Place.FEEDBACK, key, told - {article_id})


def _remark(row: Any) -> Remark:
    return Remark(
        reason=Reason(row.reason),
        question=row.question,
        answer=answer_of(row.answer),
        claim=row.claim,
        words=row.remark,
        exchange=row.exchange,
        given=row.given,
        id=row.id,
    )
