"""What goes into the store and comes out of it, between rows and records."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.dialects import postgresql, sqlite

from rag.errors import StoreDamaged
from rag.records import Article, Passage, Source

# SQLite takes at most 32,766 values in a statement; lists of ids are cut well below that.
_MANY = 10_000

Vector = NDArray[np.float32]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article was read: the folder that was ingested and the path under it."""

    folder: str
    path: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as it goes into the store, its passages and where it came from."""

    article: Article
    passages: Sequence[Passage]
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds of an article id now."""

    article_id: str
    content_hash: str
    version: int
    origin: Origin | None


def text_hash(text: str) -> str:
    """The key of a passage text's vector."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def known(row: Any) -> Known:
    origin = Origin(row.folder, row.path) if row.folder is not None else None
    return Known(row.article_id, row.content_hash, row.version, origin)


def source(row: Any) -> Source:
    return Source(
        row.article_id,
        row.title,
        row.publisher,
        row.published,
        row.url,
        row.author,
        row.modified,
        row.language,
        row.corrected,
    )


def article(row: Any) -> Article:
    return Article(source(row), row.text, row.content_hash, row.version)


def passage(row: Any) -> Passage:
    return Passage(row.id, source(row), row.text, row.start, row.end)


def vector(blob: bytes) -> Vector:
    return np.frombuffer(blob, dtype="<f4")


def matrix(blobs: Sequence[bytes]) -> Vector:
    """Vectors below one another, shape (len(blobs), dimensions); (0, 0) for none.

    Raises:
        StoreDamaged: they are not of one length.
    """
    if not blobs:
        return np.zeros((0, 0), dtype=np.float32)
    if len({len(blob) for blob in blobs}) > 1:
        raise StoreDamaged("vectors in the store are cut short: run `rag doctor`")
    return np.frombuffer(b"".join(blobs), dtype="<f4").reshape(len(blobs), -1)


def batches(items: Iterable[_T]) -> Iterator[list[_T]]:
    """The items in lists that a statement can take."""
    values = list(items)
    for start in range(0, len(values), _MANY):
        yield values[start : start + _MANY]


def insert_absent(connection: sa.Connection, table: sa.Table) -> sa.Insert:
    """An insertion that leaves rows as they are whose key is there already."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def among(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """The condition that a column is one of the bound values `ids`."""
    return column.in_(sa.bindparam("ids", expanding=True))
