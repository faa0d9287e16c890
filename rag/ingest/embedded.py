"""Vectors for passages that have none, kept in the store as they come."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

import numpy as np
from langchain_core.embeddings import Embeddings

from rag.embeddings.cores import cores
from rag.store import Store

# Texts embedded at once for each core, in about a second: what a crash can cost, what an interrupt
# waits for, and enough that few cores are idle at the end of it.
_SLICE_OF_A_CORE = 48
# Between two signs of life while the embedding is waited for.
_TICK_SECONDS = 0.5


def embed_missing(
    store: Store,
    embeddings: Embeddings,
    texts: Iterable[str],
    *,
    tick: Callable[[int], None] | None = None,
) -> int:
    """Embed those of the texts that the store has no vector of; their number.

    `tick` is told after each slice how many are done.
    """
    missing = list(store.missing_vectors(texts).items())
    # Passages of like length share a batch of the model; the longest are embedded first.
    missing.sort(key=lambda pair: -len(pair[1]))
    at_once = _SLICE_OF_A_CORE * cores()
    for start in range(0, len(missing), at_once):
        part = missing[start : start + at_once]
        vectors = embeddings.embed_documents([text for _, text in part])
        store.put_vectors(
            {
                key: np.asarray(vector, dtype=np.float32)
                for (key, _), vector in zip(part, vectors, strict=True)
            }
        )
        if tick:
            tick(start + len(part))
    return len(missing)


class Ahead:
    """Embeds the passages of one batch in a thread while the next is read.

    The batches are embedded one after the other, so that a text that stands in two is embedded
    once. The vectors are in the store when `finish` returns.
    """

    def __init__(self, store: Store, embeddings: Embeddings) -> None:
        self._store = store
        self._embeddings = embeddings
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="embedding")
        self._left = threading.Event()
        self._under_way: Future[int] | None = None
        self._embedded = 0

    def embedded(self) -> int:
        """How many texts of the batch under way are done, told after each slice."""
        return self._embedded

    def begin(self, texts: Sequence[str]) -> None:
        """Embed a batch from now on; the one before must be finished."""
        self._under_way = self._thread.submit(
            embed_missing, self._store, self._embeddings, texts, tick=self._told
        )

    def finish(self, tick: Callable[[], None]) -> int:
        """Wait for the batch that was begun; how many of its texts were new, 0 for no batch.

        `tick` is called again and again, in the thread that waits. Whatever the embedding raised
        is raised here.
        """
        begun, self._under_way = self._under_way, None
        if begun is None:
            return 0
        while not wait([begun], timeout=_TICK_SECONDS).done:
            tick()
        self._embedded = 0
        return begun.result()

    def close(self) -> None:
        """Leave what is under way after the slice it is at; nothing is written from then on."""
        self._left.set()
        self._thread.shutdown(cancel_futures=True)

    def _told(self, embedded: int) -> None:
        self._embedded = embedded
        if self._left.is_set():
            raise _LeftError


class _LeftError(Exception):
    """Nobody waits for the batch any more."""
