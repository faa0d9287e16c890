"""A store carried from one database to another, row by row: from a file to a server and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from rag.store import journal
from rag.store.database import Database
from rag.store.tables import journal as noted, meta, removed, tables

_AT_A_TIME = 500
# Of one store alone: which changes its indexes have seen, and the name it goes by on a server.
_OWN_TABLES = frozenset({noted, removed})
_OWN_VALUES = frozenset({"id", "schema"})


def copy_out(source: Database, target: Database) -> dict[str, int]:
    """Fill a new store with the rows of another as they are at one moment; rows by table.

    Whoever writes to the other meanwhile is neither held up nor seen.
    """
    counts = {}
    with _still(source) as reading, target.writing() as writing:
        for table in tables.sorted_tables:
            writing.execute(table.delete())
            counts[table.name] = _copy(reading, writing, table)
    return counts


def pour_in(source: Database, target: Database) -> None:
    """Put the rows of one store in the place of all the rows of another, in one transaction.

    Readers see the old rows until it is done, then the new. It counts as a change of the other
    store, and no index of an earlier one can be brought up to it.
    """
    with _still(source) as reading, target.writing() as writing:
        before = max(journal.generation(writing), journal.generation(reading))
        for table in reversed(tables.sorted_tables):
            keeps = meta.c.key.in_(_OWN_VALUES) if table is meta else sa.false()
            writing.execute(table.delete().where(sa.not_(keeps)))
        for table in tables.sorted_tables:
            if table not in _OWN_TABLES:
                _copy(reading, writing, table)
        writing.execute(noted.insert(), {"generation": before, "token": ""})
        journal.forget_before(writing, journal.advance(writing))
        _count_on(writing)


def _copy(reading: sa.Connection, writing: sa.Connection, table: sa.Table) -> int:
    rows = sa.select(table)
    if table is meta:
        there = set(writing.execute(sa.select(meta.c.key)).scalars())
        rows = rows.where(meta.c.key.not_in(there))
    count = 0
    found = reading.execution_options(yield_per=_AT_A_TIME).execute(rows)
    for part in found.mappings().partitions():
        writing.execute(table.insert(), [dict(row) for row in part])
        count += len(part)
    return count


@contextmanager
def _still(database: Database) -> Iterator[sa.Connection]:
    """A connection that sees one state of the store for as long as it is read."""
    with database.streaming() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        try:
            yield connection
        finally:
            connection.rollback()


def _count_on(connection: sa.Connection) -> None:
    """Have a server number new rows after those that came with their numbers."""
    if connection.dialect.name == "sqlite":
        return
    for table in tables.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            last = sa.select(sa.func.coalesce(sa.func.max(column), 1)).scalar_subquery()
            named = sa.func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(sa.select(sa.func.setval(named, last)))
