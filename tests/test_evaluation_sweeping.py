"""A bar of confidence is chosen on dev and told on test."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from overlap_archive import OverlapArchive, article

from rag.evaluation import Run, Suite, SuiteError, evaluate
from rag.evaluation.metrics.statistics import Share
from rag.evaluation.run import CaseResult
from rag.evaluation.sweeping import Step, sweep

EMPTY = evaluate(OverlapArchive((article("a", "A bridge."),)), Suite("s", Path(), Path(), ()))


def case(name: str, confidence: float, passed: bool, split: str, *, answerable: bool) -> CaseResult:
    """An answered case with its confidence."""
    shares = {"over_refusal" if answerable else "unsafe_answer": Share(0)}
    answer = {"confidence": confidence}
    return CaseResult(
        name, "c", "Q", "scored", passed, (), name, name, shares, (), answer, split=split
    )


CASES = (
    case("a", 0.9, True, "dev", answerable=True),
    case("b", 0.6, True, "dev", answerable=True),
    case("c", 0.3, False, "dev", answerable=False),
    case("d", 0.5, True, "test", answerable=True),
    case("e", 0.8, False, "test", answerable=False),
)


def run_of(*cases: CaseResult) -> Run:
    """A run of these results."""
    return replace(EMPTY, cases=cases)


def test_the_lowest_good_bar_of_dev_is_told_on_test() -> None:
    """The bar that loses the wrong answer and no right one is chosen, and test pays for it."""
    found = sweep(run_of(*CASES))

    assert found.chosen == 0.6
    assert found.dev[0] == Step(0.3, 3, 1, 2, 3)
    assert found.dev[1] == Step(0.6, 2, 0, 3, 3)
    assert found.test == Step(0.6, 1, 1, 0, 2)


def test_without_a_split_nothing_is_told_of_test() -> None:
    """All cases choose, none is left to tell."""
    found = sweep(run_of(*(replace(result, split=None) for result in CASES)), risk=0.4)

    assert found.test is None
    assert found.chosen is not None


def test_no_bar_may_be_good_enough() -> None:
    """Where every answer is wrong, no bar is chosen; where there is none, it says so."""
    wrong = case("w", 0.9, False, "dev", answerable=True)

    assert sweep(run_of(wrong)).chosen is None
    with pytest.raises(SuiteError, match="answered nothing"):
        sweep(run_of())
