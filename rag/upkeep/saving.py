"""Backing up: the store as it is at a moment, written to one file beside whoever uses it."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from rag.embeddings.embedding import identity
from rag.errors import ReadError
from rag.records import Filters
from rag.settings import Settings
from rag.store import Database, Store
from rag.store.portable import copy_out
from rag.upkeep.backup import STORE, Manifest, is_backup, pack
from rag.upkeep.holdings import check_there
from rag.wiring import assemble


def back_up(folder: Path, settings: Settings, file: Path) -> Manifest:
    """Write the store as it is at this moment to one file, beside whoever reads or ingests.

    Only this user may read the file. An older backup of that name is replaced when all is written.

    Raises:
        ReadError: the file is there and is no backup, or cannot be written.
    """
    if file.exists() and not is_backup(file):
        raise ReadError(f"{file} is there and is no backup of an archive: name another file")
    try:
        with tempfile.TemporaryDirectory(prefix=".dateline-", dir=file.parent) as place:
            return _written(folder, settings, file, Path(place))
    except OSError as error:
        raise ReadError(
            f"the backup {file} cannot be written ({error.strerror or error}): check free space"
            " and permissions, or choose another place"
        ) from error


def _written(folder: Path, settings: Settings, file: Path, place: Path) -> Manifest:
    """Copy the store to `place`, pack it there, and move that to where it belongs."""
    check_there(folder, settings)
    parts = assemble(folder, settings)
    try:
        copy = Database(place / STORE)
        counts = copy_out(parts.database, copy)
        made = datetime.now(UTC)
    finally:
        parts.index.close()
        parts.store.close()
    # The copy is told of, not the store: that may have changed since.
    store = Store(copy, embedding=identity(settings.embedding))
    fingerprint = store.fingerprint() or parts.fingerprint
    corpus, articles = store.corpus(), store.coverage(Filters()).articles
    # Closed by its last reader, SQLite's file is one file.
    copy.close()
    size, hashed = _measured(place / STORE)
    manifest = Manifest(
        made=f"{made:%Y-%m-%dT%H:%M:%SZ}",
        fingerprint=fingerprint,
        corpus=corpus,
        articles=articles,
        versions=counts["articles"],
        conversations=counts["conversations"],
        bytes=size,
        sha256=hashed,
    )
    pack(manifest, place / STORE, place / "packed")
    (place / "packed").replace(file)
    return manifest


def _measured(file: Path) -> tuple[int, str]:
    """The bytes of a file, and their SHA-256."""
    with file.open("rb") as content:
        hashed = hashlib.file_digest(content, "sha256").hexdigest()
        return content.tell(), hashed
