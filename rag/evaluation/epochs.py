"""Epochs: what several answers to one question come to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from rag.evaluation.metrics.statistics import Share


def mean_shares(epochs: Sequence[Mapping[str, Share]]) -> dict[str, Share]:
    """Each metric's mean share over the epochs that measured it, in order of appearance."""
    names = dict.fromkeys(name for shares in epochs for name in shares)
    found = {}
    for name in names:
        told = [shares[name] for shares in epochs if name in shares]
        points = math.fsum(share.points for share in told) / len(told)
        found[name] = Share(points, math.fsum(share.of for share in told) / len(told))
    return found


def variances(epochs: Sequence[Mapping[str, Share]]) -> dict[str, float]:
    """Each metric's variance between the epochs of one case (n - 1), where two measured it."""
    found = {}
    for name in dict.fromkeys(name for shares in epochs for name in shares):
        told = [shares[name] for shares in epochs if name in shares]
        values = [share.points / share.of for share in told if share.of]
        if len(values) > 1:
            # The mean of equal thirds is not exactly a third.
            middle = values[0] if len(set(values)) == 1 else math.fsum(values) / len(values)
            found[name] = math.fsum((v - middle) ** 2 for v in values) / (len(values) - 1)
    return found
