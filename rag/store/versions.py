"""Reading the versions of an article out of the store."""

from __future__ import annotations

import sqlalchemy as sa

from rag.store import rows
from rag.store.tables import SOURCE, articles
from rag.versions import Version

_HISTORY = (
    sa.select(
        *SOURCE,
        articles.c.text,
        articles.c.content_hash,
        articles.c.version,
        articles.c.stored,
        articles.c.live,
    )
    .where(articles.c.article_id == sa.bindparam("article_id"))
    .order_by(articles.c.version)
)


def history(connection: sa.Connection, article_id: str) -> tuple[Version, ...]:
    """Every stored version of an article, oldest first; also of one that was removed."""
    return tuple(
        Version(
            number=row.version,
            stored=row.stored,
            article=rows.article(row),
            live=row.live,
            corrected=row.corrected,
        )
        for row in connection.execute(_HISTORY, {"article_id": article_id})
    )
