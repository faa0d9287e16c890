"""Replicas: processes with an index folder each, one PostgreSQL and one Chroma server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from cluster.chroma import Chroma
from cluster.postgres import Postgres
from cluster.replica import Replica
from conftest import written

from rag.store import Database, Store

TOWER = "The tower in Lund is 80 metres high. It was built in 1911 by Ansel Rask."
HIGH = "How high is the tower in Lund?"
BUILT = "Who built the mill in Orsa?"
MILL = "The mill in Orsa was built by Hedda Lind in 1822. It stands by the lake."

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills by signal")


@pytest.fixture(scope="module")
def settings(postgres: Postgres, chroma: Chroma) -> dict[str, str]:
    return {"RAG_STORE": postgres.database(), "RAG_CHROMA": chroma.url}


@pytest.fixture(scope="module")
def replicas(
    settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Replica, Replica]]:
    one, two = (Replica(tmp_path_factory.mktemp(name), **settings) for name in ("one", "two"))
    yield one, two
    one.kill()
    two.kill()


def test_what_one_replica_ingests_the_other_answers_from(
    replicas: tuple[Replica, Replica], tmp_path: Path
) -> None:
    """Without a restart, in both directions; ingesting it again elsewhere changes nothing."""
    one, two = replicas
    tower = str(written(tmp_path / "tower", {"a.txt": TOWER}))
    mill = str(written(tmp_path / "mill", {"b.txt": MILL}))
    assert "does not say" in two.do("ask", HIGH)

    assert one.do("ingest", tower) == 1
    assert "80 metres" in two.do("ask", HIGH)
    assert two.do("ingest", mill) == 1

    assert "Hedda Lind" in one.do("ask", BUILT)
    assert one.do("ingest", mill) == two.do("ingest", tower) == 0


def test_one_replica_writes_at_a_time(replicas: tuple[Replica, Replica], tmp_path: Path) -> None:
    """The second is told that another is writing, or waits; both go on answering."""
    one, two = replicas
    lake = str(written(tmp_path / "lake", {"c.txt": "The lake of Orsa is 60 metres deep."}))

    assert one.do("hold") == "held"
    assert two.do("ingest", lake).startswith("IndexBusy: another process is writing to postgres")
    assert "does not say" in two.do("ask", "How deep is the sea off Skarn?")
    two.begin("ingest", lake)
    assert one.do("let go") == "let go"

    assert two.heard() == 1
    assert "60 metres" in one.do("ask", "How deep is the lake of Orsa?")


def test_a_writer_that_is_killed_leaves_the_rest_to_another(
    replicas: tuple[Replica, Replica], settings: dict[str, str], tmp_path: Path
) -> None:
    """Its lock goes with it, what it had stored is found, and the same ingest adds the rest."""
    names = {f"{n}.txt": f"Report {n}: the harbour of Vik saw {n + 700} ships." for n in range(90)}
    reports = str(written(tmp_path / "reports", names))
    store = Store(Database(settings["RAG_STORE"]), embedding="none")
    before, held = store.generation(), len(store.sources())
    killed = Replica(tmp_path / "three", **settings)

    killed.begin("ingest", reports)
    while store.generation() == before:
        assert not killed.has_said()
    killed.kill()
    stored = len(store.sources()) - held
    store.close()

    one, two = replicas
    assert 0 < stored < len(names)
    assert "700 ships" in one.do("ask", "How many ships did Vik see in report 0?")
    assert two.do("ingest", reports) == len(names) - stored
    assert "789 ships" in one.do("ask", "How many ships did Vik see in report 89?")
