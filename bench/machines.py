"""The machines of a small newsroom on loopback: PostgreSQL, a Chroma server, replicas, an ingest.

Each is a process of its own that can be killed and started again on the same port and folder. The
servers are those that the tests start.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from cluster.chroma import Chroma, program
from cluster.ports import free_port
from cluster.postgres import Postgres, binaries
from facts import Told

_START_SECONDS = 300
_END_SECONDS = 60


def missing() -> str:
    """What is not installed here and must be, nothing if all is."""
    if binaries() is None:
        return "PostgreSQL is not installed: no initdb and postgres were found"
    if program() is None:
        return "Chroma's console script is not installed"
    return ""


class Replica:
    """`rag serve` with an index folder of its own."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = dict(environment)
        self.port = free_port()
        self.start()

    @property
    def log(self) -> Path:
        """What it printed, since it was first started."""
        return self._folder.with_suffix(".log")

    def start(self) -> None:
        """Start it, and wait until it could answer a question."""
        command = ["-m", "rag", "serve", "--index", str(self._folder), "--port", str(self.port)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *command], stdout=log, stderr=log, env=self._environment
            )
        until = time.monotonic() + _START_SECONDS
        while not self.is_ready():
            if self._process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"a replica does not start:\n{self.log.read_text()}")
            time.sleep(0.1)

    def is_ready(self) -> bool:
        """Whether it says that it could answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """Tell it to end; its exit status, that of a killed one where it does not end."""
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return self._process.returncode


@dataclass(frozen=True, slots=True)
class Machines:
    """All of them; `environment` is what their processes find set."""

    folder: Path
    environment: Mapping[str, str]
    postgres: Postgres
    chroma: Chroma
    replicas: list[Replica]

    def ingest(self, articles: Iterable[Told], name: str) -> subprocess.Popen[str]:
        """Begin to ingest articles from a file in a process of its own."""
        path = self.folder / f"{name}.jsonl"
        path.write_text("\n".join(json.dumps(one.row()) for one in articles), encoding="utf-8")
        return subprocess.Popen(
            [sys.executable, "-m", "rag", "ingest", str(path), "--index", str(self.own)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self.environment,
        )

    @property
    def own(self) -> Path:
        """The index folder of whoever ingests and looks."""
        return self.folder / "desk"


@contextmanager
def machines(folder: Path, base: Iterable[Told], replicas: int = 2) -> Iterator[Machines]:
    """All machines, with the base articles ingested; ended when the block is left."""
    found = binaries(), program()
    assert found[0] and found[1]
    with ExitStack() as stack:
        postgres = Postgres(found[0])
        stack.callback(postgres.close)
        (folder / "chroma").mkdir()
        chroma = Chroma(found[1], folder / "chroma")
        stack.callback(chroma.close)
        environment = _own(folder) | {"RAG_STORE": postgres.database(), "RAG_CHROMA": chroma.url}
        started: list[Replica] = []
        whole = Machines(folder, environment, postgres, chroma, started)
        said, _ = (first := whole.ingest(base, "base")).communicate()
        if first.returncode:
            raise SystemExit(f"the base cannot be ingested:\n{said}")
        for number in range(replicas):
            started.append(Replica(folder / f"replica-{number}", environment))
            stack.callback(started[-1].kill)
        yield whole


def _own(folder: Path) -> dict[str, str]:
    """The environment without settings of the user's, with folders of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
    here = str(Path(__file__).resolve().parents[1])
    places = dict.fromkeys(("XDG_DATA_HOME", "XDG_CACHE_HOME"), str(folder))
    paths = os.pathsep.join(part for part in (here, kept.get("PYTHONPATH")) if part)
    return kept | places | {"PYTHONPATH": paths, "PYTHONUNBUFFERED": "1"}
