"""Tell how the time of a warm question grows with the archive.

    python bench/growth.py --data FOLDER [--sizes 1000 10000 60000 300000] [--questions 200]
                           [--archives FOLDER] [--quick]

Synthetic archives (see `bench/synthetic.py`), real questions, whole default answers, the question's
embedding by MiniLM included. Each archive is open in a process of its own; they are asked a few
questions in turn, over and over, so that what else the machine does meets all alike. Prints for
each size the median and the 95th percentile of wall time and of processor time in milliseconds,
then the ratio of the medians at both ends and the exponent fitted by least squares to their
logarithms. Exit status 1 where the median at the largest size is more times that at the smallest
than their logarithms are (1.83 for 1,000 and 300,000): the time should grow no faster; or where a
quote is not in the article that it names.

With `--archives` the archives are made under that folder, or found there, and kept. `--quick` is
two small ones in less than twenty seconds, without the bar: what a small archive holds has all
been read before, so that it answers from what is remembered.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

import numpy as np
from synthetic import make, questions, sentences_in

from rag import Answer, Archive, open_archive

SIZES = (1_000, 10_000, 60_000, 300_000)
QUICK_SIZES = (200, 1_800)
QUICK_QUESTIONS = 20
# Asked of one archive before the next has its turn, and before anything is timed.
TURN, WARM = 20, 20


class Timed(NamedTuple):
    """What a question took, in milliseconds; `processor` counts all threads of the process."""

    wall: float
    processor: float


def main() -> int:
    """Print the table; exit status 1 above the bar, 2 where there is no data."""
    arguments = _arguments()
    data = Path(arguments.data)
    sentences = sentences_in(data)
    sizes = sorted(QUICK_SIZES if arguments.quick else arguments.sizes)
    number = QUICK_QUESTIONS if arguments.quick else arguments.questions
    with tempfile.TemporaryDirectory() as place:
        folder = Path(arguments.archives or place)
        for size in sizes:
            if not (folder / str(size)).exists():
                make(folder / str(size), sentences, size, seed=size)
        asked = questions(data, WARM + number)
        timed = _in_turns([folder / str(size) for size in sizes], asked)
    over = _told(sizes, timed)
    return int(over and not arguments.quick)


def _in_turns(folders: Sequence[Path], asked: Sequence[str]) -> list[list[Timed]]:
    """The times of every archive; each is asked the same questions."""
    context = multiprocessing.get_context("spawn")
    ends: list[Connection] = []
    processes = []
    for folder in folders:
        here, there = context.Pipe()
        processes.append(context.Process(target=_answer, args=(folder, there), daemon=True))
        processes[-1].start()
        ends.append(here)
    for end in ends:
        end.send(asked[:WARM])
        end.recv()
    timed: list[list[Timed]] = [[] for _ in folders]
    for start in range(WARM, len(asked), TURN):
        for end, found in zip(ends, timed, strict=True):
            end.send(asked[start : start + TURN])
            found += end.recv()
    for end, process in zip(ends, processes, strict=True):
        end.send([])
        process.join()
    return timed


def _answer(folder: Path, end: Connection) -> None:
    """Answer the questions that come, in a process of its own; none is the end."""
    with open_archive(folder) as archive:
        while asked := end.recv():
            found = []
            for question in asked:
                wall, processor = time.perf_counter(), time.process_time()
                answer = archive.ask(question)
                took = time.perf_counter() - wall, time.process_time() - processor
                found.append(Timed(*(1000 * seconds for seconds in took)))
                _see_quotes(archive, answer)
            end.send(found)


def _see_quotes(archive: Archive, answer: Answer) -> None:
    """See that every quote stands in its article.

    Raises:
        SystemExit: one does not; whoever waits for the times meets the end of the process.
    """
    for citation in answer.citations:
        quote = citation.quote
        if archive.article(quote.source.article_id).text[quote.start : quote.end] != quote.text:
            raise SystemExit(f"{answer.question} is answered by a quote that is none: {quote.text}")


def _told(sizes: Sequence[int], timed: Sequence[Sequence[Timed]]) -> bool:
    """Print the figures; whether the median grew faster than the logarithm of the size."""
    print(f"{'passages':>10} {'p50':>8} {'p95':>8}   {'processor p50':>13} {'p95':>8}   (ms)")
    medians = []
    for size, found in zip(sizes, timed, strict=True):
        columns = [np.percentile(values, (50, 95)) for values in zip(*found, strict=True)]
        medians.append([float(column[0]) for column in columns])
        (wall, slow), (processor, busy) = columns
        print(f"{size:10,} {wall:8.1f} {slow:8.1f}   {processor:13.1f} {busy:8.1f}")
    bar = math.log(sizes[-1]) / math.log(sizes[0])
    for name, values in zip(("wall", "processor"), zip(*medians, strict=True), strict=True):
        slope = np.polyfit(np.log(sizes), np.log(values), 1)[0]
        ratio = values[-1] / values[0]
        print(f"{name}: {ratio:.2f} times (at most {bar:.2f}), exponent {slope:.3f}")
    return medians[-1][0] / medians[0][0] > bar


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", default=os.environ.get("RAG_BENCH_DATA", "."))
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--archives", default=None)
    parser.add_argument("--quick", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
