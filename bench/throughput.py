"""Tell how many answers a second the service gives, to one client and to many at once.

    python bench/throughput.py --data FOLDER [--passages 60000] [--index FOLDER] [--workers 1]
                               [--clients 1 2 4 8 16 32 64] [--seconds 10]
    python bench/throughput.py --data FOLDER --memory 20000 [--workers 1]
    python bench/throughput.py --data FOLDER --quick

Starts `rag serve` over an archive (a synthetic one unless `--index` names another), asks it by
POST /v1/ask over connections that stay open, each client its next question as soon as it has an
answer, and ends it. The questions are real ones; for `--memory` some words of each are replaced,
so that no two are the same. The clients run on the same machine and take their share of it: the
processor time an answer cost the server, which they do not, is printed beside. Memory is the
server's proportional set size, all its processes together (Linux). Exit status 1 where an answer
failed, quotes what it did not find, or is not that of before to the same question; where the
server does not end when told, or leaves a process behind; or where its own memory, without pages
of files, grew by more than a tenth over the second half of the questions.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from synthetic import Sentences, make, questions, sentences_in

CLIENTS = (1, 2, 4, 8, 16, 32, 64)
# Clients that ask while memory is watched, and how often it is told.
STEADY, TOLD = 4, 20
WARM = 40
# Memory that comes and goes by less than this is flat.
FLAT = 1.1
_PATIENCE_SECONDS = 120
_END_SECONDS, _LINGERING_SECONDS = 60, 10
# What the server says of failures is shown, each sort once: the last line of a traceback.
_ERROR = re.compile(r"^[\w.]*(?:Error|Exception|Exit)\b.*")
_WHERE = re.compile(r"http://\S+?:\d+")


@dataclass(frozen=True, slots=True)
class Round:
    """What so many clients met: seconds each answer took, failures, and the time of the whole."""

    answered: Sequence[float]
    failed: int
    seconds: float
    processor: float


@dataclass(frozen=True, slots=True)
class Server:
    """A running service; its workers are its children. `said` is its answer to each question."""

    url: str
    process: int
    said: dict[str, str] = field(default_factory=dict)

    def processor(self) -> float:
        """Seconds of processor time that it has used so far."""
        ticks = os.sysconf("SC_CLK_TCK")
        stats = (_read(pid, "stat").rpartition(")")[2].split() for pid in self.processes())
        return sum(int(stat[11]) + int(stat[12]) for stat in stats if stat) / ticks

    def megabytes(self) -> float:
        """Its memory, shared pages by their share: less where others have the same files open."""
        return self._resident("Pss")

    def own_megabytes(self) -> float:
        """Its memory without pages of files: whatever else runs changes nothing of it."""
        return self._resident("Pss_Anon")

    def _resident(self, kind: str) -> float:
        found = (
            re.search(rf"^{kind}:\s+(\d+)", _read(pid, "smaps_rollup"), re.M)
            for pid in self.processes()
        )
        return sum(int(match[1]) for match in found if match) / 1024

    def processes(self) -> list[int]:
        """Its process and all that it began, as far as they live."""
        everyone = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
        parents = {pid: _read(pid, "stat").rpartition(")")[2].split() for pid in everyone}
        found = [self.process]
        for pid in found:
            found += [child for child, stat in parents.items() if stat and int(stat[1]) == pid]
        return found


def main() -> int:
    """Print the table; exit status 2 where there is no data."""
    # Told to end, it ends the server first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    arguments = _arguments()
    data = Path(arguments.data)
    sentences = sentences_in(data)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(arguments.index or Path(place) / "archive")
        if not arguments.index:
            make(folder, sentences, arguments.passages)
        asked = questions(data, 1_000)
        with _served(folder, Path(place), arguments.workers) as server:
            _asked(server, 2, iter(asked[:WARM]))
            if arguments.memory:
                return _watched(server, asked, sentences, arguments.memory)
            return _measured(server, asked, arguments.clients, arguments.seconds)


def _measured(server: Server, asked: Sequence[str], clients: Sequence[int], seconds: float) -> int:
    """A line for each number of clients; 1 where any answer failed."""
    print(f"{'clients':>7} {'answers/s':>10} {'p50':>8} {'p95':>8}   {'processor':>9}   (ms)")
    failed = 0
    for number in clients:
        met = _asked(server, number, _until(time.perf_counter() + seconds, asked))
        failed += met.failed
        median, slow = (1000 * np.percentile(met.answered or [0.0], (50, 95))).tolist()
        cost = 1000 * met.processor / max(len(met.answered), 1)
        rate = len(met.answered) / met.seconds
        lost = f"   {met.failed} failed" if met.failed else ""
        print(f"{number:7} {rate:10.1f} {median:8.1f} {slow:8.1f}   {cost:9.1f}{lost}", flush=True)
    print(f"{server.megabytes():.0f} MB at the end")
    return int(failed > 0)


def _until(moment: float, asked: Sequence[str]) -> Iterator[str]:
    """The questions, over and over, until a moment of the clock."""
    for question in itertools.cycle(asked):
        if time.perf_counter() > moment:
            return
        yield question


def _watched(server: Server, asked: Sequence[str], sentences: Sentences, number: int) -> int:
    """The memory while so many different questions are asked; 1 where it is not flat."""
    chosen = random.Random(0)
    failed = 0
    told = []
    print(f"{'answers':>8} {'MB':>8} {'own':>8} {'p50':>8} (ms)")
    for part in range(TOLD):
        new = [
            sentences.variation(text, chosen) for text in chosen.choices(asked, k=number // TOLD)
        ]
        met = _asked(server, STEADY, iter(new))
        failed += met.failed
        told.append(server.own_megabytes())
        median = 1000 * float(np.median(met.answered or [0.0]))
        sizes = f"{server.megabytes():8.0f} {told[-1]:8.0f}"
        print(f"{(part + 1) * len(new):8} {sizes} {median:8.1f}", flush=True)
    growth = told[-1] / told[TOLD // 2 - 1]
    print(f"{growth:.3f} times over the second half (flat: at most {FLAT}), {failed} failed")
    return int(failed > 0 or growth > FLAT)


def _asked(server: Server, clients: int, asked: Iterator[str]) -> Round:
    """Ask from so many threads until there are no more questions."""
    turn = threading.Lock()
    answered: list[float] = []
    failures: list[str] = []

    def ask() -> None:
        where = urlsplit(server.url)
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=120)
        while True:
            with turn:
                question = next(asked, None)
            if question is None:
                break
            began = time.perf_counter()
            told, problem = _answer(connection, question)
            took = time.perf_counter() - began
            problem = problem or _wrong(server, question, told)
            if problem:
                failures.append(problem)
            else:
                answered.append(took)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    began, used = time.perf_counter(), server.processor()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for problem in dict.fromkeys(failures):
        print(f"failed: {problem}", file=sys.stderr)
    spent = time.perf_counter() - began, server.processor() - used
    return Round(answered, len(failures), *spent)


def _answer(connection: http.client.HTTPConnection, question: str) -> tuple[bytes, str]:
    """The answer to a question as it came, and what went wrong, nothing where it was answered."""
    body = json.dumps({"question": question})
    try:
        connection.request("POST", "/v1/ask", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        told = response.read()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        return b"", f"{type(error).__name__}: {error}"
    return (
        told,
        "" if response.status == http.HTTPStatus.OK else f"{response.status} {told[:200]!r}",
    )


def _wrong(server: Server, question: str, told: bytes) -> str:
    """What is wrong with an answer: another question's, a quote of nothing, or changed."""
    answer = json.loads(told)
    found = [hit["passage"]["text"] for hit in answer["hits"]]
    quotes = [citation["quote"]["text"] for citation in answer["citations"]]
    if answer["question"].split() != question.split():
        return f"{question!r} is answered as {answer['question']!r}"
    if stray := [quote for quote in quotes if not any(quote in text for text in found)]:
        return f"{question!r}: quoted, but not in what was found: {stray[0]!r}"
    if answer["text"] != server.said.setdefault(question, answer["text"]):
        return f"{question!r} is answered otherwise than before: {answer['text']!r}"
    return ""


