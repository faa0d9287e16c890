"""Abstention: whether the system keeps silent where it should, and only there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.evaluation.cases import Case
from rag.evaluation.metrics.statistics import Share


def abstention_shares(case: Case, *, abstained: bool) -> dict[str, Share]:
    """What one case adds to the abstention metrics (positive = abstain).

    A question with a false premise may be answered or not, so it adds nothing.
    """
    if case.expect == "correct_premise":
        return {}
    should = case.expect == "abstain"
    shares: dict[str, Share] = {}
    if abstained:
        shares["abstention_precision"] = Share(should)
    if should:
        shares["abstention_recall"] = Share(abstained)
        shares["unsafe_answer"] = Share(not abstained)
        if case.trap == "near-miss":
            shares["unsafe_near_miss"] = Share(not abstained)
        elif case.trap == "off-topic":
            shares["unsafe_off_topic"] = Share(not abstained)
    else:
        shares["over_refusal"] = Share(abstained)
    if abstained or should:
        # F1 = 2TP / (2TP + FP + FN), summed over cases.
        right = abstained and should
        shares["abstention_f1"] = Share(2.0 if right else 0.0, 2.0 if right else 1.0)
    return shares


@dataclass(frozen=True, slots=True)
class Judged:
    """An answered case: how sure the system was (0 to 1) and whether it was right."""

    confidence: float
    right: bool


def selective_risks(answered: Sequence[Judged]) -> list[float]:
    """The share of wrong answers among the n surest, for n from 1; equals are taken together."""
    ordered = sorted(answered, key=lambda judged: -judged.confidence)
    risks: list[float] = []
    while len(risks) < len(ordered):
        level = ordered[len(risks)].confidence
        taken = [judged for judged in ordered if judged.confidence >= level]
        risk = sum(not judged.right for judged in taken) / len(taken)
        risks.extend([risk] * (len(taken) - len(risks)))
    return risks


def aurc(answered: Sequence[Judged]) -> float | None:
    """The area under the risk-coverage curve, 0 best; None when nothing was answered."""
    risks = selective_risks(answered)
    return sum(risks) / len(risks) if risks else None


def coverage_at(accuracy: float, answered: Sequence[Judged], asked: int) -> float | None:
    """The largest share of all questions that can be answered with at least this accuracy."""
    if asked == 0:
        return None
    good = [n for n, risk in enumerate(selective_risks(answered), start=1) if 1 - risk >= accuracy]
    return max(good, default=0) / asked
