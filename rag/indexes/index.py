"""The index: the generation that is searched, kept in step with the store.

    <index>/store.sqlite3          the truth, unless that lies in PostgreSQL
    <index>/write.lock             held by the one process that may change it
    <index>/publish.lock           held by the one process that may name another generation
    <index>/current                the name of the generation that is searched
    <index>/generations/<name>/    one generation, never changed once it is sealed

A change is made in a copy of the current generation, sealed, and then named in `current`. A crash
at any moment leaves the current generation as it was; one whose files are not as they were sealed
is never opened, but made again from the store (nothing is embedded again).

Replicas of a service have each an index folder of their own and one store. A replica follows the
store when nobody writes to it; until then it searches what it has. Where a Chroma server has the
vectors, and it may be the words, whoever changes the store brings that up too, before any replica.
"""

from __future__ import annotations

import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rag.errors import IndexBusy, IndexUnavailable, StoreDamaged, Unreachable
from rag.indexes.generation import Generation, descends, fits, made, opened
from rag.indexes.seal import Seal, is_whole, seal_of
from rag.indexes.served import Served
from rag.lock import locked
from rag.store import Store

_CURRENT = "current"
# A writer waits so long for another: an opening that mends the index is done by then.
_PATIENCE_SECONDS = 5.0
# What was written is to be searched: the one who wrote it waits for a reader that makes an index.
_PUBLISHING_SECONDS = 600.0


