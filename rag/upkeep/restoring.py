"""Restoring: a backup poured into a new archive, or in the place of one."""

from __future__ import annotations

import dataclasses
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rag.embeddings.embedding import identity
from rag.errors import IndexUnavailable, StoreDamaged
from rag.settings import Settings
from rag.store import Catalogue, Database, Upkeep
from rag.store.portable import pour_in
from rag.upkeep.backup import STORE, Manifest, unpacked
from rag.wiring import Parts, assemble


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


def restore(file: Path, folder: Path, settings: Settings) -> Restored:
    """Fill a new or empty archive with a backup, and make its indexes.

    Raises:
        ReadError: the file is no sound backup; nothing is changed.
        IndexUnavailable: there are articles, or other things, in the folder already.
        IndexBusy: another process is writing to it.
    """
    with unpacked(file) as (manifest, source):
        fresh = not folder.exists()
        holds_no_store = settings.store is None and not (folder / STORE).exists()
        if holds_no_store and folder.is_dir() and any(folder.iterdir()):
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
    with unpacked(file) as (manifest, source):
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


def _poured(
    source: Database,
    manifest: Manifest,
    folder: Path,
    settings: Settings,
    admit: Callable[[Parts], None],
) -> Restored:
    """Put the rows of a store into an archive that `admit` lets pass, and make its indexes."""
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
    """Let only an empty archive pass.

    Raises:
        IndexUnavailable: there are articles in it.
    """
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
    for path in folder.glob(f"{STORE}*"):
        path.rename(aside / path.name)
    return aside


def _put_back(folder: Path, aside: Path) -> None:
    """Undo `_put_aside`: what was begun in its place goes."""
    for path in folder.glob(f"{STORE}*"):
        path.unlink()
    for path in aside.iterdir():
        path.rename(folder / path.name)
    aside.rmdir()
