"""Embedding ahead: a batch is embedded in a thread, once, and what fails there is told here."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import HashedWords

from rag.embeddings.cores import cores
from rag.indexes.index import Index
from rag.ingest import Ingest, Splitting
from rag.ingest.embedded import _SLICE_OF_A_CORE, Ahead, embed_missing
from rag.records import Filters
from rag.store import Database, Store

# Several slices, however many cores there are.
TEXTS = [f"Number {n}." for n in range(_SLICE_OF_A_CORE * cores() * 3)]
MANY = len(TEXTS)


class Failing(HashedWords):
    """Embeddings that fail from a text of this number on."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._after = after

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if self.embedded >= self._after:
            raise ConnectionError("nobody answers")
        return super().embed_documents(texts)


class Waiting(HashedWords):
    """Embeddings that tell when they begin, and go on when they are let."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()
        self.let = threading.Event()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.begun.set()
        assert self.let.wait(10)
        return super().embed_documents(texts)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(Database(tmp_path / "store.sqlite3"), embedding="words")
    yield opened
    opened.close()


def nothing() -> None:
    """Nobody wants to know how far it is."""


def test_a_text_is_embedded_once(store: Store) -> None:
    """Not again in the same batch, in the next, or when all of it comes again."""
    embeddings = HashedWords()
    ahead = Ahead(store, embeddings)

    ahead.begin([*TEXTS[:30], *TEXTS[:10]])
    first = ahead.finish(nothing)
    ahead.begin(TEXTS[20:])
    second = ahead.finish(nothing)
    again = embed_missing(store, embeddings, TEXTS)
    ahead.close()

    assert (first, second, again) == (30, MANY - 30, 0)
    assert embeddings.embedded == MANY
    assert store.missing_vectors(TEXTS) == {}


def test_no_batch_is_nothing_to_wait_for(store: Store) -> None:
    """Finishing what was not begun gives 0, also after a batch."""
    ahead = Ahead(store, HashedWords())

    before = ahead.finish(nothing)
    ahead.begin(TEXTS[:1])
    ahead.finish(nothing)

    assert (before, ahead.finish(nothing)) == (0, 0)
    ahead.close()


def test_whoever_waits_hears_that_it_goes_on(store: Store) -> None:
    """The tick is called in the thread that waits, until the batch is done."""
    embeddings = Waiting()
    ahead = Ahead(store, embeddings)
    threads: list[threading.Thread] = []

    def tick() -> None:
        threads.append(threading.current_thread())
        embeddings.let.set()

    ahead.begin(TEXTS[:1])
    done = ahead.finish(tick)
    ahead.close()

    assert done == 1 and ahead.embedded() == 0
    assert threads and set(threads) == {threading.current_thread()}


def test_what_the_embedding_raises_is_raised_where_one_waits(store: Store) -> None:
    """With the vectors of the slices before it kept."""
    ahead = Ahead(store, Failing(after=1))

    ahead.begin(TEXTS)

    with pytest.raises(ConnectionError, match="nobody answers"):
        ahead.finish(nothing)
    ahead.close()
    assert 0 < len(store.missing_vectors(TEXTS)) < MANY


def test_closing_leaves_the_rest(store: Store) -> None:
    """The slice under way is kept, no other is begun, and nothing is written afterwards."""
    embeddings = Waiting()
    ahead = Ahead(store, embeddings)
    ahead.begin(TEXTS)
    assert embeddings.begun.wait(10)
    closing = threading.Thread(target=ahead.close)

    closing.start()
    while not ahead._left.is_set():
        closing.join(0.01)
    embeddings.let.set()
    closing.join(10)

    assert not closing.is_alive()
    assert 0 < embeddings.embedded < MANY
    assert len(store.missing_vectors(TEXTS)) == MANY - embeddings.embedded


def test_an_embedding_that_fails_costs_its_batch_alone(tmp_path: Path) -> None:
    """What was stored before is searched, and the next ingest does the rest."""
    rows = [{"id": str(n), "text": text} for n, text in enumerate(TEXTS)]
    news = tmp_path / "a.jsonl"
    news.write_text("\n".join(json.dumps(row) for row in rows))
    store = Store(Database(tmp_path / "store.sqlite3"), embedding="words")
    index = Index(tmp_path, store)

    with pytest.raises(ConnectionError):
        Ingest(store, index, Failing(after=70), Splitting(400, 50)).run([news])
    generation = index.current()
    kept = store.coverage(Filters()).articles
    embeddings = HashedWords()
    report = Ingest(store, index, embeddings, Splitting(400, 50)).run([news])

    assert 0 < kept < MANY and kept == generation.vectors.count()
    assert (report.added, report.unchanged) == (MANY - kept, kept)
    assert index.current().vectors.count() == MANY
    index.close()
    store.close()
