"""Servers that are killed: a typed error while they are away, then the right answer, all there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cluster.chroma import Chroma
from cluster.postgres import Postgres
from conftest import written

from rag.archive import Archive, open_archive
from rag.errors import IndexBusy, Unreachable
from rag.settings import Settings

COST = "What will the bridge in Port Ellery cost?"
TOWER = "The tower in Lund is 80 metres high. It was built in 1911 by Ansel Rask."
HIGH = "How high is the tower in Lund?"


@pytest.fixture(scope="module")
def settings(postgres: Postgres, chroma: Chroma) -> Settings:
    return Settings.model_validate({"store": postgres.database(), "chroma": chroma.url})


@pytest.fixture(scope="module")
def opened(
    settings: Settings, news: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Archive]:
    """The six articles on both servers."""
    with open_archive(tmp_path_factory.mktemp("one"), settings) as archive:
        archive.ingest(news)
        yield archive


@pytest.fixture(scope="module")
def other(
    settings: Settings, opened: Archive, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Archive]:
    """A second replica."""
    with open_archive(tmp_path_factory.mktemp("two"), settings) as archive:
        yield archive


@pytest.mark.parametrize("name", ["postgres", "chroma"])
def test_a_killed_server_is_told_and_found_again(
    opened: Archive, other: Archive, name: str, request: pytest.FixtureRequest
) -> None:
    """Both replicas say which server is away and that nothing is lost; then both answer."""
    server: Postgres | Chroma = request.getfixturevalue(name)
    assert "38.5 million" in opened.ask(COST).text
    assert "38.5 million" in other.ask(COST).text

    server.kill()
    try:
        for archive in (opened, other, opened):
            with pytest.raises(Unreachable, match=f"{server.port}.*no article is lost") as told:
                archive.ask(COST)
            assert "s3cret" not in str(told.value)
    finally:
        server.start()

    assert "38.5 million" in opened.ask(COST).text
    assert "38.5 million" in other.ask(COST).text
    assert len(other.sources()) == len(opened.sources()) > 5


def test_what_is_ingested_while_chroma_is_away_is_found_after(
    opened: Archive, other: Archive, chroma: Chroma, tmp_path: Path
) -> None:
    """The ingest says so at its end; any replica puts the vectors there once the server is back."""
    chroma.kill()
    try:
        with pytest.raises(Unreachable, match="no article is lost"):
            opened.ingest(written(tmp_path / "n", {"tower.txt": TOWER}))
    finally:
        chroma.start()

    (hit, *_) = other.search(HIGH)
    assert "80 metres" in hit.passage.text and set(hit.legs) == {"words", "vectors"}
    assert "80 metres" in other.ask(HIGH).text
    assert "80 metres" in opened.ask(HIGH).text


def test_a_writer_whose_lock_died_writes_no_more(
    opened: Archive, other: Archive, postgres: Postgres
) -> None:
    """After PostgreSQL was killed another may be writing: the first one's changes are refused."""
    store = opened._parts.store
    before = store.change()

    with pytest.raises(Unreachable, match="others may write"), opened._parts.index.writing():
        with pytest.raises(IndexBusy), other._parts.index.writing(patience=0):
            pass
        postgres.kill()
        postgres.start()
        with pytest.raises(Unreachable):
            store.remove(["harvest"])
        with other._parts.index.writing():
            store.remove(["harvest"])

    assert store.change() == before
    with opened._parts.index.writing():
        pass
