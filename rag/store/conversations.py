"""The conversations of readers, each seen by its own reader alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from rag import recorded
from rag.conversation import Conversation, Exchange, Heading, title_of
from rag.errors import ReadError
from rag.forgetting import articles_in, without_article
from rag.records import Filters
from rag.store import mentions
from rag.store.database import Database
from rag.store.kept import answer_of, as_json, moment
from rag.store.mentions import Place
from rag.store.tables import conversations, exchanges

_COUNTED = (
    sa.select(sa.func.count())
    .where(exchanges.c.conversation == conversations.c.id)
    .scalar_subquery()
    .label("exchanges")
)


class Conversations:
    """Conversations under the name of a reader: nothing of another's is given, changed or told.

    Raises (all methods):
        StoreDamaged: the file is not a readable store.
        IndexUnavailable: it cannot be opened or written.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- reading ----------------------------------------------------------------------------

    def list(self, reader: str, search: str = "") -> tuple[Heading, ...]:
        """The reader's conversations, newest first; those that hold every word searched for.

        A word is looked for in titles, questions and the sentences of answers, in any case.
        """
        chosen = (
            sa.select(conversations, _COUNTED)
            .where(conversations.c.reader == reader)
            .order_by(conversations.c.changed.desc(), conversations.c.id)
        )
        with self._database.reading() as connection:
            rows = connection.execute(chosen).all()
            for word in search.casefold().split():
                asked = _holding(connection, reader, word)
                rows = [row for row in rows if row.id in asked or word in row.title.casefold()]
        return tuple(Heading(row.id, row.title, row.changed, row.exchanges) for row in rows)

    def open(self, conversation: str, reader: str) -> Conversation | None:
        """The conversation; None where the reader has none of this id.

        An exchange whose answer was never finished is marked as cut short.
        """
        chosen = (
            sa.select(exchanges)
            .where(exchanges.c.conversation == conversation)
            .order_by(exchanges.c.position)
        )
        with self._database.reading() as connection:
            if not _is_of(connection, conversation, reader):
                return None
            rows = connection.execute(chosen).all()
        return Conversation(tuple(_exchange(row) for row in rows), conversation)

    # --- changing ---------------------------------------------------------------------------

    def keep(
        self, conversation: str, exchange: Exchange, reader: str, *, instead_of: Sequence[str] = ()
    ) -> None:
        """Keep the exchange as it is now; the first of a conversation begins and names it.

        `instead_of` are keys of exchanges that it replaces: they go. Keeping twice changes nothing.

        Raises:
            ReadError: the conversation is another reader's.
        """
        now = moment()
        with self._database.writing() as connection:
            if not _is_of(connection, conversation, reader):
                _begin(connection, conversation, title_of(exchange.question), reader, now)
            changed = conversations.update().where(conversations.c.id == conversation)
            connection.execute(changed.values(changed=now))
            _drop(connection, conversation, instead_of)
            _put(connection, conversation, exchange, now)

    def take_back(self, conversation: str, keys: Sequence[str], reader: str) -> None:
        """Take exchanges out of the conversation; one that is left without any goes as well."""
        with self._database.writing() as connection:
            if not _is_of(connection, conversation, reader):
                return
            _drop(connection, conversation, keys)
            if not connection.execute(_keys_of(conversation)).first():
                _delete(connection, conversation)

    def rename(self, conversation: str, title: str, reader: str) -> bool:
        """Call it otherwise; False where the reader has none of this id, or the title is empty."""
        named = title_of(title)
        mine = sa.and_(conversations.c.id == conversation, conversations.c.reader == reader)
        if not named:
            return False
        with self._database.writing() as connection:
            changed = connection.execute(conversations.update().where(mine).values(title=named))
            return changed.rowcount > 0

    def delete(self, conversation: str, reader: str) -> bool:
        """Delete it with all it holds; False where the reader has none of this id."""
        with self._database.writing() as connection:
            if not _is_of(connection, conversation, reader):
                return False
            _drop(connection, conversation, connection.execute(_keys_of(conversation)).scalars())
            _delete(connection, conversation)
        return True

    def forget(self, article_id: str) -> int:
        """Take the words of an article out of every kept answer; how many answers held some."""
        with self._database.writing() as connection:
            keys = mentions.holding(connection, Place.EXCHANGE, article_id)
            for key in keys:
                _forget(connection, key, article_id)
        return len(keys)


def _holding(connection: sa.Connection, reader: str, word: str) -> set[str]:
    """The reader's conversations in which an exchange holds the word."""
    chosen = (
        sa.select(exchanges.c.conversation)
        .join(conversations, conversations.c.id == exchanges.c.conversation)
        .where(conversations.c.reader == reader, exchanges.c.words.contains(word, autoescape=True))
    )
    return set(connection.execute(chosen).scalars())


