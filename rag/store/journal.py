"""What the store remembers of itself: the number and token of its last change, its fingerprint."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from rag.store.tables import journal, meta

_VALUE = sa.select(meta.c.value).where(meta.c.key == sa.bindparam("key"))
_LAST = sa.select(journal.c.generation).order_by(journal.c.generation.desc()).limit(1)
_CHANGE = (
    sa.select(journal.c.generation, journal.c.token).order_by(journal.c.generation.desc()).limit(1)
)
_TOKEN = sa.select(journal.c.token).where(journal.c.generation == sa.bindparam("generation"))


def generation(connection: sa.Connection) -> int:
    """How many changes the store has seen; 0 for a new one."""
    return connection.execute(_LAST).scalar() or 0


def change(connection: sa.Connection) -> tuple[int, str]:
    """The number and the token of the last change; (0, "") for a new store."""
    row = connection.execute(_CHANGE).first()
    return (row.generation, row.token) if row else (0, "")


def token(connection: sa.Connection, number: int) -> str | None:
    """The token of a change, None if this store never saw it."""
    return connection.execute(_TOKEN, {"generation": number}).scalar()


def advance(connection: sa.Connection) -> int:
    """Count one change more; its number."""
    number = generation(connection) + 1
    row = {"generation": number, "token": secrets.token_hex(8)}
    connection.execute(journal.insert(), row)
    return number


def count_on(connection: sa.Connection, number: int) -> None:
    """Remember one change alone, the first after a number: no index knows the ones before."""
    connection.execute(journal.delete())
    connection.execute(journal.insert(), {"generation": number, "token": ""})
    forget_before(connection, advance(connection))


def forget_before(connection: sa.Connection, number: int) -> None:
    """Forget the changes before one."""
    connection.execute(journal.delete().where(journal.c.generation < number))


def identify(connection: sa.Connection) -> str:
    """The store's own name, given to it if it has none yet."""
    held = value(connection, "id") or secrets.token_hex(8)
    put_value(connection, "id", held)
    return held


def value(connection: sa.Connection, key: str) -> str | None:
    return connection.execute(_VALUE, {"key": key}).scalar()


def put_value(connection: sa.Connection, key: str, text: str) -> None:
    if value(connection, key) != text:
        connection.execute(meta.delete().where(meta.c.key == key))
        connection.execute(meta.insert().values(key=key, value=text))
