"""The database of the store: opened, read in any thread, changed one transaction at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from rag.errors import DatelineError, IndexMismatch, StoreDamaged, Unreachable
from rag.store.file import StoreFile
from rag.store.schema import EARLIER, bring_up, schema_of
from rag.store.server import StoreServer
from rag.store.tables import SCHEMA


class Place(Protocol):
    """Where the tables lie; what differs between a file and a server."""

    @property
    def name(self) -> str: ...
    @property
    def folder(self) -> Path | None: ...
    @property
    def frozen(self) -> bool: ...
    @property
    def engine(self) -> sa.Engine: ...
    @property
    def errors(self) -> tuple[type[Exception], ...]: ...
    def reading(self) -> AbstractContextManager[sa.Connection]: ...
    def streaming(self) -> AbstractContextManager[sa.Connection]: ...
    def begin(self, connection: sa.Connection) -> None: ...
    def lock(self, patience: float) -> AbstractContextManager[sa.Connection | None]: ...
    def meaning(self, error: BaseException | None) -> DatelineError: ...


class Database:
    """A SQLite file with a write-ahead log, or a PostgreSQL database; the same tables in both.

    A file in a folder that cannot be written is only read. A server that was away is found again.

    Raises (all methods):
        StoreDamaged: there is no readable store.
        IndexUnavailable: it cannot be opened or written; `Unreachable` where a server is away.
        IndexMismatch: it was made by another version of this package.
    """

    def __init__(self, where: Path | str) -> None:
        """The store in a file, or at the address of a PostgreSQL database.

        Raises:
            SettingsError: the address is none of PostgreSQL.
            MissingPackage: PostgreSQL's driver is not installed.
        """
        self._place: Place = StoreFile(where) if isinstance(where, Path) else StoreServer(where)
        self._mine = threading.local()
        if self._schema_found() != SCHEMA:
            with self.writing() as connection:
                bring_up(connection)

    @property
    def name(self) -> str:
        """The file or the address, without a password."""
        return self._place.name

    @property
    def folder(self) -> Path | None:
        """The folder that the file lies in; None for a server."""
        return self._place.folder

    def close(self) -> None:
        self._place.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection to read with."""
        with self.translated(), self._readable(), self._place.reading() as connection:
            yield connection

    @contextmanager
    def streaming(self) -> Iterator[sa.Connection]:
        """A connection to read many rows with, as they are asked for."""
        with self.translated(), self._readable(), self._place.streaming() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction, undone if an error leaves the block; its writers come one by one.

        On a server, who has `locked` the articles does not wait for readers' conversations, and
        those not for an ingest.
        """
        held = self._held()
        with self.translated(), self._connected(held) as connection:
            try:
                if held is None:
                    self._place.begin(connection)
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    @contextmanager
    def locked(self, patience: float) -> Iterator[None]:
        """Be the one process that changes the articles; wait at most `patience` seconds for it.

        What this thread writes meanwhile is written only if the lock still holds.

        Raises:
            IndexBusy: another process is.
        """
        with self.translated(), self._place.lock(patience) as connection:
            self._mine.connection = connection
            try:
                yield
            finally:
                self._mine.connection = None

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Have what goes wrong in the block told as this database's; reading and writing do so."""
        try:
            yield
        except sa.exc.DBAPIError as error:
            raise self._place.meaning(error.orig) from error
        except self._place.errors as error:
            raise self._place.meaning(error) from error

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """Have a value that is none of its column's kind told as the damage that it is."""
        try:
            yield
        except ValueError as error:
            raise StoreDamaged(
                f"the store {self.name} holds what it cannot hold ({error}): run `rag doctor`"
            ) from error

    def _connected(self, held: sa.Connection | None) -> AbstractContextManager[sa.Connection]:
        return nullcontext(held) if held else self._place.engine.connect()

    def _held(self) -> sa.Connection | None:
        """The connection that holds this thread's lock on the articles; None if there is none."""
        held: sa.Connection | None = getattr(self._mine, "connection", None)
        if held is not None and held.invalidated:
            raise Unreachable(
                f"the store {self.name} went away and others may write to it now: begin again;"
                " what was stored before is kept"
            )
        return held

    def _schema_found(self) -> str | None:
        """The schema of the tables that are there, None where there are none.

        Raises:
            IndexMismatch: they are a later version's, or an earlier one's and only to be read.
        """
        with self.reading() as connection:
            found = schema_of(connection)
        if found not in (None, SCHEMA, *EARLIER):
            raise IndexMismatch(
                f"the store {self.name} has schema {found}, this version reads {SCHEMA}: use the"
                " version that made it, or a later one"
            )
        if found in EARLIER and self._place.frozen:
            raise IndexMismatch(
                f"the store {self.name} has schema {found} and cannot be written: open it once"
                " where it can be, to bring it up to this version"
            )
        return found
