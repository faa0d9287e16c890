"""A store carried from one database to another, row by row: from a file to a server and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from rag.errors import StoreDamaged
from rag.store import journal
from rag.store.database import Database
from rag.store.tables import journal as noted, meta, removed, tables

# The rows that a query finds, some at a time.
Rows = Callable[[sa.Select[Any]], Iterator[Sequence[sa.RowMapping]]]

_AT_A_TIME = 500
# Of one store alone: which changes its indexes have seen, and the name it goes by on a server.
_OWN_TABLES = frozenset({noted, removed})
_OWN_VALUES = frozenset({"id", "schema"})


def copy_out(source: Database, target: Database) -> dict[str, int]:
    """Fill a new store with the rows of another as they are at one moment; rows by table.

    Whoever writes to the other meanwhile is neither held up nor seen.
    """
    counts = {}
    with _still(source) as rows, target.writing() as writing, _blamed(source):
        for table in tables.sorted_tables:
            writing.execute(table.delete())
            counts[table.name] = _copy(rows, writing, table)
    return counts


def pour_in(source: Database, target: Database) -> None:
    """Put the rows of one store in the place of all the rows of another, in one transaction.

    Readers see the old rows until it is done, then the new. It counts as a change of the other
    store, and no index of an earlier one can be brought up to it.
    """
    with _still(source) as rows, target.writing() as writing, _blamed(source):
        before = max([journal.generation(writing), *_generations(rows)])
        for table in reversed(tables.sorted_tables):
            keeps = meta.c.key.in_(_OWN_VALUES) if table is meta else sa.false()
            writing.execute(table.delete().where(sa.not_(keeps)))
        for table in tables.sorted_tables:
            if table not in _OWN_TABLES:
                _copy(rows, writing, table)
        journal.count_on(writing, before)
        _number_on(writing)


def _generations(rows: Rows) -> list[int]:
    """The numbers of the changes that a store remembers."""
    return [row["generation"] for part in rows(sa.select(noted.c.generation)) for row in part]


def _copy(rows: Rows, writing: sa.Connection, table: sa.Table) -> int:
    wanted = sa.select(table)
    if table is meta:
        there = set(writing.execute(sa.select(meta.c.key)).scalars())
        wanted = wanted.where(meta.c.key.not_in(there))
    count = 0
    for part in rows(wanted):
        writing.execute(table.insert(), [dict(row) for row in part])
        count += len(part)
    return count


@contextmanager
def _blamed(source: Database) -> Iterator[None]:
    """Have rows that no store takes told as the fault of the store that they came from."""
    try:
        yield
    except sa.exc.IntegrityError as error:
        raise StoreDamaged(
            f"the store {source.name} holds rows that belong to nothing ({error.orig}): run"
            " `rag doctor`"
        ) from error


@contextmanager
def _still(database: Database) -> Iterator[Rows]:
    """Reads a store in one state of it; what goes wrong with it is told as its own fault."""
    with database.streaming() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        reading = connection.execution_options(yield_per=_AT_A_TIME)

        def rows(wanted: sa.Select[Any]) -> Iterator[Sequence[sa.RowMapping]]:
            with database.translated():
                yield from reading.execute(wanted).mappings().partitions()

        try:
            yield rows
        finally:
            connection.rollback()


def _number_on(connection: sa.Connection) -> None:
    """Have a server number new rows after those that came with their numbers."""
    if connection.dialect.name == "sqlite":
        return
    for table in tables.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            last = sa.select(sa.func.coalesce(sa.func.max(column), 1)).scalar_subquery()
            named = sa.func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(sa.select(sa.func.setval(named, last)))
