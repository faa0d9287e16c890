"""Abstentions are accounted for, and the confidence is weighed."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from rag.evaluation.cases import Case
from rag.evaluation.metrics.abstention import (
    Judged,
    abstention_shares,
    aurc,
    coverage_at,
    selective_risks,
)
from rag.evaluation.metrics.statistics import Share, ratio

OPEN = Case("a", "who", "Who?", answerable=True, expect="answer")
SHUT = Case("b", "off-topic", "Who?", answerable=False, expect="abstain")


def test_f1_sums_to_the_field_s_formula() -> None:
    """TP 4, FP 1, FN 2 give 8/11."""
    asked = [(SHUT, True)] * 4 + [(OPEN, True)] + [(SHUT, False)] * 2 + [(OPEN, False)] * 3

    shares = [abstention_shares(case, abstained=abstained) for case, abstained in asked]

    assert ratio([s["abstention_f1"] for s in shares if "abstention_f1" in s]) == 8 / 11
    precision = [s["abstention_precision"] for s in shares if "abstention_precision" in s]
    assert ratio(precision) == 4 / 5
    recall = [s["abstention_recall"] for s in shares if "abstention_recall" in s]
    assert ratio(recall) == pytest.approx(4 / 6)


def test_a_false_premise_may_be_met_either_way() -> None:
    """A case that expects a correction counts neither for nor against abstaining."""
    case = Case("c", "false-premise", "Why?", answerable=False, expect="correct_premise")

    assert abstention_shares(case, abstained=True) == {}


def test_a_day_too_early_is_no_near_miss() -> None:
    """A question asked as of an earlier day counts as unsafe, not as near miss or off topic."""
    shares = abstention_shares(SHUT, abstained=False)

    assert shares["unsafe_off_topic"] == Share(1)


def test_the_curve_by_hand() -> None:
    """The surest right, the next wrong: risks 0 and 1/2."""
    answered = [Judged(0.2, right=False), Judged(0.9, right=True)]

    assert selective_risks(answered) == [0, 0.5]
    assert aurc(answered) == 0.25
    assert coverage_at(0.95, answered, 4) == 0.25


def test_equal_confidences_are_taken_together() -> None:
    """What the confidence cannot tell apart has one risk, in whatever order it comes."""
    answered = [Judged(0.5, right=True), Judged(0.5, right=False)]

    assert selective_risks(answered) == selective_risks(answered[::-1]) == [0.5, 0.5]


@given(st.lists(st.builds(Judged, st.floats(0, 1), st.booleans())))
def test_the_last_risk_is_the_error_rate(answered: list[Judged]) -> None:
    """With everything answered, the risk is the share of wrong answers."""
    risks = selective_risks(answered)

    assert len(risks) == len(answered)
    if answered:
        wrong = sum(not judged.right for judged in answered)
        assert risks[-1] == pytest.approx(wrong / len(answered))
    else:
        assert aurc(answered) is None
