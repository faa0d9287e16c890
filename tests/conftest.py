"""What the tests share: a small archive of invented news, and no network but this machine's."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from cluster import chroma as chroma_server, postgres as postgres_server
from hypothesis import HealthCheck, settings
from langchain_core.embeddings import Embeddings
from pytest_socket import socket_allow_hosts

from rag.__main__ import main
from rag.archive import Archive, open_archive
from rag.indexes.index import Index
from rag.language.terms import terms
from rag.records import Filters
from rag.settings import Settings
from rag.store import Database, Store

BRIDGE = """---
title: Council votes to rebuild the Ellery bridge
publisher: Harbour Herald
published: 2024-03-04
author: Ines Calder
---
The council of Port Ellery voted on Monday to rebuild the old swing bridge. The vote was 11 to 4.

The work will cost 38.5 million dollars and take three years, said mayor Tomas Velde. "A town
without its bridge is two towns," he told the meeting.

Opponents wanted a tunnel. Engineer Ruth Amsel said a tunnel would have cost twice as much.
"""
BRIDGE_COPY = BRIDGE.replace("Harbour Herald", "Inland Courier").replace("2024-03-04", "2024-03-05")
FERRY = """---
title: Ferry to Skarn Island returns in May
publisher: Inland Courier
published: 2024-04-18
---
The ferry between Port Ellery and Skarn Island will sail again from 6 May. It carries 120
passengers and 14 cars.

The operator, Northline, had stopped the service in November after a fire in the engine room.
Captain Leo Marsh said nobody had been hurt.
"""
HARVEST = """---
title: Apple growers expect a poor harvest
publisher: Harbour Herald
published: 2024-09-20
id: harvest
url: https://herald.example/apples
---
Late frost has cost the orchards around Port Ellery a third of their apples. The growers'
association expects 9,200 tonnes, the least since 2011.

Association head Maren Holt asked the region for help with loans.
"""
LIBRARY = """# The library and its clock

The clock on the library of Port Ellery has stood still for forty years. Nobody remembers who
kept the key. The librarian, Oskar Brandt, hopes to mend it with gifts from readers.
"""
ZURICH = """---
title: Züricher Orchester gastiert im Hafen
publisher: Zürcher Bote
published: 2024-06-02
---
The orchestra played for 1,400 listeners on the quay. Conductor Élise Faure called the evening
"a small miracle". The café on the pier stayed open until midnight.
"""
NEWS = {
    "bridge.md": BRIDGE,
    "wire/bridge.md": BRIDGE_COPY,
    "ferry.md": FERRY,
    "harvest.md": HARVEST,
    "library.md": LIBRARY,
    "orchestra.md": ZURICH,
}


# The same examples every time, however slow the machine is.
settings.register_profile(
    "news", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("news")

# Of all sorts and lengths, for whoever embeds them.
TEXTS = [
    "",
    "bridge",
    "The council voted to rebuild the bridge, at a cost of 38.5 million dollars.",
    "Élise Faure, Zürich, 日本語 조선 👩‍👩‍👧 \u200b e\u0301",
    "A report without end goes on and on about the harbour. " * 60,
    "?!",
]


class HashedWords(Embeddings):
    """Embeddings without a model: each term adds to one of 64 numbers; counts what it embeds."""

    def __init__(self) -> None:
        self.embedded = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.embedded += len(texts)
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = np.full(64, 1e-3, dtype=np.float32)
        for term in terms(text):
            vector[hashlib.sha256(term.encode()).digest()[0] % 64] += 1
        unit: list[float] = (vector / np.linalg.norm(vector)).tolist()
        return unit


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it ended."""

    status: int
    out: str
    err: str

    @property
    def line(self) -> str:
        """The one line that went wrong."""
        lines = [line for line in self.err.splitlines() if line.startswith("rag: ")]
        assert len(lines) == 1, self.err
        return lines[0]


Run = Callable[..., Ran]


def pytest_runtest_setup() -> None:
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(autouse=True, scope="session")
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing of the user's is read or written: neither folders nor settings."""
    home = tmp_path_factory.mktemp("home")
    patch = pytest.MonkeyPatch()
    for name in [name for name in os.environ if name.startswith("RAG_")]:
        if name != "RAG_BENCH_DATA":
            patch.delenv(name)
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        patch.setenv(name, str(home / name.lower()))
    yield
    patch.undo()


@pytest.fixture(scope="session")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of six invented articles: two are copies, one states no date or publisher."""
    return written(tmp_path_factory.mktemp("news"), NEWS)


@pytest.fixture(scope="session")
def archive(news: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The six articles, ingested; tests only read it."""
    with open_archive(tmp_path_factory.mktemp("archive") / "index", Settings()) as opened:
        opened.ingest(news)
        yield opened


@pytest.fixture(scope="session")
def made(news: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the six articles; tests only read it."""
    folder = tmp_path_factory.mktemp("made") / "index"
    with open_archive(folder) as opened:
        opened.ingest(news)
    return folder


@pytest.fixture
def index(made: Path, tmp_path: Path) -> Path:
    """A copy of the index that a test may change or damage."""
    return Path(shutil.copytree(made, tmp_path / "index"))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A store without articles."""
    opened = Database(tmp_path / "store.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `rag` with these words."""

    def ran(*words: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["rag", *(str(word) for word in words)])
        capsys.readouterr()
        status = 0
        try:
            main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err + printed.out
        return Ran(status, printed.out, printed.err)

    return ran


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_server.Postgres]:
    """A PostgreSQL server; tests that kill it start it again."""
    folder = postgres_server.binaries()
    if folder is None:
        pytest.skip("PostgreSQL is not installed: no initdb and postgres were found")
    server = postgres_server.Postgres(folder)
    yield server
    server.close()


@pytest.fixture(scope="session")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[chroma_server.Chroma]:
    """A Chroma server; tests that kill it start it again."""
    script = chroma_server.program()
    if script is None:
        pytest.skip("Chroma's console script is not installed")
    server = chroma_server.Chroma(script, tmp_path_factory.mktemp("chroma"))
    yield server
    server.close()


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of outside data sets."""
    named = os.environ.get("RAG_BENCH_DATA")
    if not named or not Path(named).is_dir():
        pytest.skip("RAG_BENCH_DATA names no folder of outside data")
    return Path(named)


def written(folder: Path, files: dict[str, str]) -> Path:
    """The folder with these files in it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def holding(words: str, index: Index, store: Store) -> set[str]:
    """The articles that have a passage with any of these words."""
    hits = index.current().words.search(words, limit=50, filters=Filters())
    held = store.passages([key for key, _ in hits], Filters())
    return {passage.source.article_id for passage in held.values()}
