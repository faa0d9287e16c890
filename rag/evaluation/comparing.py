"""Comparing two runs of one suite, case by case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.evaluation.metrics.catalogue import catalogue
from rag.evaluation.metrics.statistics import (
    PairedDifference,
    holm,
    mcnemar,
    paired_difference,
    smallest_detectable,
)
from rag.evaluation.run import CaseResult, Run
from rag.evaluation.suite import SuiteError

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Flips:
    """Ids of cases that passed and now fail, failed and now pass, or are no longer measured."""

    lost: tuple[str, ...]
    gained: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MetricChange:
    """How one metric moved from its old value to its new one.

    For binary metrics `p` is McNemar's exact one, `p_holm` the same after Holm's correction.
    """

    name: str
    old: float | None
    new: float | None
    difference: PairedDifference | None
    p: float | None
    p_holm: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from an older run to a newer one."""

    changes: tuple[MetricChange, ...]
    flips: Flips
    cases: int
    smallest_detectable: float | None


def check_comparable(old: Run, new_corpus: str, suite: str) -> None:
    """See that an older run was of the same suite and the same articles.

    Raises:
        SuiteError: it was not.
    """
    if old.suite != suite:
        raise SuiteError(f"the baseline is a run of suite {old.suite!r}, not of {suite!r}")
    if old.corpus != new_corpus:
        raise SuiteError(
            f"the baseline was measured on other articles ({old.corpus}) than these "
            f"({new_corpus}): look at the run, then `rag eval accept` it"
        )


def compare(old: Run, new: Run) -> Comparison:
    """Every metric and every case of two runs of one suite on the same articles.

    Raises:
        SuiteError: they are not that.
    """
    check_comparable(old, new.corpus, new.suite)
    cluster_of = {case.id: case.cluster for case in new.cases}
    known = catalogue()
    drafts: list[tuple[str, PairedDifference | None, float | None]] = []
    for name in new.metrics:
        before, after = _values(old, name), _values(new, name)
        difference = paired_difference(before, after, cluster_of)
        binary = name in known and known[name].binary
        p = mcnemar(difference.wins, difference.losses) if binary and difference else None
        drafts.append((name, difference, p))
    adjusted = holm({name: p for name, _, p in drafts if p is not None})
    changes = tuple(
        MetricChange(name, _value(old, name), _value(new, name), difference, p, adjusted.get(name))
        for name, difference, p in drafts
    )
    shared = sum(c.passed is not None for c in new.cases)
    return Comparison(
        changes,
        flips(old.cases, new.cases),
        shared,
        smallest_detectable(shared) if shared else None,
    )


def flips(old: Sequence[CaseResult], new: Sequence[CaseResult]) -> Flips:
    """Which cases fare otherwise than before; cases of one run alone are no flips."""
    before, after = _results(old), _results(new)
    shared = [case_id for case_id in before if case_id in after]
    return Flips(
        lost=tuple(i for i in shared if before[i] and after[i] is False),
        gained=tuple(i for i in shared if before[i] is False and after[i]),
        gone=tuple(i for i in shared if before[i] is not None and after[i] is None),
    )


def _results(cases: Sequence[CaseResult]) -> dict[str, bool | None]:
    return {case.id: case.passed for case in cases}


def _values(run: Run, name: str) -> Mapping[str, float]:
    shares = {case.id: case.shares[name] for case in run.cases if name in case.shares}
    # A run that was read back is rounded; a difference of rounding is none.
    return {
        case_id: round(share.points / share.of, _DIGITS)
        for case_id, share in shares.items()
        if share.of
    }


def _value(run: Run, name: str) -> float | None:
    return run.metrics[name].value if name in run.metrics else None
