"""The store on a server: PostgreSQL by its address, for several replicas of the service."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from rag.errors import (
    IndexBusy,
    IndexUnavailable,
    MissingPackage,
    ReadError,
    SettingsError,
    StoreDamaged,
    Unreachable,
)

_DRIVER = "postgresql+psycopg"
_SPELLINGS = ("postgresql", "postgres", _DRIVER)
# A server that is down is told in seconds; one that falls silent, after some more.
_CONNECTING: dict[str, Any] = {
    "connect_timeout": 3,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "application_name": "dateline",
}
# What the server is told of each connection. It drops one whose machine died, with its locks,
# after a minute; a writer waits as long for another as it does with SQLite.
_OPTIONS = (
    "-c lock_timeout=30s -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10"
    " -c tcp_keepalives_count=3"
)
# PostgreSQL lets 100 connections in: that is room for four replicas and the ingest.
_KEPT, _MORE = 5, 15
_WAIT_SECONDS = 10
_RECYCLED_SECONDS = 1_800
# Locks are told apart by a number of ours and the schema that the tables lie in.
_CORPUS, _TABLES = 745_281_901, 745_281_902
_KEY = "hashtext(current_schema())"
_TRY_SECONDS = 0.1
# No character: it stands in no text.
_NO_TEXT = "\uffff"


class StoreServer:
    """A PostgreSQL database. Its password stands in no message.

    A connection pooler that hands connections on between transactions cannot stand between: the
    lock on the articles belongs to a connection.
    """

    frozen = False
    folder: Path | None = None

    def __init__(self, address: str) -> None:
        """Connects to nothing yet.

        Raises:
            SettingsError: the address is none of PostgreSQL.
            MissingPackage: its driver is not installed.
        """
        url = _url(address)
        if find_spec("psycopg") is None:
            raise MissingPackage(
                "a store on PostgreSQL needs its driver: pip install 'dateline[postgres]'"
                " -c constraints.txt"
            )
        import psycopg

        _check_options(url)
        # What it warns of is an error that is told anyway.
        logging.getLogger("psycopg").setLevel(logging.ERROR)
        self.errors: tuple[type[Exception], ...] = (psycopg.Error, sa.exc.TimeoutError)
        self.name = _name(url)
        self._secrets = [text for text in (url.password, *_passwords(url)) if text]
        self.engine = sa.create_engine(
            url.difference_update_query(["options"]).set(drivername=_DRIVER),
            connect_args={
                **{key: value for key, value in _CONNECTING.items() if key not in url.query},
                "options": f"{_OPTIONS} {_one(url, 'options')}".strip(),
            },
            pool_size=_KEPT,
            max_overflow=_MORE,
            pool_timeout=_WAIT_SECONDS,
            pool_recycle=_RECYCLED_SECONDS,
            # A server that came back is found again before a statement fails.
            pool_pre_ping=True,
            hide_parameters=True,
        )
        sa.event.listen(self.engine, "connect", self._check_encoding)
        sa.event.listen(self.engine, "before_cursor_execute", _without_nul, retval=True)
        self._alone = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._still = self.engine.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection to read with, each statement by itself: one way to the server and back."""
        with self._alone.connect() as connection:
            yield connection

    @contextmanager
    def streaming(self) -> Iterator[sa.Connection]:
        """A connection whose rows are fetched as they are taken, all of one state."""
        with self._still.connect() as connection:
            yield connection

    def begin(self, connection: sa.Connection) -> None:
        """Begin a transaction that nobody else writes beside."""
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TABLES}, {_KEY})")

    @contextmanager
    def lock(self, patience: float) -> Iterator[sa.Connection]:
        """Be the one process, on any machine, that changes the articles; to write with its yield.

        The server drops the lock when the connection ends, however the process did. Who writes
        with the connection that holds it cannot write without it.

        Raises:
            IndexBusy: another is, and still after `patience` seconds.
        """
        with self.engine.connect() as connection:
            _wait(connection, patience, self.name)
            try:
                yield connection
            finally:
                _let_go(connection)

    def meaning(self, error: BaseException | None) -> IndexUnavailable | StoreDamaged | IndexBusy:
        """What an error of the driver means to the user."""
        import psycopg
        from psycopg import errors

        said = self._said(error)
        if isinstance(error, errors.LockNotAvailable):
            return IndexBusy(f"others are writing to {self.name} ({said}): try again")
        if isinstance(error, errors.InsufficientPrivilege | errors.ReadOnlySqlTransaction):
            return IndexUnavailable(
                f"the store {self.name} does not let this program do that ({said}): give its user"
                " the right to; what is stored is kept"
            )
        if isinstance(error, errors.DiskFull):
            return IndexUnavailable(
                f"the store {self.name} cannot be written ({said}): make room on its server; what"
                " was stored before is kept"
            )
        if isinstance(error, psycopg.DataError | psycopg.IntegrityError | psycopg.ProgrammingError):
            return StoreDamaged(
                f"the store {self.name} is not as this version made it ({said}): run `rag doctor`,"
                " put a copy of the database back, or name another and ingest the articles again"
            )
        return Unreachable(
            f"the store {self.name} cannot be used ({said}): see that PostgreSQL runs and lets"
            " this program in; it is tried again with the next question, and no article is lost"
        )

    def _check_encoding(self, connection: Any, record: object) -> None:
        """See that the database takes every letter.

        Raises:
            SettingsError: it does not.
        """
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            connection.close()
            raise SettingsError(
                f"the database {self.name} has the encoding {encoding}, which lacks most letters:"
                " name one that was made with `CREATE DATABASE … ENCODING 'UTF8'`"
            )

    def _said(self, error: BaseException | None) -> str:
        """The first line of an error, without what is secret."""
        lines = str(error).strip().splitlines()
        said = lines[0] if lines else type(error).__name__
        for secret in self._secrets:
            said = said.replace(secret, "…")
        return said


