"""Passages for a query, searched by words and by vectors at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Protocol

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from rag.records import Coverage, Filters, Hit, Passage, Query, Source
from rag.retriever.fusion import Found, LookedUp, Vector, Weights, legs_of, merged
from rag.retriever.order import best_first, by_pairs, newest_first, preference, same_text, spread

# How deep each leg is read.
DEPTH = 60
# Filters that leave at most this many passages are searched exactly, by their stored vectors.
EXACT = 4_000
# Hits looked at for each that is wanted: copies and crowding articles take places.
SPARE = 4


class WordSearch(Protocol):
    """Passage ids by their words."""

    def search(self, text: str, *, limit: int, filters: Filters) -> Found: ...


class VectorSearch(Protocol):
    """Passage ids by their vectors, unfiltered."""

    def search(self, vector: Sequence[float], *, limit: int) -> Found: ...


class Searchable(Protocol):
    """One generation of the index."""

    @property
    def words(self) -> WordSearch: ...
    @property
    def vectors(self) -> VectorSearch: ...


class Passages(Protocol):
    """What the retriever asks of the store."""

    def coverage(self, filters: Filters) -> Coverage: ...
    def passages(self, ids: Sequence[str], filters: Filters) -> dict[str, Passage]: ...
    def vectors(self, ids: Iterable[str]) -> dict[str, Vector]: ...
    def filtered_vectors(self, filters: Filters) -> tuple[list[str], Vector]: ...
    def copies(self, article_ids: Iterable[str]) -> dict[str, tuple[Source, ...]]: ...


class HybridRetriever(BaseRetriever):
    """The archive as a LangChain retriever: `invoke(text)` gives documents, `search` hits.

    A document's metadata holds `id`, `article_id`, `title`, `publisher`, `published`, `url`,
    `start`, `end` and `score`.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    searchable: Callable[[], Any]
    store: Any
    embeddings: Embeddings
    limit: int = 12
    weights: Weights = Weights()

    def search(self, query: Query, *, limit: int | None = None) -> tuple[Hit, ...]:
        """The best passages for a query, best first, at most `limit`.

        A query in parts is searched part by part and the ranks of the parts are merged.
        """
        wanted = limit or self.limit
        looked_up = [self._look_up(text, query.filters) for text in (query.text, *query.parts)]
        scores = merged(looked_up, self.weights)
        for key in query.carried:
            scores[key] = scores.get(key, 0.0) + self.weights.carried
        store: Passages = self.store
        passages = store.passages(list(scores), query.filters)
        legs = legs_of(looked_up)
        hits = [
            Hit(
                passage,
                scores[key] + preference(query, passage.source, self.weights),
                legs.get(key, {}),
            )
            for key, passage in passages.items()
        ]
        hits = by_pairs(query.text, sorted(hits, key=best_first), self.weights.pairs)
        if query.newest:
            hits = newest_first(hits)
        hits = self._without_copies(hits[: SPARE * wanted])
        return self._with_similarity(spread(hits, wanted), looked_up[0].vector)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        plain = Query(question=query, text=query, filters=Filters(), today=date.today())
        return [_document(hit) for hit in self.search(plain)]

    def _look_up(self, text: str, filters: Filters) -> LookedUp:
        generation: Searchable = self.searchable()
        vector = np.asarray(self.embeddings.embed_query(text), dtype=np.float32)
        return LookedUp(
            vector,
            generation.words.search(text, limit=DEPTH, filters=filters),
            self._by_vectors(generation, vector, filters),
        )

    def _by_vectors(self, generation: Searchable, vector: Vector, filters: Filters) -> Found:
        """The nearest passages; under filters exactly if few are left, else by asking for more."""
        if filters == Filters():
            return generation.vectors.search(vector.tolist(), limit=DEPTH)
        store: Passages = self.store
        left = store.coverage(filters).passages
        if not left:
            return []
        if left <= EXACT:
            return _nearest(vector, *store.filtered_vectors(filters))
        total = store.coverage(Filters()).passages
        reach = min(total, 2 * DEPTH * total // left)
        found = generation.vectors.search(vector.tolist(), limit=reach)
        passing = store.passages([key for key, _ in found], filters)
        return [(key, score) for key, score in found if key in passing][:DEPTH]

    def _without_copies(self, hits: Sequence[Hit]) -> list[Hit]:
        """One slot for each text: the best hit stays and names the other articles that carry it."""
        store: Passages = self.store
        copies = store.copies({hit.passage.source.article_id for hit in hits})
        kept: list[Hit] = []
        for hit in hits:
            others = copies.get(hit.passage.source.article_id, ())
            cluster = {source.article_id for source in others}
            if cluster and any(
                twin.passage.source.article_id in cluster and same_text(twin, hit) for twin in kept
            ):
                continue
            kept.append(dataclasses.replace(hit, copies=others) if others else hit)
        return kept

    def _with_similarity(self, hits: Sequence[Hit], vector: Vector) -> tuple[Hit, ...]:
        store: Passages = self.store
        held = store.vectors(hit.passage.id for hit in hits)
        return tuple(
            dataclasses.replace(hit, similarity=float(held[hit.passage.id] @ vector))
            if hit.passage.id in held
            else hit
            for hit in hits
        )


def _nearest(vector: Vector, ids: Sequence[str], matrix: Vector) -> Found:
    if not ids:
        return []
    cosines = matrix @ vector
    order = np.argsort(-cosines, kind="stable")[:DEPTH]
    return [(ids[i], float(cosines[i])) for i in order]


def _document(hit: Hit) -> Document:
    source = hit.passage.source
    return Document(
        id=hit.passage.id,
        page_content=hit.passage.text,
        metadata={
            "id": hit.passage.id,
            "article_id": source.article_id,
            "title": source.title,
            "publisher": source.publisher,
            "published": source.published.isoformat() if source.published else None,
            "url": source.url,
            "start": hit.passage.start,
            "end": hit.passage.end,
            "score": hit.score,
        },
    )
