"""An ingest whose reading and embedding is done by Ray's workers, on this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.archive import open_archive
from rag.errors import SettingsError
from rag.ingest import Cluster

ARTICLES = 60
SENTENCES = 30


@pytest.fixture(scope="module")
def workers() -> Iterator[Any]:
    """Two workers of this machine, listening to nobody else."""
    ray = pytest.importorskip("ray")
    yield ray
    ray.shutdown()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Articles of distinct text, a broken file among them."""
    made = tmp_path / "articles"
    made.mkdir()
    for number in range(ARTICLES):
        text = " ".join(
            f"The council of town {number} met in room {place} and counted {number * place} votes."
            for place in range(SENTENCES)
        )
        (made / f"{number:03}.txt").write_text(text, encoding="utf-8")
    (made / "broken.jsonl").write_text(json.dumps({"title": "no text"}), encoding="utf-8")
    return made


def test_a_worker_killed_halfway_loses_nothing(workers: Any, folder: Path, tmp_path: Path) -> None:
    """With one of two workers killed, the archive is what an ingest in one process makes of it."""
    stop = threading.Event()
    killed: list[int] = []
    hunter = threading.Thread(target=_kill_one, args=(stop, killed))
    hunter.start()

    with open_archive(tmp_path / "cluster") as archive:
        report = archive.ingest(folder, ray="local")
        spread = archive.status()
    stop.set()
    hunter.join()

    with open_archive(tmp_path / "here") as archive:
        alone = archive.ingest(folder)
        assert archive.status().corpus == spread.corpus
        assert archive.status().passages == spread.passages
    assert killed
    assert report.added == alone.added == ARTICLES
    assert [failure.reason for failure in report.failures] == [
        failure.reason for failure in alone.failures
    ]


def test_a_second_time_changes_nothing(workers: Any, folder: Path, tmp_path: Path) -> None:
    """What is there already is neither embedded nor stored again."""
    with open_archive(tmp_path / "index") as archive:
        archive.ingest(folder)

        report = archive.ingest(folder, ray="local")

    assert (report.added, report.unchanged, report.embedded) == (0, ARTICLES, 0)


@pytest.mark.parametrize(
    "address", ["not an address", "127.0.0.1:1", "ray://127.0.0.1:1", "127.0.0.1:99999"]
)
def test_no_cluster_is_an_error_in_words(address: str) -> None:
    """An address that is none, or where nobody listens, says at once what to do."""
    ray = pytest.importorskip("ray")
    if ray.is_initialized():
        ray.shutdown()
    cluster = Cluster(address, "minilm", 1000, 150)
    begun = time.monotonic()

    with pytest.raises(SettingsError, match="ray start"):
        list(cluster.gather([], None))  # type: ignore[arg-type]

    assert time.monotonic() - begun < 30  # Ray's own patience with a closed port is minutes


def _kill_one(stop: threading.Event, killed: list[int]) -> None:
    """Kill a worker of ours as soon as there are any and they have begun to embed."""
    while not stop.wait(0.2):
        found = _workers()
        if found:
            time.sleep(1.5)
            os.kill(found[0], signal.SIGKILL)
            killed.append(found[0])
            return


def _workers() -> list[int]:
    """The processes among our descendants that embed."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()[1:]]
    ours = {os.getpid()}
    for _ in range(6):
        ours |= {int(pid) for pid, parent, _ in rows if int(parent) in ours}
    return [
        int(pid) for pid, _, told in rows if int(pid) in ours and told.startswith("ray::MapWorker")
    ]
