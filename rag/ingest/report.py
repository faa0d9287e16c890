"""What an ingest tells while it runs and when it is done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """A file, or a line of one, that gave no article, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest is: files read of all, and what came of them."""

    files: int
    of: int
    articles: int
    passages: int


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did, in articles; `passages` were written, `embedded` of them were new.

    An article that stands in several of the files with the same content counts once.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    passages: int = 0
    embedded: int = 0
    failures: tuple[Failure, ...] = ()
