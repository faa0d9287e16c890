"""What an archive holds and how it was built, in a few words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rag.archive.shelf import NO_FILTERS
from rag.wiring import Parts


@dataclass(frozen=True, slots=True)
class Status:
    """What an archive holds and how it was built; `first` and `last` span the dated articles."""

    index: Path
    articles: int
    passages: int
    publishers: tuple[str, ...]
    first: date | None
    last: date | None
    generation: int
    searchable: int
    built_with: str
    corpus: str


def status(folder: Path, parts: Parts) -> Status:
    """What the archive in a folder holds now; brings its index up to date if it is behind."""
    store = parts.store
    coverage = store.coverage(NO_FILTERS)
    return Status(
        index=folder,
        articles=coverage.articles,
        passages=coverage.passages,
        publishers=tuple(store.publishers()),
        first=coverage.first,
        last=coverage.last,
        generation=store.generation(),
        searchable=parts.index.current().number,
        built_with=parts.fingerprint,
        corpus=store.corpus(),
    )
