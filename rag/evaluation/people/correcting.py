"""Correcting: what a rate that a fallible check found is likely to be, given people's verdicts.

Two ways. Verdicts on a sample of the run's own claims: prediction-powered inference (Angelopoulos
et al. 2023) adds to the check's rate by how much people differ from it. Verdicts on other claims:
Rogan and Gladen (1978) undo the check's known shares of misses and of false alarms.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.evaluation.checks.support import Checker
from rag.evaluation.metrics.statistics import CONFIDENCE, Interval
from rag.evaluation.people.judging import Labelled
from rag.evaluation.run import Run
from rag.evaluation.suite import SuiteError
from rag.records import Verdict

FEWEST = 50  # verdicts of people: below, the correction is wider than what it corrects
# A check that tells supported from unsupported by less than this over chance corrects nothing.
_LEAST_SKILL = 0.1


@dataclass(frozen=True, slots=True)
class Corrected:
    """A rate as the check found it and as people's verdicts correct it, from 0 to 1."""

    raw: float
    value: float
    interval: Interval
    claims: int
    verdicts: int
    method: Literal["PPI", "Rogan–Gladen"]


def corrected(run: Run, labelled: Sequence[Labelled], checker: Checker) -> Corrected:
    """The run's attributed faithfulness, corrected by at least `FEWEST` verdicts of people.

    The same checker as in the run. When that many verdicts are on claims of the run it is PPI.

    Raises:
        SuiteError: there are too few verdicts or claims, or the check has no skill.
    """
    found = run_claims(run)
    if not found:
        raise SuiteError("the run holds no claim that its checker could check")
    if len(labelled) < FEWEST:
        raise SuiteError(f"{len(labelled)} verdicts of people are too few: {FEWEST} are needed")
    told = dict(found)
    own = [item for item in labelled if item.claim in told]
    rates = [supported for _, supported in found]
    if len(own) >= FEWEST:
        return ppi(rates, [(told[item.claim], item.supported) for item in own])
    verdicts = [
        (checker(item.passages, item.claim) is Verdict.SUPPORTED, item.supported)
        for item in labelled
    ]
    return rogan_gladen(rates, verdicts)


def run_claims(run: Run) -> list[tuple[str, bool]]:
    """Each claim of the run that could be checked, and whether its citations support it."""
    return [
        (claim["text"], claim["attributed"] == Verdict.SUPPORTED.value)
        for case in run.cases
        if case.answer is not None and not case.answer["abstained"]
        for claim in case.answer["claims"]
        if claim["attributed"] != Verdict.UNCHECKABLE.value
    ]


def ppi(rates: Sequence[bool], pairs: Sequence[tuple[bool, bool]]) -> Corrected:
    """The check's rate plus the mean of (people - check) over `pairs` of (check, people)."""
    raw = _mean([float(rate) for rate in rates])
    differences = [float(people) - float(check) for check, people in pairs]
    value = raw + _mean(differences)
    spread = raw * (1 - raw) / len(rates) + _variance(differences) / len(pairs)
    return Corrected(raw, _unit(value), _around(value, spread), len(rates), len(pairs), "PPI")


def rogan_gladen(rates: Sequence[bool], pairs: Sequence[tuple[bool, bool]]) -> Corrected:
    """(rate + specificity - 1) / (sensitivity + specificity - 1), with the delta method's interval.

    Raises:
        SuiteError: the check is hardly better than chance on `pairs`, or they hold only one kind
            of verdict.
    """
    yes = [check for check, people in pairs if people]
    no = [not check for check, people in pairs if not people]
    if not yes or not no:
        raise SuiteError("people's verdicts must hold both supported and unsupported claims")
    sensitivity, specificity = _mean(list(map(float, yes))), _mean(list(map(float, no)))
    skill = sensitivity + specificity - 1
    if skill < _LEAST_SKILL:
        raise SuiteError(
            f"the check is no guide on these verdicts (sensitivity {sensitivity:.2f}, specificity "
            f"{specificity:.2f}): nothing can be corrected"
        )
    raw = _mean([float(rate) for rate in rates])
    value = (raw + specificity - 1) / skill
    spread = raw * (1 - raw) / len(rates)
    spread += value**2 * sensitivity * (1 - sensitivity) / len(yes)
    spread += (1 - value) ** 2 * specificity * (1 - specificity) / len(no)
    return Corrected(
        raw,
        _unit(value),
        _around(value, spread / skill**2),
        len(rates),
        len(pairs),
        "Rogan–Gladen",
    )


def _around(value: float, variance: float) -> Interval:
    from scipy.stats import norm

    reach = float(norm.ppf(1 - (1 - CONFIDENCE) / 2)) * math.sqrt(variance)
    return Interval(_unit(value - reach), _unit(value + reach))


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _variance(values: Sequence[float]) -> float:
    middle = _mean(values)
    return math.fsum((value - middle) ** 2 for value in values) / max(1, len(values) - 1)


def _unit(value: float) -> float:
    return min(1.0, max(0.0, value))
