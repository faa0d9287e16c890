"""Retrieval: where in the list of passages the evidence stands (the trec_eval meanings)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag.evaluation.cases import Case
from rag.evaluation.labels import Shelf
from rag.records import Hit


@dataclass(frozen=True, slots=True)
class Ranks:
    """Where each evidence group is first matched, from 1; None where it is not found.

    `matching` are the ranks of every passage that matches some group, ascending.
    """

    first: tuple[int | None, ...]
    matching: tuple[int, ...]


def passage_ranks(case: Case, hits: Sequence[Hit], shelf: Shelf) -> Ranks:
    """Ranks among the passages: a passage matches when it holds a quote of the group."""
    found: list[set[str]] = []
    for hit in hits:
        found.append({e.group for e in case.evidence if shelf.matches(e, hit.passage)})
    return _ranks(case.groups, found)


def article_ranks(case: Case, hits: Sequence[Hit], shelf: Shelf) -> Ranks:
    """Ranks among the articles, each counted where its first passage stands."""
    found: list[set[str]] = []
    seen: set[str] = set()
    for hit in hits:
        article_id = hit.passage.source.article_id
        if article_id not in seen:
            seen.add(article_id)
            found.append({e.group for e in case.evidence if shelf.same_article(e, hit.passage)})
    return _ranks(case.groups, found)


def _ranks(groups: Sequence[str], found: Sequence[set[str]]) -> Ranks:
    first = tuple(
        next((rank for rank, matched in enumerate(found, start=1) if group in matched), None)
        for group in groups
    )
    matching = tuple(rank for rank, matched in enumerate(found, start=1) if matched)
    return Ranks(first, matching)


def hit_at(ranks: Ranks, k: int) -> float:
    """1 when any group is matched among the first k, else 0."""
    return float(any(rank is not None and rank <= k for rank in ranks.first))


def recall_at(ranks: Ranks, k: int) -> float:
    """Groups matched among the first k / groups."""
    return sum(rank is not None and rank <= k for rank in ranks.first) / len(ranks.first)


def all_at(ranks: Ranks, k: int) -> float:
    """1 when every group is matched among the first k, else 0."""
    return float(all(rank is not None and rank <= k for rank in ranks.first))


def precision_at(ranks: Ranks, k: int) -> float:
    """Matching passages among the first k / k, a shorter list counting as filled with misses."""
    return sum(rank <= k for rank in ranks.matching) / k


def reciprocal_rank(ranks: Ranks, k: int = 10) -> float:
    """1 / rank of the first matching passage; 0 when it stands after k."""
    first = min(ranks.matching, default=k + 1)
    return 1 / first if first <= k else 0.0


def ndcg(ranks: Ranks, k: int = 10) -> float:
    """DCG@k / ideal DCG@k.

    A group gives gain 1 where it is first matched (a passage that is the first for two groups
    gives 2); the ideal list has one group a rank. Capped at 1, which two groups met in one
    passage would exceed.
    """
    gained = sum(_discount(rank) for rank in ranks.first if rank is not None and rank <= k)
    ideal = sum(_discount(rank) for rank in range(1, min(len(ranks.first), k) + 1))
    return min(1.0, gained / ideal)


def _discount(rank: int) -> float:
    return 1 / math.log2(rank + 1)
