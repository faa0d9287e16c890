"""The schema of a store: made, told, and brought up from those of earlier versions."""

from __future__ import annotations

import sqlalchemy as sa

from rag.store import journal
from rag.store.tables import SCHEMA, articles, tables

# Schemas that can be brought up, oldest first, each with the columns that the next one added.
_ADDED = {"1": (articles.c.modified, articles.c.language, articles.c.corrected, articles.c.stored)}
EARLIER = tuple(_ADDED)


def schema_of(connection: sa.Connection) -> str | None:
    """The schema of the tables, None where there are none."""
    if not sa.inspect(connection).has_table("meta"):
        return None
    return journal.value(connection, "schema")


def bring_up(connection: sa.Connection) -> None:
    """Make what tables and columns are not there; what is stored stays as it is."""
    found = schema_of(connection)
    if found in EARLIER:
        for earlier in EARLIER[EARLIER.index(found) :]:
            for column in _ADDED[earlier]:
                _add(connection, column)
    tables.create_all(connection)
    journal.identify(connection)
    journal.put_value(connection, "schema", SCHEMA)


def _add(connection: sa.Connection, column: sa.Column[object]) -> None:
    kind = column.type.compile(connection.dialect)
    connection.exec_driver_sql(f"ALTER TABLE {column.table.name} ADD COLUMN {column.name} {kind}")
