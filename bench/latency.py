"""Time a warm question over an archive of a given size, stage by stage.

    python bench/latency.py --data FOLDER [--passages 5000] [--questions 60] [--seed 0]

The archive is a synthetic one (see `bench/synthetic.py`) of the texts under FOLDER; without it the
variable RAG_BENCH_DATA names the folder. The stages of the retriever take random vectors for those
of the questions; the last line is a whole question, from its text to the finished default answer,
its embedding by MiniLM included. Nothing is left behind. Wall and processor time of the median and
the 95th percentile, in milliseconds.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings
from synthetic import DIMENSIONS, PUBLISHERS, make, questions, sentences_in

from rag import Settings, open_archive
from rag.embeddings.embedding import identity
from rag.indexes.index import Index
from rag.records import Filters, Query
from rag.retriever import HybridRetriever
from rag.store import Database, Store

# Questions that are asked before any is timed.
WARM = 5


class RandomVectors(Embeddings):
    """A unit vector of random direction for any text."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = self._random.normal(size=DIMENSIONS)
        unit: list[float] = (vector / np.linalg.norm(vector)).tolist()
        return unit


def main() -> int:
    """Print a line a stage; exit status 2 where the folder holds no text."""
    arguments = _arguments()
    data = Path(arguments.data)
    sentences = sentences_in(data)
    asked = questions(data, WARM + arguments.questions, seed=arguments.seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make(folder, sentences, arguments.passages, seed=arguments.seed)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        print(f"{size / 1e6:.0f} MB on disk")
        store = Store(Database(folder / "store.sqlite3"), embedding=identity(Settings().embedding))
        print(f"{store.coverage(Filters())}")
        index = Index(folder, store)
        started = time.perf_counter()
        index.current()
        print(f"opened in {time.perf_counter() - started:.2f} s")
        _measure(store, index, asked[WARM:], arguments.seed)
        index.close()
        store.close()
        with open_archive(folder) as archive:
            for question in asked[:WARM]:
                archive.ask(question)
            _print("a whole question", [_timed(archive.ask, text) for text in asked[WARM:]])
    return 0


def _measure(store: Store, index: Index, asked: Sequence[str], seed: int) -> None:
    embeddings = RandomVectors(seed)
    retriever = HybridRetriever(searchable=index.current, store=store, embeddings=embeddings)
    year = Filters(since=date(2021, 1, 1), until=date(2021, 12, 31))
    one = Filters(publishers=(PUBLISHERS[0],))
    none = Filters()
    words, vectors = index.current().words, index.current().vectors
    ids = [key for key, _ in words.search(asked[0], limit=60, filters=none)]
    print(f"{'stage':28} {'p50':>7} {'p95':>7}   {'cpu p50':>7} {'p95':>7}")
    stages: dict[str, Callable[[str], object]] = {
        "generation of the store": lambda q: store.generation(),
        "index is current": lambda q: index.current(),
        "words": lambda q: words.search(q, limit=60, filters=none),
        "words, a year": lambda q: words.search(q, limit=60, filters=year),
        "vectors": lambda q: vectors.search(embeddings.embed_query(q), limit=60),
        "60 passages of the store": lambda q: store.passages(ids, none),
        "60 vectors of the store": lambda q: store.vectors(ids),
        "coverage": lambda q: store.coverage(none),
        "coverage, a year": lambda q: store.coverage(year),
        "retriever": lambda q: retriever.search(_query(q, none)),
        "retriever, a year": lambda q: retriever.search(_query(q, year)),
        "retriever, a publisher": lambda q: retriever.search(_query(q, one)),
    }
    for name, stage in stages.items():
        stage(asked[0])
        _print(name, [_timed(stage, question) for question in asked])


def _timed(stage: Callable[[str], object], question: str) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    stage(question)
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def _print(name: str, timed: Sequence[tuple[float, float]]) -> None:
    wall, cpu = ([pair[side] for pair in timed] for side in (0, 1))
    shown = [float(np.percentile(values, at)) for values in (wall, cpu) for at in (50, 95)]
    print("{:28} {:7.1f} {:7.1f}   {:7.1f} {:7.1f}".format(name, *shown))


def _query(text: str, filters: Filters) -> Query:
    return Query(question=text, text=text, filters=filters, today=date(2025, 1, 1))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", default=os.environ.get("RAG_BENCH_DATA", "."))
    parser.add_argument("--passages", type=int, default=5_000)
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
