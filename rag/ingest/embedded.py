"""Vectors for passages that have none, kept in the store as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from langchain_core.embeddings import Embeddings

from rag.store import Store

# Texts embedded at once: what a crash can cost, and about ten seconds between two signs of life.
_SLICE = 256


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
    for start in range(0, len(missing), _SLICE):
        part = missing[start : start + _SLICE]
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
