"""What articles state of their last change and language, noted without a new version."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from rag.records import Source
from rag.store import rows
from rag.store.tables import articles

_STATED = sa.select(
    articles.c.key, articles.c.article_id, articles.c.modified, articles.c.language
).where(articles.c.live, rows.among(articles.c.article_id))


def restated(connection: sa.Connection, sources: Iterable[Source]) -> dict[int, dict[str, Any]]:
    """By the key of a live article: what its card states otherwise now than is stored.

    What a card does not state (any more) stays as it was.
    """
    said = {source.article_id: source for source in sources}
    found = {}
    for ids in rows.batches(said):
        for row in connection.execute(_STATED, {"ids": ids}):
            source = said[row.article_id]
            values = {
                "modified": source.modified or row.modified,
                "language": source.language or row.language,
            }
            if values != {"modified": row.modified, "language": row.language}:
                found[row.key] = values
    return found


def restate(connection: sa.Connection, values: dict[int, dict[str, Any]]) -> None:
    """Note what `restated` found."""
    for key, stated in values.items():
        connection.execute(articles.update().where(articles.c.key == key).values(**stated))
