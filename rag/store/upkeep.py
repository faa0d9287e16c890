"""The store looked over: whether it is sound, what strays in it, and putting it right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa

from rag.errors import StoreDamaged
from rag.store import journal
from rag.store.database import Database
from rag.store.forgetting import drop_unused_vectors, forget
from rag.store.kinds import misfits, refit
from rag.store.rows import Vector, batches, text_hash, vector
from rag.store.tables import (
    articles,
    bands,
    conversations,
    exchanges,
    journal as noted,
    mentions,
    passages,
    removed,
    vectors,
)

# Problems of the file that are told; a damaged one can have thousands.
_MOST_TOLD = 5
_AT_A_TIME = 500

_LIVE = sa.select(articles.c.key).where(articles.c.live)
_USED = sa.select(passages.c.text_hash)
_STRAYS = {
    "passages of no article": (passages, passages.c.article_key.not_in(_LIVE)),
    "bands of no article": (bands, bands.c.article_key.not_in(_LIVE)),
    "mentions of no article": (
        mentions,
        mentions.c.article_id.not_in(sa.select(articles.c.article_id)),
    ),
    "exchanges of no conversation": (
        exchanges,
        exchanges.c.conversation.not_in(sa.select(conversations.c.id)),
    ),
}
_newer = articles.alias("newer")
# Of an article one version is searched, the last.
_OUTLIVED = sa.and_(
    articles.c.live,
    sa.exists().where(
        _newer.c.article_id == articles.c.article_id,
        _newer.c.live,
        _newer.c.version > articles.c.version,
    ),
)
_OUTLIVED_NAME = "versions that were replaced and are still searched"
_UNUSED = vectors.c.text_hash.not_in(_USED)
_COUNTED = (
    sa.select(sa.func.count())
    .select_from(passages)
    .where(passages.c.article_key == articles.c.key)
    .scalar_subquery()
)
_MISCOUNTED = sa.and_(articles.c.live, articles.c.passages != _COUNTED)
_CUT = (
    sa.select(
        passages.c.article_key,
        passages.c.start,
        passages.c.end,
        passages.c.text,
        passages.c.text_hash,
    )
    .where(passages.c.article_key.in_(sa.bindparam("keys", expanding=True)))
    .order_by(passages.c.article_key, passages.c.start)
)
_TEXTS = sa.select(articles.c.key, articles.c.article_id, articles.c.text).where(
    articles.c.key.in_(sa.bindparam("keys", expanding=True))
)
_SIZE = sa.func.length(vectors.c.vector)
_OWN = vectors.c.embedding == sa.bindparam("embedding")
# By hash, which is as good as by lot.
_SAMPLE = (
    sa.select(passages.c.text, vectors.c.vector)
    .join(vectors, sa.and_(vectors.c.text_hash == passages.c.text_hash, _OWN))
    .order_by(vectors.c.text_hash)
)
_WITHOUT = (
    sa.select(passages.c.text_hash, passages.c.text)
    .outerjoin(vectors, sa.and_(vectors.c.text_hash == passages.c.text_hash, _OWN))
    .where(vectors.c.text_hash.is_(None))
    .distinct()
)


class Upkeep:
    """Looks the store over and mends it; whoever mends holds the index's write lock.

    Raises (all methods):
        StoreDamaged: the store is not readable.
        IndexUnavailable: it cannot be opened or written.
    """

    def __init__(self, database: Database, *, embedding: str) -> None:
        self._database = database
        self._embedding = embedding

    # --- the file ---------------------------------------------------------------------------

    def faults(self) -> list[str]:
        """What is wrong with the file as the database itself sees it, in its words."""
        with self._database.reading() as connection:
            missing = [_shown(part) for part in _missing(connection)]
            if missing:
                return missing
            if _has_lost_count(connection):
                return ["it does not know its last change"]
            if unreadable := misfits(connection):
                return unreadable
            if connection.dialect.name != "sqlite":
                for table in articles.metadata.tables.values():
                    _count(connection, table)
                return []  # a server looks after its own pages
            told = connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST_TOLD})").scalars()
            return [fault for fault in told if fault != "ok"]

    def reindex(self) -> None:
        """Make missing tables, which are empty then, and all indexes again; harms nothing.

        A date that cannot be read is left out: the article is then not as it was stored.

        Raises:
            StoreDamaged: the articles themselves are missing, which nothing here can make.
        """
        with self._database.writing() as connection:
            missing = _missing(connection)
            if articles in missing:
                raise StoreDamaged("only a backup has the articles")
            for part in missing:
                part.create(connection)
            if _has_lost_count(connection):
                journal.count_on(connection, _last_change_met(connection))
            refit(connection)
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("REINDEX")

    def free_pages(self) -> int:
        """How many pages of the file hold nothing, or what was deleted; 0 on a server."""
        with self._database.reading() as connection:
            if connection.dialect.name != "sqlite":
                return 0
            return int(connection.exec_driver_sql("PRAGMA freelist_count").scalar() or 0)

    def compact(self) -> bool:
        """Leave no byte in the file that is not stored; False if somebody reads all the while."""
        with self._database.reading() as connection:
            if connection.dialect.name != "sqlite":
                names = ", ".join(articles.metadata.tables)
                connection.exec_driver_sql(f"VACUUM FULL {names}")
                return True
            connection.exec_driver_sql("VACUUM")
            return not connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()

    # --- forgetting -------------------------------------------------------------------------

    def forget(self, article_ids: Iterable[str]) -> None:
        """Delete every version of these articles and all that was derived from them.

        No index made before can be brought up from here; `compact` clears what the file still
        holds of it.
        """
        with self._database.writing() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA secure_delete=ON")
            forget(connection, article_ids)

    # --- what strays ------------------------------------------------------------------------

    def strays(self) -> dict[str, int]:
        """Rows that belong to nothing, by what they are; only those that there are."""
        with self._database.reading() as connection:
            found = {
                name: _count(connection, table, condition)
                for name, (table, condition) in _STRAYS.items()
            }
            found[_OUTLIVED_NAME] = _count(connection, articles, _OUTLIVED)
        return {name: count for name, count in found.items() if count}

    def drop_strays(self) -> None:
        """Delete the rows that belong to nothing."""
        with self._database.writing() as connection:
            connection.execute(articles.update().where(_OUTLIVED).values(live=False))
            for table, condition in _STRAYS.values():
                connection.execute(table.delete().where(condition))

    def unused_vectors(self) -> int:
        """How many vectors are of texts that no passage has any more."""
        with self._database.reading() as connection:
            return _count(connection, vectors, _UNUSED)

    def drop_unused_vectors(self) -> None:
        """Delete the vectors of texts that no passage has any more."""
        with self._database.writing() as connection:
            drop_unused_vectors(connection)

    def outdated(self, oldest: int) -> int:
        """How many notes there are of changes that no index of generation `oldest` needs."""
        with self._database.reading() as connection:
            outdated = _outdated(connection, oldest)
            return sum(_count(connection, table, condition) for table, condition in outdated)

    def prune(self, oldest: int) -> None:
        """Delete the notes of changes that no index of generation `oldest` or later needs."""
        with self._database.writing() as connection:
            for table, condition in _outdated(connection, oldest):
                connection.execute(table.delete().where(condition))

    def distrust(self, article_ids: Iterable[str]) -> None:
        """Have the next ingest that meets one of these articles store it again."""
        with self._database.writing() as connection:
            for ids in batches(article_ids):
                altered = sa.and_(articles.c.article_id.in_(ids), articles.c.live)
                connection.execute(articles.update().where(altered).values(content_hash=""))

    # --- passages and vectors ---------------------------------------------------------------

    def miscounted(self) -> int:
        """How many live articles have another number of passages than they say."""
        with self._database.reading() as connection:
            return _count(connection, articles, _MISCOUNTED)

    def recount(self) -> None:
        """Have every live article say how many passages it has."""
        with self._database.writing() as connection:
            connection.execute(articles.update().where(_MISCOUNTED).values(passages=_COUNTED))

    def misplaced(self) -> list[str]:
        """The ids of articles that their passages do not give word for word and whole, in order."""
        with self._database.reading() as connection:
            keys = connection.execute(_LIVE.order_by(articles.c.key)).scalars().all()
            return sorted({key for part in _parts(keys) for key in _misplaced(connection, part)})

    def without_vector(self) -> list[str]:
        """The distinct texts of passages that have no vector, or none of the right length."""
        with self._database.reading() as connection:
            bound = {"embedding": self._embedding}
            return [row.text for row in connection.execute(_WITHOUT, bound)]

    def odd_vectors(self) -> int:
        """How many vectors have another length than most, or hold what is no number."""
        with self._database.streaming() as connection:
            return sum(1 for _ in _odd(connection, self._embedding))

    def sample(self, most: int) -> list[tuple[str, Vector]]:
        """Some passage texts with their vectors, the same each time."""
        with self._database.reading() as connection:
            found = connection.execute(_SAMPLE.limit(most), {"embedding": self._embedding})
            return [(row.text, vector(row.vector)) for row in found]

    def drop_vectors(self) -> None:
        """Delete every vector of the embedding in use."""
        with self._database.writing() as connection:
            connection.execute(vectors.delete().where(_OWN), {"embedding": self._embedding})

    def drop_odd_vectors(self) -> None:
        """Delete the odd vectors: their passages are without one then."""
        with self._database.writing() as connection:
            for hashes in batches(_odd(connection, self._embedding)):
                odd = vectors.delete().where(_OWN, vectors.c.text_hash.in_(hashes))
                connection.execute(odd, {"embedding": self._embedding})


def _count(connection: sa.Connection, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
    """How many rows of a table meet all the conditions."""
    counted = sa.select(sa.func.count()).select_from(table).where(*conditions)
    return connection.execute(counted).scalar_one()


def _missing(connection: sa.Connection) -> list[sa.Table | sa.Index]:
    """The tables that are not there, and the indexes of those that are."""
    there = sa.inspect(connection)
    names = set(there.get_table_names())
    missing: list[sa.Table | sa.Index] = []
    for table in articles.metadata.sorted_tables:
        if table.name not in names:
            missing.append(table)
            continue
        known = {index["name"] for index in there.get_indexes(table.name)}
        missing.extend(index for index in table.indexes if index.name not in known)
    return missing


def _has_lost_count(connection: sa.Connection) -> bool:
    """Whether there are articles, and no change that brought them."""
    return not journal.generation(connection) and bool(_count(connection, articles))


def _last_change_met(connection: sa.Connection) -> int:
    """The highest number of a change that is noted of a passage; 0 if none is."""
    noted_of = (sa.func.max(table.c.generation) for table in (passages, removed))
    return max(connection.execute(sa.select(highest)).scalar() or 0 for highest in noted_of)


def _shown(part: sa.Table | sa.Index) -> str:
    return f"{'the table' if isinstance(part, sa.Table) else 'the index'} {part.name} is missing"


def _outdated(
    connection: sa.Connection, oldest: int
) -> Sequence[tuple[sa.Table, sa.ColumnElement[bool]]]:
    """The notes, by table, that no index of generation `oldest` or later needs.

    It needs its own token, and to be told what left after it.
    """
    kept = min(oldest, journal.generation(connection))
    return (
        (noted, noted.c.generation < kept),
        (removed, removed.c.generation <= kept),
    )


def _misplaced(connection: sa.Connection, keys: Sequence[int]) -> Iterator[str]:
    """The ids of those of these articles that their passages do not give."""
    cut = defaultdict(list)
    for passage in connection.execute(_CUT, {"keys": keys}):
        cut[passage.article_key].append(passage)
    for article in connection.execute(_TEXTS, {"keys": keys}):
        if not _gives(cut[article.key], article.text):
            yield article.article_id


def _gives(cut: Sequence[Any], text: str) -> bool:
    """Whether passages, in order, stand at their places and leave out no word of a text.

    Each is known by the hash of its own text, or it would have another's vector, or none.
    """
    reached = 0
    for passage in cut:
        left_out = text[reached : passage.start].strip()
        if left_out or text[passage.start : passage.end] != passage.text:
            return False
        if passage.text_hash != text_hash(passage.text):
            return False
        reached = max(reached, passage.end)
    return not text[reached:].strip()


def _parts(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), _AT_A_TIME):
        yield keys[start : start + _AT_A_TIME]


def _odd(connection: sa.Connection, embedding: str) -> Iterator[str]:
    """The hashes of texts whose vectors cannot be compared with most."""
    usual = _usual_size(connection, embedding)
    every = sa.select(vectors.c.text_hash, vectors.c.vector).where(_OWN)
    streamed = every.execution_options(yield_per=_AT_A_TIME)
    for row in connection.execute(streamed, {"embedding": embedding}):
        if len(row.vector) != usual or not np.isfinite(vector(row.vector)).all():
            yield row.text_hash


def _usual_size(connection: sa.Connection, embedding: str) -> int | None:
    """The length in bytes of most vectors of an embedding; None where there are none."""
    sizes = (
        sa.select(_SIZE)
        .where(_OWN)
        .group_by(_SIZE)
        .order_by(sa.func.count().desc(), _SIZE.desc())
        .limit(1)
    )
    return connection.execute(sizes, {"embedding": embedding}).scalar()
