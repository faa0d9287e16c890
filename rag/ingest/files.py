"""The files that an ingest reads."""

from __future__ import annotations

import glob
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from rag.errors import ReadError
from rag.reading import FORMATS
from rag.store import Origin


@dataclass(frozen=True)
class Root:
    """A path that was given: a folder with the files to read under it, or a file alone.

    A file's folder is the one it lies in; `alone` tells that nothing else there was looked at,
    except at files or folders `gone` from there. Files `waiting` are there and not to be read yet.
    """

    folder: Path
    files: tuple[Path, ...]
    alone: bool = False
    gone: tuple[Path, ...] = ()
    waiting: tuple[Path, ...] = ()

    def origin(self, path: Path) -> Origin:
        """Where an article of this file comes from."""
        return Origin(str(self.folder), path.relative_to(self.folder).as_posix())

    def covers(self, origin: Origin) -> bool:
        """Whether an article from there would have been met, were it still there."""
        if origin.folder != str(self.folder) or _lies_in(origin, self._waiting):
            return False
        return not self.alone or _lies_in(origin, self._met)

    @cached_property
    def _met(self) -> frozenset[str]:
        return frozenset(self.origin(path).path for path in (*self.files, *self.gone))

    @cached_property
    def _waiting(self) -> frozenset[str]:
        return frozenset(self.origin(path).path for path in self.waiting)


def within(origin: Origin, file: Origin) -> bool:
    """Whether a place is a file or lies in it, as the members of an archive do."""
    same = origin.folder == file.folder
    return same and (origin.path == file.path or origin.path.startswith(f"{file.path}/"))


def _lies_in(origin: Origin, paths: frozenset[str]) -> bool:
    """Whether a place is one of the paths or lies in one."""
    if not paths:
        return False
    path = PurePosixPath(origin.path)
    return any(str(each) in paths for each in (path, *path.parents))


def roots_of(path: str | Path) -> list[Root]:
    """The roots that a path names: itself, or where it is a pattern, each that matches.

    Raises:
        ReadError: nothing is there.
    """
    path = Path(path)
    if not path.exists() and glob.has_magic(str(path)):
        pattern = path.expanduser().absolute()
        matching = sorted(Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor))))
        if matching:
            return [root_of(found) for found in matching]
    return [root_of(path)]


def root_of(path: Path) -> Root:
    """The root that a path names.

    Raises:
        ReadError: it is not there.
    """
    path = path.expanduser().resolve()
    if path.is_dir():
        return Root(path, tuple(readable(path)))
    if path.is_file():
        return Root(path.parent, (path,), alone=True)
    raise ReadError(f"there is no file or folder {path}")


def readable(folder: Path) -> Iterator[Path]:
    """The files under a folder whose format is read, in order; hidden ones are left out."""
    for path in sorted(folder.rglob("*")):
        if is_known(path, folder) and path.is_file():
            yield path


def is_known(path: Path, folder: Path) -> bool:
    """Whether a path under a folder is named like a file that is read, and nothing is hidden."""
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return path.suffix.lower() in FORMATS and not hidden
