"""What an ingest tells while it runs and when it is done."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Failure:
    """A file, or a line of one, that gave no article, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest is: files read of all, and what came of them.

    `share` (0 to 1) is how much of the given bytes is stored; it tells of a lone large file too.
    """

    files: int
    of: int
    articles: int
    passages: int
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did, in articles; `passages` were written, `embedded` of them were new.

    An article that stands in several of the files with the same content counts once. Of those
    added or updated, `copies` repeat a report that is here already, and `flagged` hold sentences
    that read like instructions to software.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    passages: int = 0
    embedded: int = 0
    copies: int = 0
    flagged: int = 0
    failures: tuple[Failure, ...] = ()


def write_failures(path: Path, failures: Iterable[Failure]) -> None:
    """Write failures as JSON lines, `path` and `reason` each, over what the file held.

    Raises:
        OSError: it cannot be written.
    """
    lines = (json.dumps(dataclasses.asdict(each), ensure_ascii=False) for each in failures)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