def _is_of(connection: sa.Connection, conversation: str, reader: str) -> bool:
    mine = sa.and_(conversations.c.id == conversation, conversations.c.reader == reader)
    return connection.execute(sa.select(conversations.c.id).where(mine)).first() is not None


def _keys_of(conversation: str) -> sa.Select[Any]:
    return (
        sa.select(exchanges.c.key)
        .where(exchanges.c.conversation == conversation)
        .order_by(exchanges.c.position)
    )


def _begin(
    connection: sa.Connection, conversation: str, title: str, reader: str, now: datetime
) -> None:
    there = sa.select(conversations.c.id).where(conversations.c.id == conversation)
    if connection.execute(there).first():
        raise ReadError(f"there is no conversation {conversation!r} of this reader")
    row = {"id": conversation, "reader": reader, "title": title, "begun": now, "changed": now}
    connection.execute(conversations.insert(), row)


def _put(connection: sa.Connection, conversation: str, exchange: Exchange, now: datetime) -> None:
    """Write the exchange in its place, a new one in the last."""
    before = connection.execute(_keys_of(conversation)).scalars().all()
    row = _row(exchange)
    if exchange.key in before:
        connection.execute(exchanges.update().where(exchanges.c.key == exchange.key).values(**row))
    else:
        last = sa.select(sa.func.max(exchanges.c.position)).where(
            exchanges.c.conversation == conversation
        )
        position = connection.execute(last).scalar()
        row |= {
            "key": exchange.key,
            "conversation": conversation,
            "position": 0 if position is None else position + 1,
            "asked": now,
        }
        connection.execute(exchanges.insert(), row)
    told = mentions.of(connection, Place.EXCHANGE, before)
    if exchange.answer is not None:
        # The receipt repeats sentences of earlier exchanges, without the articles they are from.
        told |= articles_in(exchange.answer)
    mentions.note(connection, Place.EXCHANGE, exchange.key, told)


def _drop(connection: sa.Connection, conversation: str, keys: Any) -> None:
    """Delete those of the exchanges that are of the conversation."""
    mine = set(connection.execute(_keys_of(conversation)).scalars()) & set(keys)
    for key in sorted(mine):
        connection.execute(exchanges.delete().where(exchanges.c.key == key))
    mentions.clear(connection, Place.EXCHANGE, sorted(mine))


def _delete(connection: sa.Connection, conversation: str) -> None:
    connection.execute(conversations.delete().where(conversations.c.id == conversation))


def _forget(connection: sa.Connection, key: str, article_id: str) -> None:
    row = connection.execute(sa.select(exchanges).where(exchanges.c.key == key)).first()
    if row is not None:
        exchange = _exchange(row)
        if exchange.answer is not None:
            left = replace(exchange, answer=without_article(exchange.answer, article_id))
            mended = exchanges.update().where(exchanges.c.key == key).values(**_row(left))
            connection.execute(mended)
        elif row.answer is not None:
            # It cannot be read, so nobody can tell what stands in it.
            mended = exchanges.update().where(exchanges.c.key == key)
            connection.execute(mended.values(answer=None, words=row.question.casefold()))
    told = mentions.of(connection, Place.EXCHANGE, [key])
    mentions.note(connection, Place.EXCHANGE, key, told - {article_id})


def _row(exchange: Exchange) -> dict[str, Any]:
    return {
        "question": exchange.question,
        "seconds": exchange.seconds,
        "stopped": exchange.stopped,
        "filters": as_json(recorded.plain_filters(exchange.filters)),
        "settings": as_json(exchange.settings),
        "error": exchange.error,
        "words": _words(exchange),
        "answer": exchange.answer and as_json(exchange.answer.to_dict()),
    }


def _words(exchange: Exchange) -> str:
    """What the search looks in."""
    answer = exchange.answer
    said = [claim.text for claim in answer.claims] if answer else []
    return "\n".join([exchange.question, *said]).casefold()


def _exchange(row: Any) -> Exchange:
    exchange = Exchange(
        question=row.question,
        key=row.key,
        answer=answer_of(row.answer),
        error=row.error,
        stopped=row.stopped,
        seconds=row.seconds,
        filters=_filters_of(row.filters),
        settings=json.loads(row.settings),
    )
    return replace(exchange, cut_short=exchange.running)


def _filters_of(text: str) -> Filters:
    try:
        return recorded.filters(json.loads(text))
    except (ReadError, ValueError):
        return Filters()
