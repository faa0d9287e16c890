"""Which kept answers hold words of which article, so that these can be forgotten there too."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from rag.store.rows import batches
from rag.store.tables import mentions


class Place(enum.StrEnum):
    """Where an answer is kept."""

    EXCHANGE = "exchange"
    FEEDBACK = "feedback"


def note(connection: sa.Connection, place: Place, key: str, article_ids: Iterable[str]) -> None:
    """Note that the answer kept under the key holds words of these articles and no others."""
    clear(connection, place, [key])
    rows = [{"article_id": one, "place": place.value, "key": key} for one in set(article_ids)]
    if rows:
        connection.execute(mentions.insert(), rows)


def clear(connection: sa.Connection, place: Place, keys: Sequence[str]) -> None:
    """Note nothing of the answers under these keys any more."""
    for some in batches(keys):
        kept = sa.and_(mentions.c.place == place.value, mentions.c.key.in_(some))
        connection.execute(mentions.delete().where(kept))


def holding(connection: sa.Connection, place: Place, article_id: str) -> Sequence[str]:
    """The keys of the answers that hold words of the article."""
    chosen = sa.select(mentions.c.key).where(
        mentions.c.article_id == article_id, mentions.c.place == place.value
    )
    return connection.execute(chosen).scalars().all()


def of(connection: sa.Connection, place: Place, keys: Sequence[str]) -> set[str]:
    """The articles whose words the answers under these keys hold."""
    found: set[str] = set()
    for some in batches(keys):
        chosen = sa.select(mentions.c.article_id).where(
            mentions.c.place == place.value, mentions.c.key.in_(some)
        )
        found.update(connection.execute(chosen).scalars())
    return found
