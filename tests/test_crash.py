"""A crash: an ingest that is killed costs what was under way, and nothing else."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from rag.errors import IndexBusy
from rag.indexes.index import Index
from rag.records import Filters
from rag.store import Database, Store

ARTICLES = 130
# When an ingest is killed: seconds after it has begun; the whole takes one or two.
MOMENTS = [
    round(moment, 2) for moment in random.Random(7).choices([n / 20 for n in range(40)], k=2)
]


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crash")
    rows = [
        {
            "id": f"a{n:03}",
            "text": " ".join(f"Report {n} tells item {n * 9 + m}." for m in range(20)),
        }
        for n in range(ARTICLES)
    ]
    (folder / "a.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    return folder


def begin(index: Path, news: Path) -> subprocess.Popen[str]:
    """A process that has begun to ingest."""
    here = Path(__file__).parent
    paths = os.pathsep.join([str(here), str(here.parent), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(
        [sys.executable, str(here / "ingesting.py"), str(index), str(news)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert process.stdout is not None and process.stdout.readline() == "begun\n"
    return process


def held(folder: Path) -> int:
    """How many articles the store holds, after seeing that all of them are found both ways."""
    store = Store(Database(folder / "store.sqlite3"), embedding="words")
    index = Index(folder, store)
    generation = index.current()
    articles = list(store.articles())
    passages = store.coverage(Filters()).passages
    assert generation.number == store.generation()
    assert generation.vectors.count() == passages
    hits = generation.words.search("report", limit=10_000, filters=Filters())
    assert len(store.passages([key for key, _ in hits], Filters())) == passages
    asked = np.ones(64, dtype="f4").tolist()
    assert len(generation.vectors.search(asked, limit=5)) == min(5, passages)
    index.close()
    store.close()
    return len(articles)


@pytest.mark.skipif(os.name == "nt", reason="kills by signal")
def test_a_killed_ingest_goes_on_where_it_was(news: Path, tmp_path: Path) -> None:
    """Killed at any moment, the archive opens, finds what it holds, and the rest comes after."""
    before = 0
    for moment in MOMENTS:
        process = begin(tmp_path / "index", news)
        time.sleep(moment)
        process.kill()
        process.wait()

        now = held(tmp_path / "index")
        assert now >= before and now in (0, ARTICLES, *range(0, ARTICLES, 64))
        before = now

    process = begin(tmp_path / "index", news)
    output, _ = process.communicate(timeout=120)

    added, unchanged = (int(word) for word in output.split())
    assert (unchanged, added) == (before, ARTICLES - before)
    assert held(tmp_path / "index") == ARTICLES


def test_asking_goes_on_beside_two_ingests(news: Path, tmp_path: Path) -> None:
    """While others ingest, this process searches what there was, then the new; one is busy."""
    one = tmp_path / "one"
    one.mkdir()
    (one / "first.txt").write_text("The first report of all.")
    begin(tmp_path / "index", one).communicate(timeout=120)
    store = Store(Database(tmp_path / "index" / "store.sqlite3"), embedding="words")
    index = Index(tmp_path / "index", store)

    processes = [begin(tmp_path / "index", news) for _ in range(2)]
    while any(process.poll() is None for process in processes):
        try:
            generation = index.current()
        except IndexBusy:
            pytest.fail("a search waited for a writer")
        assert generation.words.search("first", limit=5, filters=Filters())
        assert generation.vectors.search(np.ones(64, dtype="f4").tolist(), limit=5)

    assert 0 in [process.returncode for process in processes]
    assert index.current().vectors.count() == store.coverage(Filters()).passages > ARTICLES
    index.close()
    store.close()


@pytest.mark.skipif(os.name == "nt", reason="kills by signal")
@pytest.mark.parametrize(
    ("script", "given"),
    [
        ("crashes.py", ["--kills", "5", "--seed", "7"]),
        ("truncation.py", ["--times", "5", "--seed", "7"]),
    ],
)
def test_the_bench_of_damage_finds_none(script: str, given: list[str], tmp_path: Path) -> None:
    """Five kills of an ingest of 512 articles, five damaged files: right answers, nothing lost."""
    bench = Path(__file__).parents[1] / "bench" / script
    if not bench.exists():
        pytest.skip("the benches are not part of the source distribution")

    ran = subprocess.run(
        [sys.executable, str(bench), *given, "--at", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=600,
        env={**os.environ, "PYTHONPATH": str(bench.parents[1])},
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert len(ran.stdout.splitlines()) >= 6
