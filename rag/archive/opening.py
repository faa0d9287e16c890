"""Opening an archive: that of a folder, the user's own, or that of the bundled seed articles."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

from rag import bundle, settings as configuration
from rag.archive.archive import Archive
from rag.archive.shelf import NO_FILTERS
from rag.errors import IndexMismatch, StoreDamaged
from rag.records import AS_CONFIGURED, Answer, Filters, Options, Turn
from rag.settings import Settings
from rag.wiring import assemble


def ask(
    question: str,
    *,
    turns: Sequence[Turn] = (),
    filters: Filters = NO_FILTERS,
    options: Options = AS_CONFIGURED,
    index: str | Path | None = None,
) -> Answer:
    """Ask the archive of an index folder, by default the user's own (the seeds while it is empty).

    Raises:
        QuestionError: the question is empty, too long or holds no words.
    """
    opened = open_default() if index is None else open_archive(index)
    with opened as archive:
        return archive.ask(question, turns=turns, filters=filters, options=options)


def open_archive(index: str | Path | None = None, settings: Settings | None = None) -> Archive:
    """The archive in an index folder, made if it is not there.

    `index` wins over `settings.index` (`RAG_INDEX`); with neither it is the user's own archive.

    Raises:
        SettingsError: the settings cannot be used.
        IndexUnavailable: the folder cannot be opened or written.
        IndexMismatch: it was built with other settings.
    """
    chosen = settings or configuration.load()
    return Archive(folder_of(index, chosen), chosen)


def open_default(settings: Settings | None = None) -> Archive:
    """The user's own archive, or that of the bundled seed articles while theirs is empty.

    One on a server is opened though it is empty: others may be about to fill it.
    """
    chosen = settings or configuration.load()
    folder = folder_of(None, chosen)
    if chosen.store:
        return Archive(folder, chosen)
    if not folder.exists():
        return open_seeds(chosen)
    own = Archive(folder, chosen)
    if not own.is_empty():
        return own
    own.close()
    return open_seeds(chosen)


def open_seeds(settings: Settings | None = None) -> Archive:
    """The archive of the bundled seed articles; other articles or settings have another index."""
    chosen = settings or configuration.load()
    # They are everybody's own, wherever the user's articles are.
    chosen = chosen.model_copy(update={"store": None, "chroma": None})
    articles = bundle.folder("seeds")
    folder = configuration.seeds_index() / _key(articles, chosen)
    try:
        seeds = Archive(folder, chosen, is_seeds=True)
    except (StoreDamaged, IndexMismatch):
        # It can be made again at any time, so nobody is asked to mend it.
        shutil.rmtree(folder, ignore_errors=True)
        seeds = Archive(folder, chosen, is_seeds=True)
    if seeds.is_empty():
        seeds.ingest(articles)
    return seeds


def _key(folder: Path, settings: Settings) -> str:
    """What the index of a folder's articles is named by: their text and how they are cut."""
    digest = hashlib.sha256()
    digest.update(repr((settings.embedding, settings.passage_size)).encode())
    digest.update(repr(settings.passage_overlap).encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def rebuild(index: str | Path | None = None, settings: Settings | None = None) -> int:
    """Make the indexes of an archive again from its stored articles, under the settings in force.

    Reads no article file, and embeds only what these settings cut or embed differently. The
    number of passages.

    Raises:
        IndexBusy: another process is writing to the archive.
    """
    chosen = settings or configuration.load()
    parts = assemble(folder_of(index, chosen), chosen)
    try:
        return parts.ingest.rebuild(parts.fingerprint)
    finally:
        parts.close()


def folder_of(index: str | Path | None, settings: Settings) -> Path:
    """The index folder that is meant: a given one, else that of the settings, else the user's."""
    folder = Path(index) if index is not None else settings.index or configuration.default_index()
    return folder.expanduser().resolve()
