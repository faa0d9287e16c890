"""The files that an ingest reads."""

from __future__ import annotations

import glob
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ReadError
from rag.reading import FORMATS
from rag.store import Origin


@dataclass(frozen=True, slots=True)
class Root:
    """A path that was given: a folder with the files to read under it, or a file alone.

    A file's folder is the one it lies in; `alone` tells that nothing else there was looked at.
    """

    folder: Path
    files: tuple[Path, ...]
    alone: bool = False

    def origin(self, path: Path) -> Origin:
        """Where an article of this file comes from."""
        return Origin(str(self.folder), path.relative_to(self.folder).as_posix())

    def covers(self, origin: Origin) -> bool:
        """Whether an article from there would have been met, were it still there."""
        if origin.folder != str(self.folder):
            return False
        return not self.alone or any(within(origin, self.origin(path)) for path in self.files)


def within(origin: Origin, file: Origin) -> bool:
    """Whether a place is a file or lies in it, as the members of an archive do."""
    same = origin.folder == file.folder
    return same and (origin.path == file.path or origin.path.startswith(f"{file.path}/"))


def roots_of(path: Path) -> list[Root]:
    """The roots that a path names: itself, or where it is a pattern, each that matches.

    Raises:
        ReadError: nothing is there.
    """
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
        return Root(path, tuple(_readable(path)))
    if path.is_file():
        return Root(path.parent, (path,), alone=True)
    raise ReadError(f"there is no file or folder {path}")


def _readable(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in FORMATS and not hidden and path.is_file():
            yield path
