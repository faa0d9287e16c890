"""Hits for a query: words and vectors fused by rank, copies collapsed, no article crowding."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from numpy.typing import NDArray
from pydantic import ConfigDict

from rag.language.terms import terms
from rag.records import Coverage, Filters, Hit, Passage, Query, Source

# How deep each leg is read, and how many of the fused are scored anew.
DEPTH = 60
FUSED = 60
# Where the question asks for now, the newest goes first among hits of this share of the best score.
NEAR_BEST = 0.8
# Only the first are compared by word pairs, because their texts must be read for it.
PAIRED = 20
# Filters that leave at most this many passages are searched exactly, by their stored vectors.
EXACT = 4_000
# Hits looked at for each that is wanted: copies and crowding articles take places.
SPARE = 4
# Passages of one article among the hits while other articles have any.
PER_ARTICLE = 4
# Two passages of a cluster are one text if they share this much of their terms and all figures.
SAME_TEXT = 0.8
_DIGITS = re.compile(r"\d")

Vector = NDArray[np.float32]
Found = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Weights:
    """How two legs become one order. Chosen by `bench/fusion.py`; half or double changes little.

    Ids are fused by reciprocal rank, 1 / (k + rank) summed over the legs (Cormack, Clarke,
    Büttcher, SIGIR 2009). The fused are ordered by BM25 and cosine, each as a share of the
    question's best, BM25 counting 1; then by `pairs`, the share of the question's neighbouring
    words that stand together, by a named `publisher` or `period`, and by having been `carried`
    from the answer before.
    """

    k: float = 10
    cosine: float = 0.7
    pairs: float = 0.4
    publisher: float = 0.4
    period: float = 0.1
    carried: float = 0.2


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
        scores = _merged(looked_up, self.weights)
        for key in query.carried:
            scores[key] = scores.get(key, 0.0) + self.weights.carried
        store: Passages = self.store
        passages = store.passages(list(scores), query.filters)
        legs = _legs(looked_up)
        hits = [
            Hit(
                passage,
                scores[key] + _preference(query, passage.source, self.weights),
                legs.get(key, {}),
            )
            for key, passage in passages.items()
        ]
        hits = _by_pairs(query.text, sorted(hits, key=_best_first), self.weights.pairs)
        if query.newest:
            hits = _newest_first(hits)
        hits = self._without_copies(hits[: SPARE * wanted])
        return self._with_similarity(_spread(hits, wanted), looked_up[0].vector)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        plain = Query(question=query, text=query, filters=Filters(), today=date.today())
        return [_document(hit) for hit in self.search(plain)]

    def _look_up(self, text: str, filters: Filters) -> _LookedUp:
        generation: Searchable = self.searchable()
        vector = np.asarray(self.embeddings.embed_query(text), dtype=np.float32)
        return _LookedUp(
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
                twin.passage.source.article_id in cluster and _same_text(twin, hit) for twin in kept
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


@dataclass(frozen=True, slots=True)
class _LookedUp:
    """What one text found: its vector and both legs, best first."""

    vector: Vector
    words: Found
    vectors: Found

    def fused(self, k: float) -> list[str]:
        """The ids of both legs by reciprocal rank, best first."""
        gained: dict[str, float] = {}
        for leg in (self.words, self.vectors):
            for rank, (key, _) in enumerate(leg, start=1):
                gained[key] = gained.get(key, 0.0) + 1 / (k + rank)
        return sorted(gained, key=lambda key: (-gained[key], key))[:FUSED]

    def scores(self, weights: Weights) -> dict[str, float]:
        """The fused ids with the sum of their shares of the best score in each leg."""
        words, cosines = _shares(self.words), _shares(self.vectors)
        return {
            key: words.get(key, 0.0) + weights.cosine * cosines.get(key, 0.0)
            for key in self.fused(weights.k)
        }


def _shares(leg: Found) -> dict[str, float]:
    best = max((score for _, score in leg), default=0.0)
    return {key: max(score, 0.0) / best for key, score in leg} if best > 0 else {}


def _merged(looked_up: Sequence[_LookedUp], weights: Weights) -> dict[str, float]:
    """The best score of each id over all look-ups."""
    merged: dict[str, float] = {}
    for found in looked_up:
        for key, score in found.scores(weights).items():
            merged[key] = max(score, merged.get(key, 0.0))
    return merged


def _legs(looked_up: Sequence[_LookedUp]) -> dict[str, dict[str, int]]:
    """The best rank of each id in each leg that found it."""
    ranks: dict[str, dict[str, int]] = {}
    for found in looked_up:
        for name, leg in (("words", found.words), ("vectors", found.vectors)):
            for rank, (key, _) in enumerate(leg, start=1):
                own = ranks.setdefault(key, {})
                own[name] = min(rank, own.get(name, rank))
    return ranks


def _preference(query: Query, source: Source, weights: Weights) -> float:
    gain = weights.publisher if source.publisher in query.publishers else 0.0
    if query.period and source.published:
        first, last = query.period
        gain += weights.period if first <= source.published <= last else 0.0
    return gain


def _by_pairs(text: str, hits: Sequence[Hit], weight: float) -> list[Hit]:
    """The hits, the first of them ordered anew with the word pairs they share with a text."""
    asked = pairs(text)
    if not asked:
        return list(hits)
    first = [
        dataclasses.replace(
            hit, score=hit.score + weight * _shared(asked, hit.passage.text) / len(asked)
        )
        for hit in hits[:PAIRED]
    ]
    return sorted(first, key=_best_first) + list(hits[PAIRED:])


def pairs(text: str) -> frozenset[frozenset[str]]:
    """Neighbouring terms of a text, in either order."""
    found = terms(text)
    return frozenset(frozenset(pair) for pair in pairwise(found) if pair[0] != pair[1])


def _shared(asked: frozenset[frozenset[str]], text: str) -> int:
    """How many of these pairs stand in a text."""
    paired = frozenset[str]().union(*asked)
    found = [(a, b) for a, b in pairwise(terms(text)) if a in paired and b in paired]
    return len(asked.intersection(map(frozenset, found)))


def _best_first(hit: Hit) -> tuple[float, str]:
    return -hit.score, hit.passage.id


def _nearest(vector: Vector, ids: Sequence[str], matrix: Vector) -> Found:
    if not ids:
        return []
    cosines = matrix @ vector
    order = np.argsort(-cosines, kind="stable")[:DEPTH]
    return [(ids[i], float(cosines[i])) for i in order]


def _same_text(one: Hit, other: Hit) -> bool:
    first, second = set(terms(one.passage.text)), set(terms(other.passage.text))
    shared, union = len(first & second), len(first | second)
    figures_differ = any(_DIGITS.search(term) for term in first ^ second)
    return union > 0 and shared / union >= SAME_TEXT and not figures_differ


def _spread(hits: Sequence[Hit], limit: int) -> list[Hit]:
    """The best hits, no more than a few of one article while other articles have any."""
    taken: Counter[str] = Counter()
    first: list[Hit] = []
    later: list[Hit] = []
    for hit in hits:
        article_id = hit.passage.source.article_id
        taken[article_id] += 1
        (first if taken[article_id] <= PER_ARTICLE else later).append(hit)
    return (first + later)[:limit]


def _newest_first(hits: Sequence[Hit]) -> list[Hit]:
    """The hits that are about as good as the best by date, newest first; then the others."""
    least = NEAR_BEST * max((hit.score for hit in hits), default=0.0)
    near = [hit for hit in hits if hit.score >= least]
    near.sort(key=lambda hit: hit.passage.source.published or date.min, reverse=True)
    return near + [hit for hit in hits if hit.score < least]


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
