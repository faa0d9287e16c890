"""What words and vectors found, as one score for each passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# How many of the fused are scored anew.
FUSED = 60

Vector = NDArray[np.float32]
# Passage ids with their scores, best first.
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


@dataclass(frozen=True, slots=True)
class LookedUp:
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


def merged(looked_up: Sequence[LookedUp], weights: Weights) -> dict[str, float]:
    """The best score of each id over all look-ups."""
    merged: dict[str, float] = {}
    for found in looked_up:
        for key, score in found.scores(weights).items():
            merged[key] = max(score, merged.get(key, 0.0))
    return merged


def legs_of(looked_up: Sequence[LookedUp]) -> dict[str, dict[str, int]]:
    """The best rank of each id in each leg that found it."""
    ranks: dict[str, dict[str, int]] = {}
    for found in looked_up:
        for name, leg in (("words", found.words), ("vectors", found.vectors)):
            for rank, (key, _) in enumerate(leg, start=1):
                own = ranks.setdefault(key, {})
                own[name] = min(rank, own.get(name, rank))
    return ranks
