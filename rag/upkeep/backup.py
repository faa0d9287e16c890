"""Backups: the whole store in one file, and back.

A backup is a gzipped tar of `manifest.json` (what it is, and the hash of what follows) and
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
import secrets
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from rag.embeddings.embedding import identity
from rag.errors import IndexUnavailable, ReadError, StoreDamaged
from rag.records import Filters
from rag.settings import Settings
from rag.store import Catalogue, Database, Store, Upkeep
from rag.store.portable import copy_out, pour_in
from rag.upkeep.holdings import check_there
from rag.wiring import Parts, assemble

_FORMAT, _VERSION = "dateline-backup", 1
_MANIFEST, _STORE = "manifest.json", "store.sqlite3"
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


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of a restoring.

    `searchable` is False where the settings in force are not those of the backup: then `rag
    rebuild` makes the indexes, or the settings are put back. `aside` is where a damaged store was
    put.
    """

    manifest: Manifest
    searchable: bool
    aside: Path | None = None


def back_up(folder: Path, settings: Settings, file: Path) -> Manifest:
    """Write the store as it is at this moment to one file, beside whoever reads or ingests.

    Only this user may read the file. An older backup of that name is replaced when all is written.

    Raises:
        ReadError: the file is there and is no backup, or cannot be written.
    """
    if file.exists() and not _is_backup(file):
        raise ReadError(f"{file} is there and is no backup of an archive: name another file")
    try:
        with tempfile.TemporaryDirectory(prefix=".dateline-", dir=file.parent) as place:
            return _written(folder, settings, file, Path(place))
    except OSError as error:
        raise ReadError(
            f"the backup {file} cannot be written ({error.strerror or error}): check free space"
            " and permissions, or choose another place"
        ) from error


def manifest_of(file: Path) -> Manifest:
    """What a backup says of itself; what follows is not verified.

    Raises:
        ReadError: the file is no backup, is damaged, or was made by a later version.
    """
    with _opened(file) as tar:
        return _manifest(file, tar)


def restore(file: Path, folder: Path, settings: Settings) -> Restored:
    """Fill a new or empty archive with a backup, and make its indexes.

    Raises:
        ReadError: the file is no sound backup; nothing is changed.
        IndexUnavailable: there are articles, or other things, in the folder already.
        IndexBusy: another process is writing to it.
    """
    with _unpacked(file) as (manifest, source):
        fresh = not folder.exists()
        holds_no_store = settings.store is None and not (folder / _STORE).exists()
        if holds_no_store and not fresh and any(folder.iterdir()):
            raise IndexUnavailable(f"{folder} holds other things: name an empty folder")
        try:
            return _poured(source, manifest, folder, settings, _refuse_full)
        except BaseException:
            if fresh:
                shutil.rmtree(folder, ignore_errors=True)
            raise


def replace(file: Path, folder: Path, settings: Settings) -> Restored:
    """Put a backup in the place of all that an archive holds, and make its indexes.

    What is there stays until the backup is whole in its place, in one step. A store that cannot
    be read any more is put aside.

    Raises:
        ReadError: the file is no sound backup; nothing is changed.
        IndexBusy: another process is writing to the archive.
    """
    with _unpacked(file) as (manifest, source):
        try:
            return _poured(source, manifest, folder, settings, lambda parts: None)
        except StoreDamaged:
            aside = _put_aside(folder)
        try:
            restored = _poured(source, manifest, folder, settings, lambda parts: None)
        except BaseException:
            _put_back(folder, aside)
            raise
        return dataclasses.replace(restored, aside=aside)


def _is_backup(file: Path) -> bool:
    try:
        return manifest_of(file).format == _FORMAT
    except ReadError:
        return False


