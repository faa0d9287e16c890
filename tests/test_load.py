"""The whole under load: killed machines, and one client program for every set-up."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from cluster.chroma import Chroma, program
from cluster.postgres import Postgres, binaries
from service.serving import served

from rag.archive import open_archive
from rag.settings import Settings

QUESTIONS = (
    "What will the bridge in Port Ellery cost?",
    "How many passengers does the ferry carry?",
    "Who conducted the orchestra?",
    "What is the capital of Peru?",
)
BENCH = Path(__file__).parents[1] / "bench" / "load.py"


def client_program(service: str) -> list[dict[str, Any]]:
    """What a newsroom's own program may be: all it knows is the setting that says where to ask.

    Asks each question at each of the addresses, with commas between them, as JSON; reads the
    articles that are cited, and checks their quotes.
    """
    found = []
    for question in QUESTIONS:
        for address in service.split(","):
            asked = {"question": question, "today": date(2024, 10, 1).isoformat()}
            answer = httpx.post(f"{address}/v1/ask", json=asked, timeout=60).json()
            for citation in answer["citations"]:
                quote, key = citation["quote"], citation["source"]["article_id"]
                text = httpx.get(f"{address}/v1/articles/{key}", timeout=60).json()["text"]
                assert text[quote["start"] : quote["end"]] == quote["text"]
            told = {name: answer[name] for name in ("text", "citations", "coverage", "notes")}
            found.append({"question": question, **told, "corpus": answer["receipt"]["corpus"]})
    return found


def test_one_client_program_works_with_every_set_up(
    news: Path, tmp_path: Path, postgres: Postgres, chroma: Chroma
) -> None:
    """The embedded default, a Chroma server and two replicas answer alike, to one setting."""
    own = Settings()
    with_chroma = Settings(chroma=chroma.url)
    shared = Settings.model_validate({"store": postgres.database(), "chroma": chroma.url})
    set_ups = {"own": [own], "chroma": [with_chroma], "replicas": [shared, shared]}

    answers = {
        name: client_program(",".join(addresses))
        for name, addresses in _services(set_ups, news, tmp_path)
    }

    alone = answers["own"]
    assert answers["chroma"] == alone
    assert answers["replicas"] == [answer for answer in alone for _ in range(2)]
    assert "38.5 million" in alone[0]["text"] and "does not say" in alone[-1]["text"]


def _services(
    set_ups: dict[str, list[Settings]], news: Path, folder: Path
) -> Iterator[tuple[str, list[str]]]:
    """Each set-up with the addresses of its services; the first of a set-up ingests."""
    for name, settings in set_ups.items():
        with ExitStack() as stack:
            archives = [
                stack.enter_context(open_archive(folder / f"{name}-{number}", one))
                for number, one in enumerate(settings)
            ]
            archives[0].ingest(news)
            yield name, [stack.enter_context(served(archive)) for archive in archives]


@pytest.mark.skipif(not BENCH.exists(), reason="the benches are not part of the distribution")
def test_the_load_knows_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors are faults outside a kill, untyped, or of a replica that lives; so is a late "no"."""
    monkeypatch.syspath_prepend(str(BENCH.parent))
    from load import Record, Window
    from press import Reply

    def met(second: float, status: int, place: int = 0, typed: bool = True) -> Reply:
        return Reply("ask", place, second, second + 0.1, status, "", typed)

    record = Record(patience=1.0, windows=[Window("replica 1", 1, began=10.0, ended=20.0)])
    record.due["told"] = 5.0
    record.replies += [met(11, 503), met(12, 0, place=1), met(13, 200), met(4, 200)]
    record.abstained += [("told", met(4, 200)), ("told", met(20.5, 200)), ("new", met(8, 200))]
    record.settle()
    assert record.faults == []

    record.replies += [met(9, 503), met(13, 0), met(14, 503, typed=False), met(15, 500)]
    record.abstained += [("told", met(6, 200))]
    record.settle()
    assert [fault.partition(":")[0] for fault in record.faults] == [
        "outside every kill",
        "a lost connection while replica 1 was away",
        "untyped while replica 1 was away",
        "ask",
        "replica 0 does not say of told, which it should",
    ]


@pytest.mark.skipif(os.name == "nt", reason="kills by signal")
@pytest.mark.skipif(not BENCH.exists(), reason="the benches are not part of the distribution")
@pytest.mark.skipif(binaries() is None, reason="PostgreSQL is not installed: no initdb, postgres")
@pytest.mark.skipif(program() is None, reason="Chroma's console script is not installed")
def test_nothing_is_wrong_or_lost_under_load_and_kills(tmp_path: Path) -> None:
    """Two replicas answer rightly while others ingest, and after each machine was killed."""
    # Servers end with the bench, also where it must be ended.
    with subprocess.Popen(
        [sys.executable, str(BENCH), "--quick", "--at", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as bench:
        guard = threading.Timer(500, bench.terminate)
        guard.start()
        try:
            said, _ = bench.communicate()
        finally:
            guard.cancel()

    assert bench.returncode == 0, said
    assert "\n0 faults" in said
