"""A store whose index is on a Chroma server, at the level of the index."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.indexes.chroma_server import ChromaServer
from rag.indexes.index import Index
from rag.indexes.served import Served
from rag.passages import split
from rag.records import Article, Filters, Source
from rag.store import Database, Entry, Store, text_hash

_ALL = Filters()


def vector(text: str) -> NDArray[np.float32]:
    """A unit vector of its own for each text."""
    made = np.random.default_rng(list(text.encode())).normal(size=8).astype("f4")
    unit: NDArray[np.float32] = made / np.linalg.norm(made)
    return unit


class House:
    """A store, what of it is on a server, and its index."""

    def __init__(self, folder: Path, address: str, fingerprint: str = "words/1000") -> None:
        self.store = Store(Database(folder / "store.sqlite3"), embedding="words")
        self.server = ChromaServer(address, "s3cret")
        self.served = Served(self.server, self.store, fingerprint)
        self.index = Index(folder, self.store, self.served)

    def put(
        self,
        article_id: str,
        text: str,
        *,
        publisher: str | None = None,
        published: date | None = None,
    ) -> None:
        """Store an article, or its next version."""
        article = Article(Source(article_id, None, publisher, published), text, text)
        passages = split(article, size=1000, overlap=100)
        self.store.put_vectors({text_hash(each.text): vector(each.text) for each in passages})
        self.store.put([Entry(article, passages)])

    def nearest(self, text: str, limit: int = 1) -> list[str]:
        """The articles whose passages are nearest to a text."""
        found = self.index.current().vectors.search(vector(text).tolist(), limit=limit)
        return self._articles(found)

    def matching(self, text: str, filters: Filters = _ALL, limit: int = 9) -> list[str]:
        """The articles whose passages share the most with a text, by their words."""
        found = self.index.current().words.search(text, limit=limit, filters=filters)
        return self._articles(found)

    def name(self) -> str:
        """The name of its collection."""
        (name,) = [name for name in self.server.names() if self.store.identity() in name]
        return name

    def _articles(self, found: list[tuple[str, float]]) -> list[str]:
        held = self.store.passages([key for key, _ in found], _ALL)
        return [held[key].source.article_id for key, _ in found]

    def close(self) -> None:
        self.index.close()
        self.store.close()
