"""The checks of the machine, and of the index folder as files on its disk."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

from rag.upkeep.checks.check import Check, Seen, State, some
from rag.upkeep.fitness import free_bytes, locked_files, unfit_packages

# A new generation is a copy of the one before, and the store's log grows beside it.
_ROOM = 3
_LEAST_FREE = 64 * 2**20  # bytes
# What is made again when it is not there, and what each is; the store is not among them.
_FILES, _FOLDERS = ("current", "write.lock", "publish.lock"), ("generations",)


def of_machine(folder: Path) -> Iterator[Check]:
    """The checks of the machine, and of the folder if it is there."""
    yield Check("packages", _packages)
    if folder.exists():  # beside a store on a server there may be none yet
        yield Check("permissions", lambda: _permissions(folder))
        yield Check("places", lambda: _places(folder), lambda: _put_aside(folder))
        yield Check("disk", lambda: _disk(folder))


def _packages() -> Seen:
    unfit = unfit_packages()
    if unfit:
        return Seen(State.WRONG, f"{some(unfit)}: install the package again with its lock file")
    return Seen(State.OK, "of the versions wanted")


def _permissions(folder: Path) -> Seen:
    locked = locked_files(folder)
    if locked:
        said = f"cannot be read and written: {some([str(path) for path in locked])}"
        return Seen(State.WRONG, said)
    return Seen(State.OK, "every file can be read and written")


def _places(folder: Path) -> Seen:
    misplaced = _misplaced(folder)
    if misplaced:
        return Seen(State.WRONG, f"in the place of a part of the index lies {some(misplaced)}")
    return Seen(State.OK, "every part of the index has its place")


def _put_aside(folder: Path) -> str:
    names = []
    for name in _misplaced(folder):
        names.append(f"misplaced-{secrets.token_hex(4)}-{name}")
        (folder / name).rename(folder / names[-1])
    return f"kept as {some(names)}"


def _misplaced(folder: Path) -> list[str]:
    """The names of files where folders belong, and of folders where files do."""
    files = [name for name in _FILES if (folder / name).is_dir()]
    return files + [name for name in _FOLDERS if (folder / name).is_file()]


def _disk(folder: Path) -> Seen:
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    wanted = max(_LEAST_FREE, _ROOM * max(sizes, default=0))
    free = free_bytes(folder)
    if free < wanted:
        said = f"{free >> 20:,} MiB free, an ingest may need {wanted >> 20:,} MiB: make room"
        return Seen(State.WRONG, said)
    return Seen(State.OK, f"{free >> 20:,} MiB free")
