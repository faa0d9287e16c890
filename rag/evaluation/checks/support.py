"""Support: whether passages bear a claim out, as a verdict and as a grade."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.records import Verdict

Checker = Callable[[Sequence[str], str], Verdict]
# How much the passages support a claim, from 0 to 1; only the order matters.
Grade = Callable[[Sequence[str], str], float]

RULES = "rules"


@dataclass(frozen=True, slots=True)
class SupportCheck:
    """A check as a verdict and as a grade from 0 to 1."""

    verdict: Checker
    grade: Grade
