"""Values that are none of their column's kind: SQLite stores any, and a flipped bit makes some."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from rag.store.tables import bands, passages, removed, tables, vectors

# What is made again from the articles is looked at where it is made.
_DERIVED = frozenset({bands, passages, removed, vectors})
_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_STORED_AS = ((sa.LargeBinary, ("blob",)), (sa.String, ("text",)), (sa.Float, ("real", "integer")))
_WHOLE = ("integer",)

Misfits = tuple[sa.Column[object], sa.ColumnElement[bool]]


def misfits(connection: sa.Connection) -> list[str]:
    """How many values of which columns cannot be what the column holds; none on a server."""
    if connection.dialect.name != "sqlite":
        return []
    found = []
    for column, is_misfit in _every():
        counted = sa.select(sa.func.count()).select_from(column.table).where(is_misfit)
        if count := connection.execute(counted).scalar_one():
            found.append(f"{count:,} of {column.table.name}.{column.name} cannot be read")
    return found


def refit(connection: sa.Connection) -> None:
    """Read bytes as the text that they were; leave out a date that is none, where that may be."""
    if connection.dialect.name != "sqlite":
        return
    for column, is_misfit in _every():
        mended: sa.ColumnElement[object]
        if isinstance(column.type, sa.String):
            mended = sa.cast(column, sa.Text)
        elif _is_time(column) and column.nullable:
            mended = sa.cast(sa.null(), column.type)
        else:
            continue
        connection.execute(column.table.update().where(is_misfit).values({column: mended}))


def _every() -> Iterator[Misfits]:
    """The columns that are looked at, each with the condition of a value that does not fit."""
    for table in tables.sorted_tables:
        if table not in _DERIVED:
            yield from ((column, _is_misfit(column)) for column in table.columns)


def _is_misfit(column: sa.Column[object]) -> sa.ColumnElement[bool]:
    kind = sa.func.typeof(column)
    if _is_time(column):
        is_day = sa.type_coerce(column, sa.Text).bool_op("GLOB")(f"{_DAY}*")
        return sa.and_(kind != "null", sa.or_(kind != "text", sa.not_(is_day)))
    fitting = next((names for each, names in _STORED_AS if isinstance(column.type, each)), _WHOLE)
    return kind.not_in([*fitting, "null"])


def _is_time(column: sa.Column[object]) -> bool:
    return isinstance(column.type, sa.Date | sa.DateTime)
