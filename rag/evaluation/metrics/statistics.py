"""Statistics: how far a number of a run may be trusted, and when two runs differ.

scipy does the arithmetic where it has it; it is imported when first needed, being slow to load.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CONFIDENCE = 0.95
RESAMPLES = 10_000
SEED = 20_230_913  # any fixed number makes two runs equal
# Below this many clusters a resampling says more about the resampling than about the system.
FEWEST_CLUSTERS = 10


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval, both ends included."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Share:
    """What one case adds to a metric: `points` out of `of`. A mean has `of` 1 in each case."""

    points: float
    of: float = 1.0


def ratio(shares: Sequence[Share]) -> float | None:
    """Points of all / out of all; None when there is nothing to divide by."""
    whole = math.fsum(share.of for share in shares)
    return math.fsum(share.points for share in shares) / whole if whole else None


def wilson(successes: int, trials: int) -> Interval:
    """Wilson's interval of a share (no continuity correction).

    Raises:
        ValueError: there are no trials.
    """
    if trials < 1:
        raise ValueError("an interval needs at least one trial")
    from scipy.stats import binomtest

    found = binomtest(successes, trials).proportion_ci(CONFIDENCE, method="wilson")
    return Interval(float(found.low), float(found.high))


def cluster_bootstrap(clusters: Mapping[str, Sequence[Share]]) -> Interval | None:
    """The percentile interval of `ratio` when whole clusters are drawn with replacement.

    Cases of one cluster stand or fall together (twins, questions on one article), so clusters
    are drawn, not cases (Miller 2024). The seed is fixed. None with fewer than
    `FEWEST_CLUSTERS` clusters.
    """
    if len(clusters) < FEWEST_CLUSTERS:
        return None
    import numpy as np

    names = sorted(clusters)
    points = np.array([math.fsum(s.points for s in clusters[name]) for name in names])
    whole = np.array([math.fsum(s.of for s in clusters[name]) for name in names])
    drawn = np.random.default_rng(SEED).integers(0, len(names), size=(RESAMPLES, len(names)))
    totals = whole[drawn].sum(axis=1)
    kept = totals > 0
    if not kept.any():
        return None
    ratios = points[drawn].sum(axis=1)[kept] / totals[kept]
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(ratios, [tail, 100 - tail])
    return Interval(float(low), float(high))


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """Mean of (new - old) over the cases both runs measured; positive means that new is higher.

    `interval` is None where there are too few clusters; wins, losses and ties count cases.
    """

    mean: float
    interval: Interval | None
    wins: int
    losses: int
    ties: int

    @property
    def cases(self) -> int:
        return self.wins + self.losses + self.ties


def paired_difference(
    old: Mapping[str, float], new: Mapping[str, float], cluster_of: Mapping[str, str]
) -> PairedDifference | None:
    """How the same cases fared in two runs; None when they share no case."""
    shared = sorted(old.keys() & new.keys())
    if not shared:
        return None
    clusters: dict[str, list[Share]] = {}
    for case in shared:
        clusters.setdefault(cluster_of.get(case, case), []).append(Share(new[case] - old[case]))
    wins = sum(new[case] > old[case] for case in shared)
    losses = sum(new[case] < old[case] for case in shared)
    mean = math.fsum(new[case] - old[case] for case in shared) / len(shared)
    interval = cluster_bootstrap(clusters)
    return PairedDifference(mean, interval, wins, losses, len(shared) - wins - losses)


def mcnemar(wins: int, losses: int) -> float:
    """The exact two-sided p that wins and losses differ by chance; 1 when nothing flipped."""
    if wins + losses == 0:
        return 1.0
    from scipy.stats import binomtest

    return float(binomtest(min(wins, losses), wins + losses, 0.5).pvalue)


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Holm's step-down adjusted p of each test of a family, in ascending order of p."""
    adjusted: dict[str, float] = {}
    worst = 0.0
    ordered = sorted(p_values.items(), key=lambda item: (item[1], item[0]))
    for place, (name, p) in enumerate(ordered):
        worst = max(worst, min(1.0, (len(ordered) - place) * p))
        adjusted[name] = worst
    return adjusted


def smallest_detectable(cases: int, *, discordant: float = 0.1, power: float = 0.8) -> float:
    """The smallest paired difference that a set of this size shows with the given power.

    `discordant` is the share of cases on which two systems differ; normal approximation.

    Raises:
        ValueError: there are no cases.
    """
    if cases < 1:
        raise ValueError("a difference needs at least one case")
    from scipy.stats import norm

    reach = float(norm.ppf(1 - (1 - CONFIDENCE) / 2) + norm.ppf(power))
    return reach * math.sqrt(discordant / cases)
