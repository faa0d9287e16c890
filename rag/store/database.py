"""The file of the store: opened, read in any thread, changed one transaction at a time."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa

from rag.errors import IndexMismatch, IndexUnavailable, StoreDamaged
from rag.store.schema import EARLIER, bring_up, schema_of
from rag.store.tables import SCHEMA

# How long a connection waits for a writer in another thread or process.
_BUSY_SECONDS = 30.0
# SQLite's own codes for a file that is no store (any more), whatever else went wrong before.
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class Database:
    """A SQLite file with a write-ahead log; one in a folder that cannot be written is only read.

    Raises (all methods):
        StoreDamaged: the file is not a readable store.
        IndexUnavailable: it cannot be opened or written.
        IndexMismatch: it was made by another version of this package.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        _make_folder(path)
        self._frozen = path.exists() and not _writable(path)
        # Threads of the page ask at once; each holds a connection for a few milliseconds.
        self._engine = sa.create_engine(
            "sqlite://", creator=self._connect, poolclass=sa.QueuePool, max_overflow=-1
        )
        if self._schema_found() != SCHEMA:
            with self.writing() as connection:
                bring_up(connection)

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection to read with."""
        with self._translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that nobody else writes beside; undone if an error leaves the block."""
        with self._translated(), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def _connect(self) -> sqlite3.Connection:
        where = f"file:{quote(self.path.as_posix())}{self._mode()}"
        connection = sqlite3.connect(
            where, uri=True, timeout=_BUSY_SECONDS, check_same_thread=False, isolation_level=None
        )
        if not self._frozen:
            _set_journal(connection)
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        return connection

    def _mode(self) -> str:
        if not self._frozen:
            return ""
        log = self.path.with_name(self.path.name + "-wal")
        # SQLite reads beside a log only with its shared memory; without one the file is all.
        return "?mode=ro" if log.exists() and log.stat().st_size else "?immutable=1"

    def _schema_found(self) -> str | None:
        """The schema of the tables that are there, None where there are none.

        Raises:
            IndexMismatch: they are a later version's, or an earlier one's and only to be read.
        """
        with self.reading() as connection:
            found = schema_of(connection)
        if found not in (None, SCHEMA, *EARLIER):
            raise IndexMismatch(
                f"the store {self.path} has schema {found}, this version reads {SCHEMA}: use the"
                " version that made it, or a later one"
            )
        if found in EARLIER and self._frozen:
            raise IndexMismatch(
                f"the store {self.path} has schema {found} and cannot be written: open it once"
                " where it can be, to bring it up to this version"
            )
        return found

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sa.exc.DBAPIError as error:
            raise self._meaning(error.orig) from error
        except sqlite3.Error as error:
            raise self._meaning(error) from error

    def _meaning(self, error: BaseException | None) -> IndexUnavailable | StoreDamaged:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _DAMAGED or not isinstance(error, sqlite3.OperationalError):
            return StoreDamaged(
                f"the store {self.path} is damaged ({error}): put a copy of it back, or move"
                f" {self.path.parent} away and ingest the articles again"
            )
        return IndexUnavailable(
            f"the store {self.path} cannot be used ({error}): check the folder's permissions and"
            " free space, or choose another with --index"
        )


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise IndexUnavailable(
            f"cannot make the index folder {path.parent}: {error.strerror}; choose another"
            " with --index or RAG_INDEX"
        ) from error


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _set_journal(connection: sqlite3.Connection) -> None:
    """Keep a write-ahead log, so that readers go on beside a writer; a file remembers it."""
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode=WAL")