def _without_nul(
    connection: sa.Connection,
    cursor: Any,
    statement: str,
    parameters: Any,
    context: Any,
    executemany: bool,
) -> tuple[str, Any]:
    """Look for a text with a NUL as for what is not there: PostgreSQL has no such text.

    Raises:
        ReadError: one is to be stored.
    """
    rows = parameters if isinstance(parameters, list | tuple) else [parameters]
    if not any(_has_nul(value) for row in rows for value in row.values()):
        return statement, parameters
    if not statement.lstrip().startswith("SELECT"):
        raise ReadError("a text that holds a NUL character cannot be stored: take it out")
    changed = [
        {
            name: value.replace("\0", _NO_TEXT) if _has_nul(value) else value
            for name, value in row.items()
        }
        for row in rows
    ]
    return statement, changed if executemany else changed[0]


def _has_nul(value: object) -> bool:
    return isinstance(value, str) and "\0" in value


def _url(address: str) -> sa.URL:
    try:
        url = sa.make_url(address)
    except (sa.exc.ArgumentError, ValueError):
        # The address may hold a password, so it is not repeated.
        raise SettingsError(
            "the setting `store` is no address: it is like postgresql://user@host:5432/name"
        ) from None
    if url.drivername not in _SPELLINGS or not (url.database or url.query):
        raise SettingsError(
            f"the setting `store` names {url.drivername!r}: it is the address of a PostgreSQL"
            " database, like postgresql://user@host:5432/name; without it the store is a file in"
            " the index folder"
        )
    return url


def _check_options(url: sa.URL) -> None:
    """See that PostgreSQL knows what the address asks for.

    Raises:
        SettingsError: it does not.
    """
    from psycopg import ProgrammingError
    from psycopg.conninfo import make_conninfo

    for name in url.query:
        try:
            make_conninfo("", **{name: ""})
        except ProgrammingError:
            raise SettingsError(
                f"the setting `store` asks for {name!r}, which PostgreSQL does not know"
            ) from None


def _name(url: sa.URL) -> str:
    port = f":{url.port}" if url.port else ""
    return f"postgresql://{url.host or 'localhost'}{port}/{url.database or ''}"


def _passwords(url: sa.URL) -> list[str]:
    return [_one(url, name) for name in ("password", "sslpassword")]


def _one(url: sa.URL, name: str) -> str:
    value = url.query.get(name, "")
    return value if isinstance(value, str) else " ".join(value)


def _wait(connection: sa.Connection, patience: float, name: str) -> None:
    until = time.monotonic() + patience
    trying = sa.text(f"SELECT pg_try_advisory_lock({_CORPUS}, {_KEY})")
    while not connection.execute(trying).scalar():
        connection.rollback()
        if time.monotonic() >= until:
            raise IndexBusy(f"another process is writing to {name}: wait until it is done")
        time.sleep(_TRY_SECONDS)
    connection.rollback()  # the lock stays: it is the connection's, not the transaction's


def _let_go(connection: sa.Connection) -> None:
    """Give the lock back; a connection that cannot is closed, and the server drops its lock."""
    if connection.invalidated:
        return
    try:
        connection.rollback()
        connection.execute(sa.text(f"SELECT pg_advisory_unlock({_CORPUS}, {_KEY})"))
        connection.rollback()
    except sa.exc.SQLAlchemyError:
        with suppress(sa.exc.SQLAlchemyError):
            connection.invalidate()
