"""Forgetting: an article goes with all that was derived from it, and nothing tells that it was."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from rag.store import journal
from rag.store.rows import batches
from rag.store.tables import articles, bands, mentions, passages, removed, vectors

_USED = sa.select(passages.c.text_hash)


def forget(connection: sa.Connection, article_ids: Iterable[str]) -> None:
    """Delete every version of these articles; part of its caller's transaction.

    Vectors go with the last passage of their text. The ids of what left the search go too, those
    of others with them: an index made before cannot be brought up any more, only made anew.
    """
    generation = journal.advance(connection)
    journal.forget_before(connection, generation)
    connection.execute(removed.delete())
    for ids in batches(article_ids):
        mine = articles.c.article_id.in_(ids)
        keys = sa.select(articles.c.key).where(mine)
        connection.execute(passages.delete().where(passages.c.article_key.in_(keys)))
        connection.execute(bands.delete().where(bands.c.article_key.in_(keys)))
        connection.execute(articles.delete().where(mine))
        connection.execute(mentions.delete().where(mentions.c.article_id.in_(ids)))
    drop_unused_vectors(connection)


def drop_unused_vectors(connection: sa.Connection) -> int:
    """Delete the vectors of texts that no passage has any more; their number."""
    return connection.execute(vectors.delete().where(vectors.c.text_hash.not_in(_USED))).rowcount
