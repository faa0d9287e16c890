"""Intervals and tests agree with scipy and with numbers worked by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st
from scipy import stats

from rag.evaluation.metrics.statistics import (
    FEWEST_CLUSTERS,
    Share,
    cluster_bootstrap,
    holm,
    mcnemar,
    paired_difference,
    ratio,
    smallest_detectable,
    wilson,
)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_by_its_formula(counts: tuple[int, int]) -> None:
    """The interval is Wilson's formula, within 0 and 1, and holds the share."""
    successes, trials = counts
    z, p = stats.norm.ppf(0.975), successes / trials
    middle = (p + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z * math.sqrt(p * (1 - p) / trials + z * z / (4 * trials**2)) / (1 + z * z / trials)

    found = wilson(successes, trials)

    assert found.low == pytest.approx(max(0, middle - half), abs=1e-9)
    assert found.high == pytest.approx(min(1, middle + half), abs=1e-9)
    assert 0 <= found.low <= p + 1e-12
    assert p - 1e-12 <= found.high <= 1


def test_no_trials_have_no_interval() -> None:
    """An interval of nothing is an error, not a number."""
    with pytest.raises(ValueError, match="trial"):
        wilson(0, 0)


def test_the_bootstrap_is_the_same_twice_and_near_scipy_s() -> None:
    """One seed, one interval; with one case a cluster it is scipy's percentile bootstrap."""
    values = [float(i % 4 == 0) for i in range(80)]
    clusters = {f"c{i}": [Share(value)] for i, value in enumerate(values)}

    found = cluster_bootstrap(clusters)

    assert found == cluster_bootstrap(clusters)
    theirs = stats.bootstrap(
        (values,), lambda x, axis: x.mean(axis), method="percentile", rng=1
    ).confidence_interval
    assert found is not None
    assert found.low == pytest.approx(theirs.low, abs=0.02)
    assert found.high == pytest.approx(theirs.high, abs=0.02)


def test_clusters_that_move_together_widen_the_interval() -> None:
    """Eighty cases in twenty families are less than eighty cases."""
    alone = {f"c{i}": [Share(i % 2)] for i in range(80)}
    together = {f"c{i}": [Share(i % 2)] * 4 for i in range(20)}

    narrow, wide = cluster_bootstrap(alone), cluster_bootstrap(together)

    assert narrow and wide
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


def test_few_clusters_have_no_interval() -> None:
    """With too few clusters nothing is claimed."""
    few = {f"c{i}": [Share(1)] for i in range(FEWEST_CLUSTERS - 1)}

    assert cluster_bootstrap(few) is None


def test_a_ratio_sums_before_it_divides() -> None:
    """Two of three and none of one are two of four; nothing of nothing is None."""
    assert ratio([Share(2, 3), Share(0, 1)]) == 0.5
    assert ratio([Share(0, 0)]) is None
    assert ratio([]) is None


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_exact_sign_test(wins: int, losses: int) -> None:
    """The p is the two-sided binomial one, the same both ways round."""
    n = wins + losses
    tail = sum(math.comb(n, i) for i in range(min(wins, losses) + 1)) / 2**n
    expected = min(1.0, 2 * tail)

    assert mcnemar(wins, losses) == pytest.approx(expected)
    assert mcnemar(wins, losses) == mcnemar(losses, wins)


def test_holm_by_hand() -> None:
    """0.01, 0.04, 0.03 become 0.03, 0.06, 0.06."""
    adjusted = holm({"a": 0.01, "b": 0.04, "c": 0.03})

    assert adjusted == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06})


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.floats(0, 1), max_size=8))
def test_holm_never_lowers_a_p_nor_its_order(p_values: dict[str, float]) -> None:
    """An adjusted p is at least the raw one and at most 1, and keeps the order."""
    adjusted = holm(p_values)

    assert all(p_values[name] <= p <= 1 for name, p in adjusted.items())
    ordered = [adjusted[name] for name in sorted(p_values, key=lambda n: p_values[n])]
    assert ordered == sorted(ordered)


def test_paired_difference_counts_shared_cases() -> None:
    """Only cases of both runs are compared; wins, losses and ties add up."""
    old = {f"c{i}": 0.0 for i in range(12)} | {"gone": 1.0}
    new = {f"c{i}": float(i < 3) for i in range(12)} | {"fresh": 1.0}

    found = paired_difference(old, new, {})

    assert found is not None
    assert (found.wins, found.losses, found.ties, found.mean) == (3, 0, 9, 0.25)
    assert found.interval is not None and found.interval.low >= 0
    assert paired_difference({"a": 1}, {"b": 1}, {}) is None


@pytest.mark.parametrize(("cases", "points"), [(60, 11.4), (100, 8.9), (200, 6.3), (300, 5.1)])
def test_the_smallest_detectable_difference(cases: int, points: float) -> None:
    """Known sizes show known differences."""
    assert 100 * smallest_detectable(cases) == pytest.approx(points, abs=0.05)
