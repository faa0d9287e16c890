"""The store in a file: SQLite with a write-ahead log, and a lock beside it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa

from rag.errors import IndexBusy, IndexUnavailable, StoreDamaged
from rag.lock import locked

# How long a connection waits for a writer in another thread or process.
_BUSY_SECONDS = 30.0
# SQLite's own codes for a file that is no store (any more), whatever else went wrong before.
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
# Characters of a message that may repeat an article.
_MOST_SAID = 120
# Of a lock that another program does not let go.
_LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


class StoreFile:
    """A SQLite file; one in a folder that cannot be written is `frozen`, only read."""

    errors: tuple[type[Exception], ...] = (sqlite3.Error,)

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)
        self.folder: Path | None = path.parent
        _make_folder(path)
        self.frozen = path.exists() and not _writable(path)
        # Threads of the page ask at once; each holds a connection for a few milliseconds.
        self.engine = sa.create_engine(
            "sqlite://", creator=self._connect, poolclass=sa.QueuePool, max_overflow=-1
        )

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection to read with."""
        with self.engine.connect() as connection:
            yield connection

    # Each statement reads one state of the file for as long as its rows are taken.
    streaming = reading

    def begin(self, connection: sa.Connection) -> None:
        """Begin a transaction that nobody else writes beside."""
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @contextmanager
    def lock(self, patience: float) -> Iterator[None]:
        """Be the one who changes the articles; the system drops the lock of a dead process.

        Raises:
            IndexBusy: another is, and still after `patience` seconds.
            IndexUnavailable: the folder cannot be written.
        """
        folder = self.path.parent
        with locked(folder / "write.lock", f"writing to {folder}", patience=patience):
            yield

    def meaning(self, error: BaseException | None) -> IndexBusy | IndexUnavailable | StoreDamaged:
        """What an error of the driver means to the user."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if _is_of_content(error):
            said = str(error)[:_MOST_SAID]
            return StoreDamaged(
                f"the store {self.path} is damaged ({said}): run `rag doctor`, or put a copy of it"
                " back"
            )
        is_no_file = code == sqlite3.SQLITE_CANTOPEN and self.path.is_dir()
        if code in _DAMAGED or is_no_file or not isinstance(error, sqlite3.OperationalError):
            return StoreDamaged(
                f"the store {self.path} is damaged ({error}): put a copy of it back, or move"
                f" {self.path.parent} away and ingest the articles again"
            )
        if code in _LOCKED:
            return IndexBusy(
                f"another program keeps the store {self.path} locked ({error}): wait until it is"
                " done, or end it"
            )
        if code == sqlite3.SQLITE_FULL:
            return IndexUnavailable(
                f"the store {self.path} cannot be written ({error}): make room on its disk; what"
                " was stored before is kept"
            )
        return IndexUnavailable(
            f"the store {self.path} cannot be used ({error}): check the folder's permissions and"
            " free space, or choose another with --index"
        )

    def _connect(self) -> sqlite3.Connection:
        where = f"file:{quote(self.path.as_posix())}{self._mode()}"
        connection = sqlite3.connect(
            where, uri=True, timeout=_BUSY_SECONDS, check_same_thread=False, isolation_level=None
        )
        if not self.frozen:
            _set_journal(connection)
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        return connection

    def _mode(self) -> str:
        if not self.frozen:
            return ""
        log = self.path.with_name(self.path.name + "-wal")
        # SQLite reads beside a log only with its shared memory; without one the file is all.
        return "?mode=ro" if log.exists() and log.stat().st_size else "?immutable=1"


def _is_of_content(error: BaseException | None) -> bool:
    """Whether a table or column is missing, or a text is none; no code of its own tells that."""
    return str(error).startswith(("no such table", "no such column", "Could not decode"))


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
