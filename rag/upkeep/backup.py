"""A backup: the whole store in one file.

It is a gzipped tar of `manifest.json` (what it is, and the hash of what follows) and
`store.sqlite3`: articles, versions, passages, vectors, conversations, remarks, and the hashes of
keys. The indexes are not in it: they are made from the store, and nothing is embedded for that.
"""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import io
import json
import os
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from rag.errors import ReadError
from rag.indexes.scratch import Scratch
from rag.store import Database

STORE = "store.sqlite3"
_FORMAT, _VERSION = "dateline-backup", 1
_MANIFEST = "manifest.json"
_MOST_MANIFEST_BYTES = 1_000_000
# Vectors do not get smaller, and the texts hardly by trying harder.
_LEVEL = 1
_DAMAGED = (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds; `made` is in UTC, `corpus` and `fingerprint` as `status` has them."""

    made: str
    fingerprint: str
    corpus: str
    articles: int
    versions: int
    conversations: int
    bytes: int
    sha256: str
    format: str = _FORMAT
    version: int = _VERSION


def manifest_of(file: Path) -> Manifest:
    """What a backup says of itself; what follows is not verified.

    Raises:
        ReadError: the file is no backup, is damaged, or was made by a later version.
    """
    with _opened(file) as tar:
        return _manifest(file, tar)


def is_backup(file: Path) -> bool:
    """Whether the file is one, as far as its beginning tells."""
    try:
        return manifest_of(file).format == _FORMAT
    except ReadError:
        return False


def pack(manifest: Manifest, store: Path, target: Path) -> None:
    """Write the backup to a new file, readable by this user alone, through to disk."""
    with open(target, "xb", opener=_privately) as raw:
        with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=_LEVEL) as tar:
            said = json.dumps(dataclasses.asdict(manifest), indent=2).encode()
            member = tarfile.TarInfo(_MANIFEST)
            member.size = len(said)
            tar.addfile(member, io.BytesIO(said))
            tar.add(store, STORE, filter=_nameless)
        raw.flush()
        os.fsync(raw.fileno())


@contextmanager
def unpacked(file: Path) -> Iterator[tuple[Manifest, Database]]:
    """The manifest and the store of a backup, which lies aside until the block ends.

    Raises:
        ReadError: the file is no backup, or not as it was written.
    """
    with closing(Scratch()) as aside:
        path = aside.folder / STORE
        with _opened(file) as tar:
            manifest = _manifest(file, tar)
            member = tar.next()
            content = tar.extractfile(member) if member and member.name == STORE else None
            if content is None or _copied(content, path, manifest.bytes) != manifest.sha256:
                raise ReadError(f"{file} is damaged: its store is not what was written")
        with closing(Database(path)) as source:
            yield manifest, source


def _privately(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _nameless(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Whose file it was is nobody's business."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file, "r:gz") as tar:
            yield tar
    except _DAMAGED as error:
        raise ReadError(f"{file} is no backup of an archive, or is damaged ({error})") from error
    except OSError as error:
        raise ReadError(
            f"{file} cannot be read, or not be unpacked in {tempfile.gettempdir()}:"
            f" {error.strerror or error}"
        ) from error


def _manifest(file: Path, tar: tarfile.TarFile) -> Manifest:
    member = tar.next()
    said = tar.extractfile(member) if member and member.name == _MANIFEST else None
    if said is None:
        raise ReadError(f"{file} is no backup of an archive")
    try:
        found = json.loads(said.read(_MOST_MANIFEST_BYTES))
        if found["format"] == _FORMAT and found["version"] > _VERSION:
            raise ReadError(
                f"{file} was made by a later version of this program: use that to restore it"
            )
        manifest = Manifest(**found)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ReadError(f"{file} is no backup of an archive, or is damaged ({error})") from error
    if manifest.format != _FORMAT or not _is_typed(manifest):
        raise ReadError(f"{file} is no backup of an archive")
    return manifest


def _is_typed(manifest: Manifest) -> bool:
    """Whether every field is of its kind: what was read may hold anything."""
    kinds = {"str": str, "int": int}
    fields = dataclasses.fields(manifest)
    return all(isinstance(getattr(manifest, each.name), kinds[str(each.type)]) for each in fields)


def _copied(content: IO[bytes], path: Path, size: int) -> str:
    """Write so many bytes and no more; the hash of what there was."""
    hashed = hashlib.sha256()
    with path.open("wb") as file:
        while size > 0 and (part := content.read(min(size, 1 << 20))):
            hashed.update(part)
            file.write(part)
            size -= len(part)
    return hashed.hexdigest()
