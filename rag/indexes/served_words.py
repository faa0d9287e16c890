"""Passages, found by their words on a Chroma server; what the words are is known here."""

from __future__ import annotations

from pathlib import Path

from rag.indexes.chroma_server import Found
from rag.indexes.entry import searched
from rag.indexes.served import Served
from rag.indexes.sparse import asked
from rag.indexes.vocabulary import Vocabulary
from rag.records import Filters


class ServedWords(Vocabulary):
    """A vocabulary whose passages are searched on the server.

    Scores are those of `rag.indexes.words`, but for a fixed average length.

    Raises (all methods):
        Unreachable: the server does not answer; only `search` and `count` ask it.
        IndexUnavailable: it or the vocabulary cannot be used.
    """

    def __init__(self, served: Served, file: Path) -> None:
        super().__init__(file)
        self._served = served

    def count(self) -> int:
        """How many passages there are."""
        return self._served.count()

    def search(self, text: str, *, limit: int, filters: Filters) -> Found:
        """Passage ids with their BM25 scores, best first; no shared term, no hit."""
        terms = searched(text, self.rarity)
        if not terms:
            return []
        words = asked({term: self.rarity(term) for term in terms})
        return self._served.matching(words, limit=limit, filters=filters)
