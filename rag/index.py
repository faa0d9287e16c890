"""The index: the generation that is searched, kept in step with the store.

    <index>/store.sqlite3          the truth
    <index>/write.lock             held by the one process that may write
    <index>/current                the name of the generation that is searched
    <index>/generations/<name>/    one generation, never changed once it is sealed

A change is made in a copy of the current generation, sealed, and then named in `current`. A crash
at any moment leaves the current generation as it was; one whose files are not as they were sealed
is never opened, but made again from the store (nothing is embedded again).
"""

from __future__ import annotations

import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import IndexBusy, IndexUnavailable, StoreDamaged
from rag.generation import Generation, descends, made, opened
from rag.seal import seal_of
from rag.store import Store

_CURRENT = "current"
# A writer waits so long for another: an opening that mends the index is done by then.
_PATIENCE_SECONDS = 5.0


class Index:
    """Keeps the searchable generation in step with the store; for any number of threads."""

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder = folder
        self._store = store
        self._open: Generation | None = None
        self._turn = threading.RLock()

    @contextmanager
    def writing(self, patience: float = _PATIENCE_SECONDS) -> Iterator[None]:
        """Hold the write lock; wait for it at most `patience` seconds.

        Raises:
            IndexBusy: another process holds it.
            IndexUnavailable: the folder cannot be written.
        """
        lock = FileLock(self._folder / "write.lock", timeout=patience)
        try:
            lock.acquire()
        except (Timeout, RuntimeError) as error:
            raise IndexBusy(
                f"another process is writing to {self._folder}: wait until it is done"
            ) from error
        except OSError as error:
            raise IndexUnavailable(
                f"the index folder {self._folder} cannot be written ({error.strerror}): check its"
                " permissions, or choose another with --index"
            ) from error
        try:
            yield
        finally:
            lock.release()

    def check(self) -> None:
        """See that the store is not a new, empty one beside an index that was made of another.

        Raises:
            StoreDamaged: it is.
        """
        number = self._named().partition("-")[0]
        if number.isdecimal() and int(number) and not self._store.generation():
            raise StoreDamaged(
                f"the store in {self._folder} is empty, but its index was made from articles: put"
                f" a copy of store.sqlite3 back, or move {self._folder} away and ingest again"
            )

    def current(self) -> Generation:
        """The generation to search: brought up to date first if nobody else is at it.

        Raises:
            IndexBusy: there is none yet and another process is making it.
            IndexUnavailable: there is none and none can be made.
        """
        # While one thread brings it up to date, the others search what is open.
        if not self._turn.acquire(blocking=self._open is None):
            assert self._open is not None
            return self._open
        try:
            return self._brought_up()
        finally:
            self._turn.release()

    def opened(self) -> Generation:
        """The generation that was searched last, whatever came after; `current` if none was."""
        return self._open or self.current()

    def refresh(self) -> None:
        """Bring the index up to the store's generation; call with the write lock held."""
        name = self._named()
        sealed = seal_of(self._path(name)) if name else None
        kin = sealed is not None and descends(sealed, self._store)
        if sealed is None or not kin or sealed.generation != self._store.generation():
            self._publish(made(self._generations, self._store, self._path(name) if kin else None))
        try:
            self._reopen()
        except IndexUnavailable:
            self.remake()

    def remake(self) -> None:
        """Make all from the store, whatever there is; call with the write lock held."""
        self._publish(made(self._generations, self._store, None))
        self._reopen()

    def close(self) -> None:
        """Let go of the files, also under a search that is still running."""
        with self._turn:
            if self._open is not None:
                self._open.close()
            self._open = None

    @property
    def _generations(self) -> Path:
        return self._folder / "generations"

    def _path(self, name: str) -> Path:
        return self._generations / name

    def _brought_up(self) -> Generation:
        wanted = self._store.generation()
        if self._open is None or self._open.folder.name != self._named():
            self._try_reopen()
        if self._open and self._open.number == wanted and self._is_ours(self._open):
            return self._open
        try:
            with self.writing(patience=0 if self._open else _PATIENCE_SECONDS):
                self.refresh()
        except (IndexBusy, IndexUnavailable):
            if self._open is None:
                raise
        assert self._open is not None
        return self._open

    def _is_ours(self, generation: Generation) -> bool:
        return (self._store.token(generation.number) or "") == generation.token

    def _try_reopen(self) -> None:
        try:
            self._reopen()
        except IndexUnavailable:
            self._open = None  # it is gone or damaged: to be made again

    def _reopen(self) -> None:
        """Open what `current` names; whoever still searches what was open before may go on."""
        name = self._named()
        if not name:
            raise IndexUnavailable(f"there is no index in {self._folder} yet: run `rag rebuild`")
        if self._open is None or self._open.folder.name != name:
            self._open = opened(self._path(name))

    def _named(self) -> str:
        try:
            return (self._folder / _CURRENT).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            return ""

    def _publish(self, folder: Path) -> None:
        """Name a generation as the current one; the one before stays for whoever is opening it."""
        before = self._named()
        temporary = self._folder / f"{_CURRENT}.{secrets.token_hex(4)}"
        temporary.write_text(folder.name, encoding="utf-8")
        temporary.replace(self._folder / _CURRENT)
        for other in self._generations.iterdir():
            if other.name not in (folder.name, before):
                shutil.rmtree(other, ignore_errors=True)
