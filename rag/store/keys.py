"""The keys of programs, in the store: every process sees one added or revoked at once."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from rag.errors import SettingsError
from rag.keys import Key
from rag.store.database import Database
from rag.store.tables import calls, keys

# Keys are told from other secrets by how they begin, for scanners that look for leaked ones.
_BEGINS = "dateline_"
_BYTES = 32
_NAME = re.compile(r"[\w.@-]{1,64}")
_DAYS_KEPT = 31

# One statement, so that calls of several processes are each counted once and none too many.
_COUNTED = sa.text(
    "INSERT INTO calls (name, day, count) VALUES (:name, :day, 1)"
    " ON CONFLICT (name, day) DO UPDATE SET count = calls.count + 1 WHERE calls.count < :most"
    " RETURNING count"
).bindparams(sa.bindparam("day", type_=sa.Date()))


class Keys:
    """The keys that open the service of an archive.

    A key has 256 random bits: a plain SHA-256 of it can be neither guessed nor reversed, so that
    the slow hash a password needs would only slow down every request.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        name: str,
        *,
        writes: bool = False,
        per_minute: int | None = None,
        per_day: int | None = None,
    ) -> str:
        """Make a key and give its text, which is kept nowhere.

        Raises:
            SettingsError: the name is taken or cannot be one, or a limit is below 1.
        """
        if not _NAME.fullmatch(name):
            raise SettingsError(
                f"{name!r} cannot name a key: use up to 64 letters, digits, '.', '_', '@', '-'"
            )
        if min(per_minute or 1, per_day or 1) < 1 or 0 in (per_minute, per_day):
            raise SettingsError("a limit is at least 1; leave it out for a key without one")
        text = _BEGINS + secrets.token_urlsafe(_BYTES)
        with self._database.writing() as connection:
            if connection.execute(sa.select(keys.c.name).where(keys.c.name == name)).first():
                raise SettingsError(f"there is a key named {name!r} already: choose another name")
            connection.execute(
                keys.insert().values(
                    name=name,
                    hash=_digest(text),
                    made=_now(),
                    writes=writes,
                    per_minute=per_minute,
                    per_day=per_day,
                )
            )
            before = datetime.now(UTC).date() - timedelta(days=_DAYS_KEPT)
            connection.execute(calls.delete().where(calls.c.day < before))
        return text

    def revoke(self, name: str) -> bool:
        """Take a key back for good; False if there is none of this name that opens."""
        live = sa.and_(keys.c.name == name, keys.c.revoked.is_(None))
        with self._database.writing() as connection:
            changed = connection.execute(keys.update().where(live).values(revoked=_now()))
            return changed.rowcount > 0

    def all(self) -> tuple[Key, ...]:
        """Every key, also those revoked, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(keys).order_by(keys.c.name)).all()
        return tuple(_key(row) for row in rows)

    def any(self) -> bool:
        """Whether there is a key that opens."""
        wanted = sa.select(keys.c.name).where(keys.c.revoked.is_(None)).limit(1)
        with self._database.reading() as connection:
            return connection.execute(wanted).first() is not None

    def find(self, text: str) -> Key | None:
        """The key of this text, None if there is none or it was revoked."""
        wanted = sa.select(keys).where(keys.c.hash == _digest(text), keys.c.revoked.is_(None))
        with self._database.reading() as connection:
            row = connection.execute(wanted).first()
        return _key(row) if row else None

    def count(self, name: str, most: int) -> bool:
        """Count a call of today; False, and nothing counted, where `most` were made already."""
        values = {"name": name, "day": _today(), "most": most}
        with self._database.writing() as connection:
            return connection.execute(_COUNTED, values).first() is not None

    def counted(self) -> dict[str, int]:
        """The calls of today by the name of the key, of keys that have a quota."""
        wanted = sa.select(calls.c.name, calls.c.count).where(calls.c.day == _today())
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(wanted)}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _key(row: sa.Row[tuple[object, ...]]) -> Key:
    return Key(
        name=row.name,
        made=row.made,
        writes=row.writes,
        per_minute=row.per_minute,
        per_day=row.per_day,
        revoked=row.revoked,
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _today() -> date:
    return datetime.now(UTC).date()
