"""Sweeping: what a higher bar of confidence would trade, read from a run that is there already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.evaluation.run import CaseResult, Run
from rag.evaluation.suite import SuiteError

STEPS = 12  # bars shown, at even shares of the answered cases


@dataclass(frozen=True, slots=True)
class Step:
    """If answers below the bar were abstentions: how many remain, are wrong, and pass."""

    bar: float
    answered: int
    wrong: int
    passed: int
    cases: int

    @property
    def risk(self) -> float | None:
        """The share of wrong answers among those given; None when none is."""
        return self.wrong / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class Sweep:
    """The steps on dev, the bar they choose (None: none is good enough), and that bar on test."""

    risk: float
    dev: tuple[Step, ...]
    chosen: float | None
    test: Step | None


def sweep(run: Run, *, risk: float = 0.05) -> Sweep:
    """The lowest bar that keeps wrong answers within `risk` on dev, and what it does on test.

    Without a split all cases are dev, and nothing is told of test.

    Raises:
        SuiteError: no case was answered.
    """
    measured = [case for case in run.cases if case.passed is not None]
    dev = [case for case in measured if case.split == "dev"] or measured
    test = [case for case in measured if case.split == "test"]
    answered = sorted({_confidence(case) for case in dev if case.state == "scored"})
    if not answered:
        raise SuiteError(f"the run of {run.suite} answered nothing: there is no bar to choose")
    good = [bar for bar in answered if _within(_step(bar, dev), risk)]
    chosen = good[0] if good else None
    stride = max(1, len(answered) // STEPS)
    return Sweep(
        risk,
        tuple(_step(bar, dev) for bar in answered[::stride]),
        chosen,
        _step(chosen, test) if chosen is not None and test and dev is not measured else None,
    )


def _within(step: Step, risk: float) -> bool:
    return step.risk is not None and step.risk <= risk


def _step(bar: float, cases: Sequence[CaseResult]) -> Step:
    given = [case for case in cases if case.state == "scored" and _confidence(case) >= bar]
    kept = {case.id for case in given}
    silent = [case for case in cases if case.id not in kept]
    return Step(
        bar=bar,
        answered=len(given),
        wrong=sum(case.passed is False for case in given),
        passed=sum(case.passed is True for case in given) + sum(map(_may_be_silent, silent)),
        cases=len(cases),
    )


def _may_be_silent(case: CaseResult) -> bool:
    """Whether abstaining passes: asked for something the archive lacks, or on a false premise."""
    return "over_refusal" not in case.shares


def _confidence(case: CaseResult) -> float:
    return float((case.answer or {}).get("confidence", 0.0))
