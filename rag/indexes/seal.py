"""A seal: the size and hash of each file of a finished folder, so that damage is seen in time."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

_SEAL = "seal.json"
# Made by whoever opens a folder, and no part of what it holds.
_PASSING = (".lock", "-journal", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Seal:
    """What was sealed: the store's generation, its token, and the files with size and hash."""

    generation: int
    token: str
    files: dict[str, tuple[int, str]]


def seal(folder: Path, *, generation: int, token: str) -> None:
    """Seal a folder that changes no more; the seal is its last file, written through to disk."""
    found = {name: (path.stat().st_size, _hash(path)) for name, path in _files(folder).items()}
    text = json.dumps({"generation": generation, "token": token, "files": found})
    with (folder / _SEAL).open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def seal_of(folder: Path) -> Seal | None:
    """The seal of a folder whose files all have their sizes; None if not, or if there is none."""
    try:
        found = json.loads((folder / _SEAL).read_text(encoding="utf-8"))
        files = {name: (int(size), str(hashed)) for name, (size, hashed) in found["files"].items()}
        sealed = Seal(int(found["generation"]), str(found["token"]), files)
        sizes = {name: path.stat().st_size for name, path in _files(folder).items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return sealed if sizes == {name: size for name, (size, _) in files.items()} else None


def is_whole(folder: Path, sealed: Seal) -> bool:
    """Whether every file still has its hash; reads them all (a gigabyte in about a second).

    Native code that reads a damaged graph may bring the process down, so this comes first.
    """
    try:
        return all(_hash(folder / name) == hashed for name, (_, hashed) in sealed.files.items())
    except OSError:
        return False


def _files(folder: Path) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != _SEAL and not path.name.endswith(_PASSING)
    }


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
