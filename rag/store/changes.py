"""Writing into the store: each function is part of a transaction that its caller holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from rag.records import Article, Passage
from rag.store import rows
from rag.store.clusters import join_cluster, leave_cluster
from rag.store.conditions import publisher_key
from rag.store.rows import Entry, Origin, Vector, text_hash
from rag.store.tables import SOURCE, articles, passages, removed, vectors

_LIVE_KEY = sa.select(articles.c.key).where(
    articles.c.article_id == sa.bindparam("article_id"), articles.c.live
)
_LAST = (
    sa.select(articles.c.version, articles.c.text, articles.c.corrected, articles.c.content_hash)
    .where(articles.c.article_id == sa.bindparam("article_id"))
    .order_by(articles.c.version.desc())
    .limit(1)
)
_LIVE_KEYS = sa.select(articles.c.key).where(articles.c.live).order_by(articles.c.key)
_BY_KEY = sa.select(*SOURCE, articles.c.text, articles.c.content_hash, articles.c.version).where(
    articles.c.key == sa.bindparam("key")
)


def insert(connection: sa.Connection, entry: Entry, generation: int) -> None:
    """Put an article in as its newest version; the one before must be retired."""
    article, origin = entry.article, entry.origin
    last = connection.execute(_LAST, {"article_id": article.id}).first()
    now = datetime.now(UTC).replace(tzinfo=None)
    row = {
        "article_id": article.id,
        "version": last.version + 1 if last else 1,
        "live": True,
        "published": article.published,
        "publisher": article.publisher,
        "publisher_key": publisher_key(article.publisher) if article.publisher else None,
        "passages": 0,
        "title": article.title,
        "author": article.source.author,
        "url": article.url,
        "modified": article.source.modified,
        "language": article.source.language,
        "corrected": _corrected(article, last, now.date()),
        "stored": now,
        "content_hash": article.content_hash,
        "folder": origin.folder if origin else None,
        "path": origin.path if origin else None,
        "signature": b"",
        "text": article.text,
    }
    inserted = connection.execute(articles.insert(), row).inserted_primary_key
    assert inserted is not None
    join_cluster(connection, inserted[0], article.text)
    insert_passages(connection, inserted[0], entry.passages, generation)


def _corrected(article: Article, last: Any, met: date) -> date | None:
    """When the text became another than that of the version before; None if it never did.

    The day that the article states, unless it says that of a change before its publication.
    """
    if last is None:
        return None
    # A version without a hash was found damaged: what differs is no correction.
    if last.text == article.text or not last.content_hash:
        return last.corrected  # type: ignore[no-any-return]
    stated, published = article.source.modified, article.published
    return stated if stated and (published is None or stated >= published) else met


def retire(connection: sa.Connection, article_id: str, generation: int) -> int:
    """Take the live version of an article out of the search; 1 if there was one, else 0."""
    key = connection.execute(_LIVE_KEY, {"article_id": article_id}).scalar()
    if key is None:
        return 0
    mine = passages.c.article_key == key
    ids = connection.execute(sa.select(passages.c.id).where(mine)).scalars().all()
    connection.execute(passages.delete().where(mine))
    _forget_removed(connection, ids)
    if ids:
        gone = [{"passage_id": passage_id, "generation": generation} for passage_id in ids]
        connection.execute(removed.insert(), gone)
    leave_cluster(connection, key)
    connection.execute(articles.update().where(articles.c.key == key).values(live=False))
    return 1


def move(connection: sa.Connection, origins: Mapping[str, Origin]) -> None:
    """Note where live articles were met last."""
    for article_id, origin in origins.items():
        live = sa.and_(articles.c.article_id == article_id, articles.c.live)
        place = {"folder": origin.folder, "path": origin.path}
        connection.execute(articles.update().where(live).values(**place))


def resplit(
    connection: sa.Connection, split: Callable[[Article], Sequence[Passage]], generation: int
) -> None:
    """Cut every live article anew."""
    connection.execute(passages.delete())
    connection.execute(removed.delete())
    for key in connection.execute(_LIVE_KEYS).scalars().all():
        row = connection.execute(_BY_KEY, {"key": key}).one()
        insert_passages(connection, key, split(rows.article(row)), generation)


def insert_passages(
    connection: sa.Connection, key: int, cut: Sequence[Passage], generation: int
) -> None:
    """Put the passages of an article in."""
    found = [
        {
            "id": passage.id,
            "article_key": key,
            "generation": generation,
            "start": passage.start,
            "end": passage.end,
            "text_hash": text_hash(passage.text),
            "text": passage.text,
        }
        for passage in cut
    ]
    if found:
        connection.execute(passages.insert(), found)
        _forget_removed(connection, [passage.id for passage in cut])
    connection.execute(articles.update().where(articles.c.key == key).values(passages=len(found)))


def insert_vectors(connection: sa.Connection, found: Mapping[str, Vector], embedding: str) -> None:
    """Keep vectors by `text_hash`; those already kept stay as they are."""
    fresh = [
        {
            "text_hash": key,
            "embedding": embedding,
            "vector": np.asarray(vector, dtype="<f4").tobytes(),
        }
        for key, vector in found.items()
    ]
    if fresh:
        connection.execute(rows.insert_absent(connection, vectors), fresh)


def _forget_removed(connection: sa.Connection, ids: Sequence[str]) -> None:
    for batch in rows.batches(ids):
        connection.execute(removed.delete().where(removed.c.passage_id.in_(batch)))
