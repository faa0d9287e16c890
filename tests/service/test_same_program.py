"""One client program, three services: a folder, a Chroma server, two replicas on one store.

Which of them it speaks to is one setting of its own: the address.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from cluster.chroma import Chroma
from cluster.postgres import Postgres

from rag.archive import Archive, open_archive
from rag.settings import Settings
from service.balancer import balanced
from service.serving import served

PROGRAM = """
import json, sys, urllib.request

ADDRESS = sys.argv[1]
QUESTIONS = (
    "How many lanterns were bought for the quay?",
    "Who lit the lighthouse of Skarn?",
    "When was the lighthouse lit?",
    "What is the capital of Peru?",
)

def told(method, path, body=None):
    request = urllib.request.Request(ADDRESS + path, method=method)
    if body is not None:
        request.add_header("Content-Type", "application/json")
        request.data = json.dumps(body).encode()
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.read().decode()

def asked(question):
    answer = json.loads(told("POST", "/v1/ask", {"question": question, "today": "2024-10-01"}))
    return {name: answer[name] for name in ("text", "citations", "coverage", "notes", "receipt")}

articles = [
    {"id": "lanterns", "publisher": "Harbour Herald", "published": "2024-05-02",
     "text": "The council bought 17 new lanterns for the quay. They cost 900 crowns each."},
    {"id": "lighthouse", "publisher": "Inland Courier", "published": "2024-06-03",
     "text": "The lighthouse of Skarn was lit on Friday by Ada Moor. Hundreds came to watch."},
]
found = [json.loads(told("POST", "/v1/articles", {"articles": [one]}))["added"] for one in articles]
found += [asked(question) for question in QUESTIONS * 2]
found.append(told("POST", "/v1/ask", {"question": QUESTIONS[0], "stream": True}).count("event: "))
found.append(json.loads(told("GET", "/v1/search?q=quay&limit=1"))["hits"][0]["passage"])
found.append(json.loads(told("DELETE", "/v1/articles/lanterns"))["removed"])
found += [asked(QUESTIONS[0]) for _ in range(2)]
print(json.dumps(found))
"""


def run(address: str) -> list[Any]:
    """What the program finds at the address."""
    command = [sys.executable, "-c", PROGRAM, address]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    found: list[Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """What it finds where everything is in one folder."""
    folder = tmp_path_factory.mktemp("alone") / "index"
    with open_archive(folder) as archive, served(archive) as address:
        return run(address)


@pytest.fixture
def with_chroma(chroma: Chroma, tmp_path: Path) -> Iterator[str]:
    """A service whose vectors are on a Chroma server."""
    settings = Settings(chroma=chroma.url)
    with Archive(tmp_path / "index", settings) as archive, served(archive) as address:
        yield address


@pytest.fixture
def with_replicas(chroma: Chroma, postgres: Postgres, tmp_path: Path) -> Iterator[str]:
    """Two services, each with a folder of its own, on one store and one Chroma server."""
    settings = Settings.model_validate({"chroma": chroma.url, "store": postgres.database()})
    with ExitStack() as stack:
        archives = [
            stack.enter_context(Archive(tmp_path / name, settings)) for name in ("one", "two")
        ]
        servers = [stack.enter_context(served(archive)) for archive in archives]
        yield stack.enter_context(balanced(servers))


def test_the_program_works_in_a_folder(expected: list[Any]) -> None:
    """Articles sent are answered from with quotes; one that was removed is not."""
    added, answers, last = expected[:2], expected[2:6], expected[-1]

    assert added == [1, 1]
    assert "17 new lanterns" in answers[0]["text"]
    assert "Ada Moor" in answers[1]["text"]
    assert answers[3]["text"] == last["text"] == "The archive does not say."


@pytest.mark.parametrize("service", ["with_chroma", "with_replicas"])
def test_the_same_program_finds_the_same(
    request: pytest.FixtureRequest, expected: list[Any], service: str
) -> None:
    """At another address, with nothing else changed, every answer is the same to the letter."""
    assert run(request.getfixturevalue(service)) == expected