def _written(folder: Path, settings: Settings, file: Path, place: Path) -> Manifest:
    check_there(folder, settings)
    parts = assemble(folder, settings)
    try:
        copy = Database(place / _STORE)
        counts = copy_out(parts.database, copy)
    finally:
        parts.index.close()
        parts.store.close()
    # The copy is told of, not the store: that may have changed since.
    store = Store(copy, embedding=identity(settings.embedding))
    manifest = Manifest(
        made=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        fingerprint=store.fingerprint() or parts.fingerprint,
        corpus=store.corpus(),
        articles=store.coverage(Filters()).articles,
        versions=counts["articles"],
        conversations=counts["conversations"],
        bytes=0,
        sha256="",
    )
    # Closed by its last reader, SQLite's file is one file.
    copy.close()
    with (place / _STORE).open("rb") as content:
        hashed = hashlib.file_digest(content, "sha256").hexdigest()
        size = content.tell()
    manifest = dataclasses.replace(manifest, bytes=size, sha256=hashed)
    _packed(manifest, place / _STORE, place / "packed")
    (place / "packed").replace(file)
    return manifest


def _packed(manifest: Manifest, store: Path, target: Path) -> None:
    """Write the tar, readable by this user alone, through to disk."""
    with open(target, "xb", opener=_privately) as raw:
        with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=_LEVEL) as tar:
            said = json.dumps(dataclasses.asdict(manifest), indent=2).encode()
            member = tarfile.TarInfo(_MANIFEST)
            member.size = len(said)
            tar.addfile(member, io.BytesIO(said))
            tar.add(store, _STORE, filter=_nameless)
        raw.flush()
        os.fsync(raw.fileno())


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
        raise ReadError(f"{file} cannot be read: {error.strerror or error}") from error


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
    except (ValueError, KeyError, TypeError) as error:
        raise ReadError(f"{file} is no backup of an archive, or is damaged ({error})") from error
    if manifest.format != _FORMAT:
        raise ReadError(f"{file} is no backup of an archive")
    return manifest


@contextmanager
def _unpacked(file: Path) -> Iterator[tuple[Manifest, Database]]:
    """The manifest and the store of a backup that is as it was written."""
    with tempfile.TemporaryDirectory(prefix="dateline-") as place:
        path = Path(place) / _STORE
        with _opened(file) as tar:
            manifest = _manifest(file, tar)
            member = tar.next()
            content = tar.extractfile(member) if member and member.name == _STORE else None
            if content is None or _copied(content, path, manifest.bytes) != manifest.sha256:
                raise ReadError(f"{file} is damaged: its store is not what was written")
        source = Database(path)
        try:
            yield manifest, source
        finally:
            source.close()


def _copied(content: IO[bytes], path: Path, size: int) -> str:
    """Write so many bytes and no more; the hash of what there was."""
    hashed = hashlib.sha256()
    with path.open("wb") as file:
        while size > 0 and (part := content.read(min(size, 1 << 20))):
            hashed.update(part)
            file.write(part)
            size -= len(part)
    return hashed.hexdigest()


def _poured(
    source: Database,
    manifest: Manifest,
    folder: Path,
    settings: Settings,
    admit: Callable[[Parts], None],
) -> Restored:
    parts = assemble(folder, settings)
    try:
        with parts.index.writing():
            admit(parts)
            pour_in(source, parts.database)
            searchable = manifest.fingerprint == parts.fingerprint
            if searchable:
                parts.index.remake()
                parts.index.discard_others()
            Upkeep(parts.database, embedding=identity(settings.embedding)).compact()
    finally:
        parts.index.close()
        parts.store.close()
    return Restored(manifest, searchable)


def _refuse_full(parts: Parts) -> None:
    held = Catalogue(parts.database).census()
    if held.versions:
        raise IndexUnavailable(
            f"there is an archive of {held.articles:,} articles in {parts.database.name} already:"
            " restore with --replace to give it up, or name another folder with --index"
        )


def _put_aside(folder: Path) -> Path:
    """Give a damaged store another name; a restored one can take its place then."""
    aside = folder / f"damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    aside.mkdir()
    for path in folder.glob(f"{_STORE}*"):
        path.rename(aside / path.name)
    return aside


def _put_back(folder: Path, aside: Path) -> None:
    for path in folder.glob(f"{_STORE}*"):
        path.unlink()
    for path in aside.iterdir():
        path.rename(folder / path.name)
    aside.rmdir()
