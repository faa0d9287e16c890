"""The checks of the machine, and of the index folder as files on its disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rag.upkeep.checks.check import Check, Seen, State, some
from rag.upkeep.fitness import free_bytes, locked_files, unfit_packages

# A new generation is a copy of the one before, and the store's log grows beside it.
_ROOM = 3
_LEAST_FREE = 64 * 2**20  # bytes


def of_machine(folder: Path) -> Iterator[Check]:
    """The checks of the machine, and of the folder if it is there."""
    yield Check("packages", _packages)
    if folder.exists():  # beside a store on a server there may be none yet
        yield Check("permissions", lambda: _permissions(folder))
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


def _disk(folder: Path) -> Seen:
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    wanted = max(_LEAST_FREE, _ROOM * max(sizes, default=0))
    free = free_bytes(folder)
    if free < wanted:
        said = f"{free >> 20:,} MiB free, an ingest may need {wanted >> 20:,} MiB: make room"
        return Seen(State.WRONG, said)
    return Seen(State.OK, f"{free >> 20:,} MiB free")
