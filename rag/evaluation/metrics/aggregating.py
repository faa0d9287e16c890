"""Aggregating: what the cases' shares say about the suite."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from rag.evaluation.cases import Case
from rag.evaluation.metrics.abstention import Judged, aurc, coverage_at
from rag.evaluation.metrics.catalogue import Metric
from rag.evaluation.metrics.statistics import Interval, Share, cluster_bootstrap, ratio, wilson
from rag.evaluation.run import CaseResult, Measured

# One-sided metrics can be won by always or never answering; retrieval has nothing trivial in it.
_TRIVIAL_FAMILIES = ("result", "answer", "citation", "faithfulness")
_RIGHT_ENOUGH = 0.95


def families(cases: Sequence[Case]) -> dict[str, str]:
    """The root of each case's chain of parents, by id: twins share one."""
    parents = {case.id: case.parent for case in cases}

    def root(case_id: str) -> str:
        seen = {case_id}
        while (parent := parents.get(case_id)) in parents and parent not in seen:
            assert parent is not None
            seen.add(parent)
            case_id = parent
        return case_id

    return {case.id: root(case.id) for case in cases}


def clusters(cases: Sequence[Case]) -> dict[str, str]:
    """What stands or falls with each case, by id: the article of its family's first evidence."""
    by_id = {case.id: case for case in cases}
    found = {}
    for case_id, root in families(cases).items():
        evidence = by_id[root].evidence
        found[case_id] = f"article {evidence[0].article}" if evidence else f"case {root}"
    return found


def twin_shares(cases: Sequence[Case], passed: Mapping[str, bool]) -> dict[str, dict[str, Share]]:
    """What twins add: each twin whether it flips, each parent whether all of its family pass."""
    shares: dict[str, dict[str, Share]] = {}
    kin: dict[str, list[str]] = {}
    for case_id, root in families(cases).items():
        if case_id in passed and root in passed:
            kin.setdefault(root, []).append(case_id)
    for root, members in kin.items():
        twins = [member for member in members if member != root]
        for twin in twins:
            shares[twin] = {"twin_flips": Share(passed[twin] != passed[root])}
        if twins:
            shares[root] = {"worst_of_twins": Share(all(passed[member] for member in members))}
    return shares


def measure(
    known: Mapping[str, Metric],
    results: Sequence[CaseResult],
    trivial: Mapping[str, Mapping[str, float | None]],
) -> dict[str, Measured]:
    """Every metric of the catalogue over the cases, with its interval and the best trivial."""
    curve = _curve(results)
    found = {}
    for metric in known.values():
        if metric.name in curve:
            found[metric.name] = _from_curve(metric, curve[metric.name], len(results))
        else:
            found[metric.name] = _measured(metric, results, _best_trivial(metric, trivial))
    return found


def values(
    known: Mapping[str, Metric], shares: Sequence[Mapping[str, Share]]
) -> dict[str, float | None]:
    """Every metric's bare value over these cases; None where nothing measures it."""
    return {name: ratio([case[name] for case in shares if name in case]) for name in known}


def _measured(
    metric: Metric, results: Sequence[CaseResult], trivial: tuple[str, float] | None
) -> Measured:
    having = [case for case in results if metric.name in case.shares]
    shares = [case.shares[metric.name] for case in having]
    value = ratio(shares)
    if value is None:
        return Measured(
            metric.name, None, 0, reason="no case of the suite measures it", low=metric.low
        )
    interval, interval_of = _interval(metric, having)
    return Measured(
        metric.name,
        value,
        len(having),
        points=math.fsum(share.points for share in shares),
        of=math.fsum(share.of for share in shares),
        interval=interval,
        interval_of=interval_of,
        trivial=trivial,
        low=metric.low,
        variance=_variance(metric.name, results),
    )


def _variance(name: str, results: Sequence[CaseResult]) -> float | None:
    """The mean of the cases' variances between epochs; None where there was one epoch."""
    told = [case.variances[name] for case in results if name in case.variances]
    return math.fsum(told) / len(told) if told else None


def _interval(metric: Metric, having: Sequence[CaseResult]) -> tuple[Interval | None, str]:
    """Wilson's for shares of cases; else clusters drawn: articles, or families where few.

    Drawing from cases that are all perfect (or all nought) would give an interval of no width,
    so they get Wilson's too.
    """
    shares = [case.shares[metric.name] for case in having]
    # A mean of several epochs is no longer yes or no.
    if metric.binary and all(share.points in (0, 1) for share in shares):
        return wilson(round(sum(s.points for s in shares)), len(shares)), "Wilson"
    perfect = sum(share.points == share.of for share in shares)
    if perfect == len(shares) or all(share.points == 0 for share in shares):
        return wilson(perfect, len(shares)), "Wilson over cases"
    for unit, key in (("articles", "cluster"), ("cases", "family")):
        grouped: dict[str, list[Share]] = {}
        for case in having:
            grouped.setdefault(getattr(case, key), []).append(case.shares[metric.name])
        interval = cluster_bootstrap(grouped)
        if interval is not None:
            return interval, f"bootstrap over {unit}"
    return None, "too few cases"


def _curve(results: Sequence[CaseResult]) -> dict[str, float | None]:
    """The two metrics that only all cases together have."""
    answered = [
        Judged(float((case.answer or {})["confidence"]), bool(case.passed))
        for case in results
        if case.state == "scored"
    ]
    return {
        "aurc": aurc(answered),
        "coverage_at_95": coverage_at(_RIGHT_ENOUGH, answered, len(results)),
    }


def _from_curve(metric: Metric, value: float | None, cases: int) -> Measured:
    if value is None:
        return Measured(metric.name, None, 0, reason="nothing was answered", low=metric.low)
    return Measured(
        metric.name, value, cases, points=value, of=1.0, interval_of="none", low=metric.low
    )


def _best_trivial(
    metric: Metric, trivial: Mapping[str, Mapping[str, float | None]]
) -> tuple[str, float] | None:
    two_sided = metric.name == "abstention_f1" or (
        metric.family in _TRIVIAL_FAMILIES and not metric.low
    )
    if not two_sided:
        return None
    known = [
        (value, name) for name, all_ in trivial.items() if (value := all_[metric.name]) is not None
    ]
    if not known:
        return None
    value, name = max(known, key=lambda pair: (pair[0], pair[1]))
    return name, value
