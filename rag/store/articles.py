"""Reading articles out of the store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import sqlalchemy as sa

from rag.records import Article, Coverage, Filters, Source
from rag.store import rows
from rag.store.conditions import conditions
from rag.store.rows import Known
from rag.store.tables import SOURCE, articles

_AT_A_TIME = 200

_WHOLE = (*SOURCE, articles.c.text, articles.c.content_hash, articles.c.version)
_ONE = sa.select(*_WHOLE).where(
    articles.c.live, articles.c.article_id == sa.bindparam("article_id")
)
# Not a plain column, lest SQLite look the live up, only to sort all their texts by id.
_BY_ID = sa.func.coalesce(articles.c.live, sa.false())
_ALL = sa.select(*_WHOLE).where(_BY_ID).order_by(articles.c.article_id)

_SOURCES = sa.select(*SOURCE).where(articles.c.live).order_by(articles.c.article_id)

# Where many articles are looked up, which of them are live is asked of the rows that are found:
# in the condition it would lead SQLite to read every live article.
_KNOWN = sa.select(
    articles.c.article_id,
    articles.c.live,
    articles.c.content_hash,
    articles.c.version,
    articles.c.folder,
    articles.c.path,
)
_KNOWN_AMONG = _KNOWN.where(rows.among(articles.c.article_id))
_KNOWN_OF = _KNOWN.where(articles.c.live, articles.c.folder == sa.bindparam("folder"))

_CORPUS = (
    sa.select(articles.c.article_id, articles.c.content_hash)
    .where(_BY_ID)
    .order_by(articles.c.article_id)
)
_PUBLISHERS = (
    sa.select(articles.c.publisher)
    .where(articles.c.live, articles.c.publisher.is_not(None))
    .distinct()
    .order_by(articles.c.publisher)
)

_OTHERS = articles.alias("others")
_CARD_OF_OTHER = tuple(_OTHERS.c[column.name] for column in SOURCE)
# Few articles have copies: most find no row.
_COPIES = (
    sa.select(articles.c.article_id, articles.c.live, _OTHERS.c.live, *_CARD_OF_OTHER)
    .join(_OTHERS, _OTHERS.c.cluster == articles.c.cluster)
    .where(rows.among(articles.c.article_id), _OTHERS.c.article_id != articles.c.article_id)
    .order_by(sa.nulls_first(_OTHERS.c.published), _OTHERS.c.article_id)
)

_COVERED = sa.select(
    sa.func.count(),
    sa.func.coalesce(sa.func.sum(articles.c.passages), 0),
    sa.func.count(sa.distinct(articles.c.publisher)),
    sa.func.min(articles.c.published),
    sa.func.max(articles.c.published),
)
_UNDATED = sa.select(sa.func.count()).where(articles.c.published.is_(None))


def newest(connection: sa.Connection, article_id: str) -> Article | None:
    """The newest version of an article, None where there is none (any more)."""
    row = connection.execute(_ONE, {"article_id": article_id}).first()
    return rows.article(row) if row else None


def every(connection: sa.Connection) -> Iterator[Article]:
    """The newest version of every article, by id; read as they are asked for."""
    for row in connection.execution_options(yield_per=_AT_A_TIME).execute(_ALL):
        yield rows.article(row)


def sources(connection: sa.Connection) -> list[Source]:
    """The source card of every live article, by id."""
    return [rows.source(row) for row in connection.execute(_SOURCES)]


def among(connection: sa.Connection, article_ids: Iterable[str]) -> dict[str, Known]:
    """What the store holds now of those of these articles that are live, by id."""
    return {
        row.article_id: rows.known(row)
        for ids in rows.batches(article_ids)
        for row in connection.execute(_KNOWN_AMONG, {"ids": ids})
        if row.live
    }


def of_folder(connection: sa.Connection, folder: str) -> list[Known]:
    """The live articles that were read from this folder."""
    return [rows.known(row) for row in connection.execute(_KNOWN_OF, {"folder": folder})]


def copies(connection: sa.Connection, article_ids: Iterable[str]) -> dict[str, tuple[Source, ...]]:
    """For each of the articles that has copies: the other articles of its cluster, by date."""
    found: dict[str, list[Source]] = {}
    for ids in rows.batches(article_ids):
        for article_id, is_live, other_is_live, *card in connection.execute(_COPIES, {"ids": ids}):
            if is_live and other_is_live:
                found.setdefault(article_id, []).append(Source(*card))
    return {article_id: tuple(others) for article_id, others in found.items()}


def coverage(connection: sa.Connection, filters: Filters) -> Coverage:
    """What these filters leave to be searched."""
    query = _COVERED.where(*conditions(filters))
    count, passages, publishers, first, last = connection.execute(query).one()
    undated = 0
    if filters.since or filters.last:
        dateless = Filters(publishers=filters.publishers, articles=filters.articles)
        undated = connection.execute(_UNDATED.where(*conditions(dateless))).scalar_one()
    return Coverage(count, passages, publishers, first, last, undated)


def publishers(connection: sa.Connection) -> list[str]:
    """The publishers of the live articles, in alphabetical order."""
    return list(connection.execute(_PUBLISHERS).scalars())


def corpus(connection: sa.Connection) -> str:
    """The hash of every live article's id and content: the same articles, the same hash."""
    digest = hashlib.sha256()
    for article_id, content_hash in connection.execute(_CORPUS):
        digest.update(f"{article_id}\0{content_hash}\n".encode())
    return digest.hexdigest()[:16]
