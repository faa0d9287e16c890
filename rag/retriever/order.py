"""The order of hits: what the question prefers, and that no article crowds the others out."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from rag.language.terms import terms
from rag.records import Hit, Query, Source
from rag.retriever.fusion import Weights

# Where the question asks for now, the newest goes first among hits of this share of the best score.
NEAR_BEST = 0.8
# Only the first are compared by word pairs, because their texts must be read for it.
PAIRED = 20
# Passages of one article among the hits while other articles have any.
PER_ARTICLE = 4
# Two passages of a cluster are one text if they share this much of their terms and all figures.
SAME_TEXT = 0.8
_DIGITS = re.compile(r"\d")


def best_first(hit: Hit) -> tuple[float, str]:
    """What hits are sorted by; equals by the id of their passage, always the same way."""
    return -hit.score, hit.passage.id


def preference(query: Query, source: Source, weights: Weights) -> float:
    """What a hit gains by a publisher or a time that the question names."""
    gain = weights.publisher if source.publisher in query.publishers else 0.0
    if query.period and source.published:
        first, last = query.period
        gain += weights.period if first <= source.published <= last else 0.0
    return gain


def by_pairs(text: str, hits: Sequence[Hit], weight: float) -> list[Hit]:
    """The hits, the first of them ordered anew with the word pairs they share with a text."""
    asked = _pairs(text)
    if not asked:
        return list(hits)
    first = [
        dataclasses.replace(
            hit, score=hit.score + weight * _shared(asked, hit.passage.text) / len(asked)
        )
        for hit in hits[:PAIRED]
    ]
    return sorted(first, key=best_first) + list(hits[PAIRED:])


def _pairs(text: str) -> frozenset[frozenset[str]]:
    """Neighbouring terms of a text, in either order."""
    found = terms(text)
    return frozenset(frozenset(pair) for pair in pairwise(found) if pair[0] != pair[1])


def _shared(asked: frozenset[frozenset[str]], text: str) -> int:
    """How many of these pairs stand in a text."""
    paired = frozenset[str]().union(*asked)
    found = [(a, b) for a, b in pairwise(terms(text)) if a in paired and b in paired]
    return len(asked.intersection(map(frozenset, found)))


def newest_first(hits: Sequence[Hit]) -> list[Hit]:
    """The hits that are about as good as the best by date, newest first; then the others."""
    least = NEAR_BEST * max((hit.score for hit in hits), default=0.0)
    near = [hit for hit in hits if hit.score >= least]
    near.sort(key=lambda hit: hit.passage.source.published or date.min, reverse=True)
    return near + [hit for hit in hits if hit.score < least]


def spread(hits: Sequence[Hit], limit: int) -> list[Hit]:
    """The best hits, no more than a few of one article while other articles have any."""
    taken: Counter[str] = Counter()
    first: list[Hit] = []
    later: list[Hit] = []
    for hit in hits:
        article_id = hit.passage.source.article_id
        taken[article_id] += 1
        (first if taken[article_id] <= PER_ARTICLE else later).append(hit)
    return (first + later)[:limit]


def same_text(one: Hit, other: Hit) -> bool:
    """Whether two passages of copies of a report say the same, figure by figure."""
    first, second = set(terms(one.passage.text)), set(terms(other.passage.text))
    shared, union = len(first & second), len(first | second)
    figures_differ = any(_DIGITS.search(term) for term in first ^ second)
    return union > 0 and shared / union >= SAME_TEXT and not figures_differ