@contextmanager
def _served(folder: Path, place: Path, workers: int) -> Iterator[Server]:
    """The service over an archive on a free port of this machine, until the block is left.

    Raises:
        SystemExit: it does not start, or does not end with all its processes.
    """
    command = [sys.executable, "-m", "rag", "serve", "--index", str(folder), "--port", "0"]
    settings = {"XDG_DATA_HOME": str(place), "XDG_CACHE_HOME": str(place), "PYTHONUNBUFFERED": "1"}
    with (place / "log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--workers", str(workers)],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=os.environ | settings,
        )
    try:
        assert process.stdout is not None
        said = next((match for line in process.stdout if (match := _WHERE.search(line))), None)
        if said is None:
            raise SystemExit((place / "log").read_text())
        server = Server(said[0], process.pid)
        _wait_until_ready(server)
        yield server
    finally:
        left = _ended(Server("", process.pid), process)
        lines = (place / "log").read_text().splitlines()
        for line in dict.fromkeys(line for line in lines if _ERROR.match(line)):
            print(line, file=sys.stderr)
    if left:
        raise SystemExit(left)


def _ended(server: Server, process: subprocess.Popen[str]) -> str:
    """End the server; what was wrong with that, nothing if it ended well."""
    begun = server.processes()
    process.send_signal(signal.SIGTERM)
    try:
        status = process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        status = process.wait()
    until = time.monotonic() + _LINGERING_SECONDS
    while (left := [pid for pid in begun if _lives(pid)]) and time.monotonic() < until:
        time.sleep(0.1)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    return f"the server ends with {status} and leaves {len(left)} processes" * bool(status or left)


def _wait_until_ready(server: Server) -> None:
    where = urlsplit(server.url)
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
        _, problem = _answer(connection, "Who said that the bridge would be rebuilt?")
        connection.close()
        if not problem:
            return
        if time.monotonic() > until:
            raise SystemExit(f"the service is not ready: {problem}")
        time.sleep(0.2)


def _lives(process: int) -> bool:
    """Whether there is such a process, and it has not ended."""
    stat = _read(process, "stat").rpartition(")")[2].split()
    return bool(stat) and stat[0] != "Z"


def _read(process: int, name: str) -> str:
    try:
        return Path(f"/proc/{process}/{name}").read_text()
    except OSError:  # it has ended
        return ""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", default=os.environ.get("RAG_BENCH_DATA", "."))
    parser.add_argument("--index", default=None, help="an archive that is there already")
    parser.add_argument("--passages", type=int, default=60_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--clients", type=int, nargs="+", default=CLIENTS)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--memory", type=int, default=0, help="questions to watch the memory for")
    parser.add_argument("--quick", action="store_true", help="in less than twenty seconds")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.passages, arguments.clients, arguments.seconds = 500, (1, 8), 2.0
    return arguments


if __name__ == "__main__":
    sys.exit(main())
