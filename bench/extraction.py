"""How well the words of an article are found on its web page.

    python -m bench.extraction --data FOLDER [--worst 10]

FOLDER holds `ground-truth.json` (for each page its `articleBody`, copied by hand) and
`html/KEY.html.gz`. Without --data the variable RAG_BENCH_DATA is read.

The figure is that of Scrapinghub's article extraction benchmark: a text is the multiset of its
runs of four words (`\\w+`, case kept; a shorter text is one run). On each page the runs shared, too
many and missing give precision = shared / (shared + too many) and recall = shared / (shared +
missing), 1 where both are empty; precision is averaged over the pages where anything was found,
recall over those where there is anything to find; F1 is that of the two averages (not the average
of the pages' F1). The interval is drawn from the pages with replacement.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from rag.errors import ReadError
from rag.reading import File, Reading, read_file

_WORD = re.compile(r"\w+")
_RUN = 4
# The bar of this project.
BAR = 0.95


class Runs(NamedTuple):
    """Runs of words on a page: found and right, found and wrong, not found."""

    shared: int
    extra: int
    missing: int

    @property
    def precision(self) -> float:
        return self.shared / (self.shared + self.extra) if self.extra or self.missing else 1.0

    @property
    def recall(self) -> float:
        return self.shared / (self.shared + self.missing) if self.extra or self.missing else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.shared / max(1, 2 * self.shared + self.extra + self.missing)


def main() -> int:
    """Print F1, precision and recall with an interval; exit 1 below the bar."""
    arguments = _arguments()
    folder = _set(arguments.data)
    gold = folder / "ground-truth.json"
    if not gold.exists():
        print(f"{gold} is missing: give the folder of the pages with --data", file=sys.stderr)
        return 2
    bodies = {key: page["articleBody"] for key, page in json.loads(gold.read_text("utf-8")).items()}
    pages = {
        key: compared(body, extracted(folder / "html" / f"{key}.html.gz"))
        for key, body in bodies.items()
    }
    for key in sorted(pages, key=lambda key: pages[key].f1)[: arguments.worst]:
        print(f"{pages[key].f1:.3f} {key}")
    scores = list(pages.values())
    low, high = interval(scores, arguments.rounds, arguments.seed)
    found, precision, recall = summary(scores)
    print(
        f"{len(scores)} pages: F1 {found:.4f} [{low:.3f}, {high:.3f}], precision {precision:.4f},"
        f" recall {recall:.4f} (bar {BAR})"
    )
    return 0 if found >= BAR else 1


def extracted(path: Path) -> str:
    """The text that ingest would store for a page."""
    (found,) = read_file(File.of_bytes(path.stem, gzip.decompress(path.read_bytes())))
    if isinstance(found, ReadError):
        print(found, file=sys.stderr)
    return found.text if isinstance(found, Reading) else ""


def compared(want: str, found: str) -> Runs:
    """The runs of two texts against each other."""
    wanted, given = runs(want), runs(found)
    shared = (wanted & given).total()
    return Runs(shared, given.total() - shared, wanted.total() - shared)


def runs(text: str) -> Counter[tuple[str, ...]]:
    """The runs of four words of a text, with how often each occurs."""
    words = _WORD.findall(text)
    starts = range(max(1, len(words) - _RUN + 1)) if words else range(0)
    return Counter(tuple(words[at : at + _RUN]) for at in starts)


def summary(pages: Sequence[Runs]) -> tuple[float, float, float]:
    """F1 of the mean precision and the mean recall, and the two."""
    precision = fmean(page.precision for page in pages if page.shared + page.extra)
    recall = fmean(page.recall for page in pages if page.shared + page.missing)
    return 2 * precision * recall / (precision + recall), precision, recall


def interval(pages: Sequence[Runs], rounds: int, seed: int) -> tuple[float, float]:
    """The 95 % bootstrap interval of F1 over the pages."""
    die = random.Random(seed)
    drawn = sorted(summary(die.choices(pages, k=len(pages)))[0] for _ in range(rounds))
    return drawn[int(0.025 * rounds)], drawn[int(0.975 * rounds) - 1]


def _set(given: str) -> Path:
    """The folder given, or the one of this set in it."""
    folder = Path(given)
    return folder / "article-extraction" if (folder / "article-extraction").is_dir() else folder


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("RAG_BENCH_DATA", "."))
    parser.add_argument("--worst", type=int, default=0, help="name so many of the worst pages")
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