class Index:
    """Keeps the searchable generation in step with the store; for any number of threads."""

    def __init__(self, folder: Path, store: Store, served: Served | None = None) -> None:
        """The index in a folder; with `served`, a Chroma server has what that holds."""
        self._folder = folder
        self._store = store
        self._served = served
        self._open: Generation | None = None
        self._turn = threading.RLock()

    @contextmanager
    def writing(self, patience: float = _PATIENCE_SECONDS) -> Iterator[None]:
        """Hold the lock on the articles; wait for it at most `patience` seconds.

        Raises:
            IndexBusy: another process holds it.
            IndexUnavailable: the store cannot be written.
        """
        with self._store.locked(patience):
            yield

    def check(self) -> None:
        """See that the file is not a new, empty store beside an index that was made of another.

        Raises:
            StoreDamaged: it is.
        """
        if self._store.folder is None:  # a server keeps its own copies, and has others to see to it
            return
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
        """Bring the index up to the store's generation; call with the write lock held.

        Raises:
            Unreachable: the Chroma server is away. What was stored is kept, and searched later.
        """
        if self._served:
            self._served.bring_up()
        with self._publishing(_PUBLISHING_SECONDS):
            self._follow()

    def remake(self) -> None:
        """Make all from the store, whatever there is; call with the write lock held."""
        if self._served:
            self._served.renew()
        with self._publishing(_PUBLISHING_SECONDS):
            self._make_anew()

    def behind(self) -> int | None:
        """How many changes of the store the named generation lacks; None if it must be made anew.

        Only looks: neither reads its files whole nor brings anything up to date.
        """
        name = self._named()
        sealed = seal_of(self._path(name)) if name else None
        if sealed is None or not self._is_kin(sealed):
            return None
        return self._store.generation() - sealed.generation

    def is_whole(self) -> bool:
        """Whether every file of the named generation is as it was sealed; reads them all."""
        name = self._named()
        sealed = seal_of(self._path(name)) if name else None
        return sealed is not None and is_whole(self._path(name), sealed)

    def kept(self) -> list[Path]:
        """The folders of all generations, the current one first; finished or not."""
        name = self._named()
        there = self._generations.iterdir() if self._generations.is_dir() else ()
        return sorted(there, key=lambda folder: (folder.name != name, folder.name))

    def oldest(self) -> int:
        """The earliest change of the store that a generation here holds; 0 if there is none."""
        seals = [seal_of(folder) for folder in self.kept()]
        return min((sealed.generation for sealed in seals if sealed), default=0)

    def discard_others(self) -> None:
        """Delete every generation but the current one; call with the write lock held."""
        with self._publishing(_PUBLISHING_SECONDS):
            name = self._named()
            for folder in self.kept():
                if folder.name != name:
                    _delete(folder)
            for temporary in self._folder.glob(f"{_CURRENT}.*"):
                _delete(temporary)

    def close(self) -> None:
        """Let go of the files, also under a search that is still running."""
        with self._turn:
            if self._open is not None:
                self._open.close()
            self._open = None
        if self._served:
            self._served.close()

    @property
    def _generations(self) -> Path:
        return self._folder / "generations"

    def _path(self, name: str) -> Path:
        return self._generations / name

    def _brought_up(self) -> Generation:
        change = self._store.change()
        if self._open is None or self._open.folder.name != self._named():
            self._try_reopen()
        if self._open is None or (self._open.number, self._open.token) != change:
            self._catch_up()
        elif self._served and self._served.is_behind():
            with suppress(IndexUnavailable):  # a search will tell
                self._mend_served()
        if self._open is not None and not self._open.fits(self._served):
            self._catch_up()
        assert self._open is not None
        return self._open

    def _catch_up(self) -> None:
        """Follow the store, unless there is something to search and somebody is at work."""
        try:
            # An ingest changes the store batch by batch: the index follows when it is done.
            may_follow = self._mend_served()
            if may_follow or self._open is None:
                with self._publishing(0 if self._open else _PATIENCE_SECONDS):
                    self._follow()
        except (IndexBusy, IndexUnavailable):
            if self._open is None:
                raise

    def _mend_served(self) -> bool:
        """Bring the server up if nobody writes to the store; whether the folder may follow too.

        Where the server has the words, a folder ahead of it would hide that it is behind.
        """
        try:
            with self.writing(patience=0):
                if self._served:
                    self._served.bring_up()
        except IndexBusy:
            return False
        except Unreachable:  # a search will tell
            return self._served is None or self._served.has_words is False
        return True

    def _follow(self) -> None:
        """Publish and open a generation of the store as it is."""
        name = self._named()
        sealed = seal_of(self._path(name)) if name else None
        if sealed and not self._is_kin(sealed):
            sealed = None
        if sealed is None or (sealed.generation, sealed.token) != self._store.change():
            self._publish(self._made(self._path(name) if sealed else None))
        try:
            self._reopen()
        except IndexUnavailable:
            self._make_anew()

    def _is_kin(self, sealed: Seal) -> bool:
        """Whether a sealed generation is of this store and can be brought up to it."""
        return descends(sealed, self._store) and fits(sealed, self._served)

    def _make_anew(self) -> None:
        self._publish(self._made(None))
        self._reopen()

    def _made(self, base: Path | None) -> Path:
        return made(self._generations, self._store, base, self._served)

    @contextmanager
    def _publishing(self, patience: float) -> Iterator[None]:
        """Be the one who may name another generation in this folder.

        Raises:
            IndexBusy: another is, and still after `patience` seconds.
            IndexUnavailable: the folder cannot be written.
        """
        work = f"making the index in {self._folder}"
        with locked(self._folder / "publish.lock", work, patience=patience):
            yield

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
            self._open = opened(self._path(name), self._served)

    def _named(self) -> str:
        try:
            return (self._folder / _CURRENT).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            return ""

    def _publish(self, folder: Path) -> None:
        """Name a generation as the current one; the one before stays for whoever is opening it.

        Raises:
            IndexUnavailable: the name cannot be written.
        """
        before = self._named()
        temporary = self._folder / f"{_CURRENT}.{secrets.token_hex(4)}"
        try:
            temporary.write_text(folder.name, encoding="utf-8")
            temporary.replace(self._folder / _CURRENT)
        except OSError as error:
            _delete(temporary)
            _delete(folder)
            raise IndexUnavailable(
                f"{self._folder / _CURRENT} cannot be written ({error.strerror}): check free space"
                " and permissions, or run `rag doctor`; no article is lost"
            ) from error
        for other in self._generations.iterdir():
            if other.name not in (folder.name, before):
                _delete(other)


def _delete(path: Path) -> None:
    """Delete a folder with all in it, or a file; what cannot be deleted stays."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    with suppress(OSError):
        path.unlink()
