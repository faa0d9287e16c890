"""A watch over folders: first all the files that are there, then those that change."""

from __future__ import annotations

import stat
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ReadError
from rag.ingest.files import Root, is_known, readable

# A file that has not grown for so long is taken to be written; a writer that pauses longer should
# write under a hidden name and rename.
SETTLED_SECONDS = 2.0
# After a round that could not be stored (a full disk, another writer) the next comes so much later.
AGAIN_SECONDS = 10.0
_LOOK_MILLISECONDS = 250

# Size and time of the last change; None for a file that is not there.
_State = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class _Seen:
    """How a file was last seen, and since when (seconds of the watch's clock) it is so."""

    state: _State
    since: float


class Watch:
    """Follows folders; what changes is given once it has settled, several changes together."""

    def __init__(
        self,
        folders: Sequence[Path],
        *,
        settled: float = SETTLED_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folders = [folder.expanduser().resolve() for folder in folders]
        self._settled = settled
        self._clock = clock
        self._seen: dict[Path, _Seen] = {}
        # Folders of which all is to be told, so that what is gone already can be pruned.
        self._whole = set(self._folders)
        for folder in self._folders:
            if not folder.is_dir():
                raise ReadError(f"{folder} is no folder: only folders can be watched")

    def rounds(self) -> Iterator[tuple[Root, ...]]:
        """What to ingest next, without end: first all that is there, also if that is nothing.

        Files that are still being written wait for a later round; what is gone is named in its
        root, for whoever prunes.

        Raises:
            ReadError: the system does not let the folders be watched.
        """
        looks = self._looks()
        # Watching begins before the listing, so that nothing falls between the two.
        next(looks)
        for folder in self._folders:
            for path in readable(folder):
                self._seen[path] = self._first_seen(path)
        yield self._round()
        for changed in looks:
            for path in changed:
                self._look_at(path)
            roots = self._round()
            if roots:
                yield roots

    def again(self, roots: Sequence[Root]) -> None:
        """Give these once more, later: they could not be stored."""
        later = self._clock() + AGAIN_SECONDS
        for root in roots:
            if not root.alone:
                self._whole.add(root.folder)
            for path in (*root.files, *root.gone):
                self._seen.setdefault(path, _Seen(_state(path), later))

    def _looks(self) -> Iterator[set[Path]]:
        """The paths that changed since the look before, a few looks a second.

        A folder that was deleted and made anew is another one to the system, be it of the same
        number: it is watched from then on, and all in it has changed.
        """
        watched = self._identities()
        lost: set[Path] = set()
        anew: set[Path] = set()
        while True:
            for changed, deleted in self._watched():
                there = {path for folder in anew for path in readable(folder)}
                anew = set()
                yield changed | there
                now = self._identities()
                lost |= {each for each in now if each in deleted or now[each] != watched[each]}
                if lost and None not in now.values():
                    watched, anew, lost = now, lost, set()
                    break

    def _watched(self) -> Iterator[tuple[set[Path], set[Path]]]:
        """The paths that changed in the folders as they are now, and those deleted among them."""
        from watchfiles import Change, watch

        try:
            for changes in watch(
                *self._folders,
                watch_filter=None,
                debounce=_LOOK_MILLISECONDS,
                rust_timeout=_LOOK_MILLISECONDS,
                yield_on_timeout=True,
                raise_interrupt=True,
            ):
                deleted = {Path(name) for kind, name in changes if kind is Change.deleted}
                yield {Path(name) for _, name in changes}, deleted
        except OSError as error:
            raise ReadError(f"the folders cannot be watched: {error}") from error

    def _identities(self) -> dict[Path, tuple[int, int] | None]:
        """What the system knows each folder by; None for one that is not there."""
        return {folder: _identity(folder) for folder in self._folders}

    def _first_seen(self, path: Path) -> _Seen:
        """A file that was there before; one that changed long ago need not be waited for."""
        state = _state(path)
        old = state is not None and state[1] / 1e9 < time.time() - self._settled
        return _Seen(state, self._clock() - (self._settled if old else 0))

    def _round(self) -> tuple[Root, ...]:
        """What has settled, a root for each folder of which there is anything to tell."""
        ready = self._take_ready()
        roots = []
        for folder in self._folders:
            here = [path for path in ready if folder in path.parents]
            if here or folder in self._whole:
                root = Root(
                    folder,
                    files=tuple(path for path in here if _state(path)),
                    alone=folder not in self._whole,
                    gone=tuple(path for path in here if not _state(path)),
                    waiting=tuple(path for path in self._seen if folder in path.parents),
                )
                roots.append(root)
                self._whole.discard(folder)
        return tuple(roots)

    def _look_at(self, path: Path) -> None:
        """Note a path that changed: a file, all the files of a folder, or that it is gone."""
        folder = next((each for each in self._folders if each in path.parents), None)
        if folder is None:
            return
        # A folder that is only linked to is not followed, as in a listing.
        if path.is_symlink() and path.is_dir():
            return
        found = list(readable(path)) if path.is_dir() else [path]
        for each in found:
            if is_known(each, folder) or not each.exists():
                self._seen[each] = _Seen(_state(each), self._clock())

    def _take_ready(self) -> list[Path]:
        """The paths that stay as they are for long enough now, in order; they are forgotten."""
        now = self._clock()
        for path, seen in self._seen.items():
            state = _state(path)
            if state != seen.state:
                self._seen[path] = _Seen(state, now)
        ready = [p for p, seen in self._seen.items() if now - seen.since >= self._settled]
        for path in ready:
            del self._seen[path]
        return sorted(ready)


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _state(path: Path) -> _State:
    """How a file is now; None for what is no file: reading a pipe could last for ever."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None
