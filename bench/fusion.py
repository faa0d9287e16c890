"""Which weights fuse words and vectors best? One weight moved at a time, the others as shipped.

    python bench/fusion.py --data DIR        (or RAG_BENCH_DATA)

Prints hit@1 and hit@5 on xquad-en and recall@4, recall@10 and nDCG@10 on multihop-facts, as
`bench/retrieval.py` defines them.
"""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from pools import data_folder
from retrieval import Measured, multihop, xquad

from rag import Archive, open_archive
from rag.retriever import Weights

Measure = Callable[[Archive, Path, Path], Measured]

_MOVES = {
    "cosine": (0.3, 0.5, 1.0, 1.5),
    "pairs": (0.0, 0.2, 0.8),
    "publisher": (0.0, 0.2, 0.8),
    "period": (0.0, 0.2, 0.4),
}


def main() -> None:
    """Print a line for each set of weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=None)
    folder = data_folder(parser.parse_args().data)
    with tempfile.TemporaryDirectory() as place:
        for name, measure in (("xquad", xquad), ("multihop", multihop)):
            folder_of = Path(place) / name
            folder_of.mkdir()
            with open_archive(folder_of / "index") as archive:
                _sweep(archive, name, measure, folder, folder_of)


def _sweep(archive: Archive, label: str, measure: Measure, folder: Path, place: Path) -> None:
    tried = [("as shipped", Weights())]
    tried += [
        (f"{name} {value}", dataclasses.replace(Weights(), **{name: value}))
        for name, values in _MOVES.items()
        for value in values
    ]
    for moved, weights in tried:
        archive.retriever.weights = weights
        found = measure(archive, folder, place)
        figures = "  ".join(f"{name} {np.mean(values):.3f}" for name, values in found.items())
        print(f"{label:<10}{moved:<16}{figures}", flush=True)


if __name__ == "__main__":
    main()
