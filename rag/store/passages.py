"""Reading passages and their vectors out of the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from rag.records import Filters, Passage, Source
from rag.store import rows
from rag.store.conditions import conditions
from rag.store.rows import Vector
from rag.store.tables import SOURCE, articles, passages, removed, vectors

_COLUMNS = (passages.c.id, passages.c.start, passages.c.end, passages.c.text, *SOURCE)
_OF_ARTICLE = articles.c.key == passages.c.article_key
_OWN_VECTOR = sa.and_(
    vectors.c.text_hash == passages.c.text_hash,
    vectors.c.embedding == sa.bindparam("embedding"),
)

# Only live articles have passages. Saying so again would lead SQLite to read every live article.
_AMONG = sa.select(*_COLUMNS).join(articles, _OF_ARTICLE).where(rows.among(passages.c.id))
_VECTORS_AMONG = (
    sa.select(passages.c.id, vectors.c.vector)
    .join(vectors, _OWN_VECTOR)
    .where(rows.among(passages.c.id))
)
_WITH_VECTORS = (
    sa.select(passages.c.id, vectors.c.vector)
    .join(articles, _OF_ARTICLE)
    .join(vectors, _OWN_VECTOR)
)
# Passages that are equally near come in this order, whichever database it is.
_IN_ORDER = (sa.nulls_first(articles.c.published), articles.c.key, passages.c.key)
_ADDED = (
    sa.select(*_COLUMNS, vectors.c.vector)
    .join(articles, _OF_ARTICLE)
    .join(vectors, _OWN_VECTOR)
    .where(passages.c.generation > sa.bindparam("since"))
    .order_by(passages.c.generation, passages.c.article_key, passages.c.start)
)
_REMOVED = sa.select(removed.c.passage_id).where(removed.c.generation > sa.bindparam("since"))
_LIVE = sa.select(passages.c.id).where(rows.among(passages.c.id))
_HELD = sa.select(vectors.c.text_hash).where(
    rows.among(vectors.c.text_hash), vectors.c.embedding == sa.bindparam("embedding")
)


def among(connection: sa.Connection, ids: Sequence[str], filters: Filters) -> dict[str, Passage]:
    """Those of the passages that are live and pass the filters, by id."""
    found = (
        _passage(*row)
        for batch in rows.batches(ids)
        for row in connection.execute(_AMONG, {"ids": batch}).all()
    )
    return {passage.id: passage for passage in found if filters.admits(passage.source)}


def _passage(passage_id: str, start: int, end: int, text: str, *source: Any) -> Passage:
    """The passage of a row of `_COLUMNS`, by place: reading each column by its name is slow."""
    return Passage(passage_id, Source(*source), text, start, end)


def live(connection: sa.Connection, ids: Sequence[str]) -> set[str]:
    """Those of the ids that are passages of live articles."""
    return {
        key
        for batch in rows.batches(ids)
        for key in connection.execute(_LIVE, {"ids": batch}).scalars()
    }


def vectors_among(
    connection: sa.Connection, ids: Iterable[str], embedding: str
) -> dict[str, Vector]:
    """The vectors of passages, by passage id."""
    found = [
        (passage_id, blob)
        for batch in rows.batches(ids)
        for passage_id, blob in connection.execute(
            _VECTORS_AMONG, {"ids": batch, "embedding": embedding}
        ).all()
    ]
    vectors = rows.matrix([blob for _, blob in found])
    return {passage_id: vector for (passage_id, _), vector in zip(found, vectors, strict=True)}


def filtered_vectors(
    connection: sa.Connection, filters: Filters, embedding: str
) -> tuple[list[str], Vector]:
    """The ids and vectors (n, dimensions) of all passages that pass the filters."""
    query = _WITH_VECTORS.where(*conditions(filters)).order_by(*_IN_ORDER)
    found = connection.execute(query, {"embedding": embedding}).all()
    return [row.id for row in found], rows.matrix([row.vector for row in found])


def added_since(
    connection: sa.Connection, generation: int, embedding: str, batch: int
) -> Iterator[list[tuple[Passage, Vector]]]:
    """Live passages added after a generation with their vectors, in batches."""
    bound = {"since": generation, "embedding": embedding}
    found = connection.execution_options(yield_per=batch).execute(_ADDED, bound)
    for part in found.partitions(batch):
        yield [(rows.passage(row), rows.vector(row.vector)) for row in part]


def removed_since(connection: sa.Connection, generation: int) -> list[str]:
    """The ids of passages taken out after a generation and not put back."""
    return list(connection.execute(_REMOVED, {"since": generation}).scalars())


def without_vector(
    connection: sa.Connection, texts: Iterable[str], embedding: str
) -> dict[str, str]:
    """Those of the texts that have no vector yet, by `text_hash`."""
    wanted = {rows.text_hash(text): text for text in texts}
    for keys in rows.batches(list(wanted)):
        for key in connection.execute(_HELD, {"ids": keys, "embedding": embedding}).scalars():
            wanted.pop(key, None)
    return wanted
