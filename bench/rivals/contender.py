"""A system under test in a process of its own: it ingests or answers, and tells what that cost.

Each system is a script beside this file that ends in `contend(System)`. It is run by
`bench/rivals.py`, in the environment that the system was installed into, and prints one line of
JSON. Only the standard library is used here.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

DIMENSIONS = 384


@dataclass(frozen=True)
class Report:
    """An article to be ingested."""

    id: str
    title: str
    publisher: str
    published: str
    text: str


class System(Protocol):
    """What is measured; made anew in each process, over a folder that it keeps its index in."""

    def ingest(self, reports: Sequence[Report]) -> int:
        """Take the articles in; the number of passages."""

    def ask(self, question: str) -> str:
        """The answer to a question."""


Maker = Callable[[Path, bool], System]


def contend(make: Maker) -> None:
    """Do what the command line says. `make` gets the folder and whether vectors are random."""
    parser = argparse.ArgumentParser()
    parser.add_argument("deed", choices=["ingest", "ask", "cold"])
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--reports", type=Path, help="JSON lines")
    parser.add_argument("--questions", type=Path, help="a question a line")
    parser.add_argument("--random", action="store_true", help="random vectors for passages")
    parser.add_argument("--clients", type=int, default=1)
    given = parser.parse_args()
    told = {"ingest": _ingested, "ask": _asked, "cold": _cold}[given.deed](make, given)
    sys.stdout.write("\n" + json.dumps(told) + "\n")


def random_unit_vectors(number: int, chance: random.Random) -> Iterator[list[float]]:
    """Vectors of random direction, for runs in which embedding is not what is measured."""
    for _ in range(number):
        vector = [chance.gauss(0, 1) for _ in range(DIMENSIONS)]
        norm = sum(value * value for value in vector) ** 0.5
        yield [value / norm for value in vector]


@dataclass(frozen=True)
class _Cost:
    seconds: float
    processor: float
    megabytes: float  # of memory, at its highest


def _ingested(make: Maker, given: argparse.Namespace) -> dict[str, object]:
    with given.reports.open(encoding="utf-8") as lines:
        reports = [Report(**json.loads(line)) for line in lines]
    system = make(given.index, given.random)
    # The model is loaded before the clock starts, for everybody.
    system.ask("Is anybody there?")
    started = _now()
    passages = system.ingest(reports)
    cost = _since(started)
    disk = sum(path.stat().st_size for path in given.index.rglob("*") if path.is_file())
    return {
        "articles": len(reports),
        "passages": passages,
        "disk_megabytes": disk / 1e6,
        **asdict(cost),
    }


def _asked(make: Maker, given: argparse.Namespace) -> dict[str, object]:
    questions = given.questions.read_text(encoding="utf-8").splitlines()
    system = make(given.index, given.random)
    for question in questions[:3]:
        system.ask(question)
    left = iter(questions)
    turn = threading.Lock()
    taken: list[float] = []

    def client() -> None:
        while True:
            with turn:
                question = next(left, None)
            if question is None:
                return
            began = time.perf_counter()
            system.ask(question)
            taken.append(time.perf_counter() - began)

    started = _now()
    clients = [threading.Thread(target=client) for _ in range(given.clients)]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    cost = _since(started)
    return {"milliseconds": [1000 * value for value in taken], **asdict(cost)}


def _cold(make: Maker, given: argparse.Namespace) -> dict[str, object]:
    """One question; the whole process is timed from outside."""
    (question, *_) = given.questions.read_text(encoding="utf-8").splitlines()
    return {"answer": make(given.index, given.random).ask(question)}


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _since(started: tuple[float, float]) -> _Cost:
    seconds, processor = _now()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return _Cost(seconds - started[0], processor - started[1], peak)
