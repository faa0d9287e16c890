"""A number of a text, and whether two of them can both be true."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rag.language.figures.units import DOLLAR, DOLLARS, TELLING

# The largest relative difference that rounding may hide: "about 20" for 19.5, never for 15.
ROUNDING_CAP = 0.05


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a text: `text[start:end]` is its words, `value` what they mean.

    `unit` is a currency code, "percent", "ordinal", a measure, or None for a bare count.
    `relation` is "exact", "about", "over" or "under"; `step` is what one unit of the last digit
    that was meant is worth ("2.7 million": 100,000; "9,000": 1,000).
    """

    start: int
    end: int
    text: str
    value: float
    unit: str | None = None
    relation: str = "exact"
    step: float = 1.0

    @property
    def approximate(self) -> bool:
        """Whether the text says that the number is rounded or only a bound."""
        return self.relation != "exact"


def same(a: Figure, b: Figure) -> bool:
    """Whether two figures state the same value in the same unit."""
    return _units_meet(a.unit, b.unit) and math.isclose(a.value, b.value, rel_tol=1e-9)


def agrees(a: Figure, b: Figure) -> bool:
    """Whether two figures can both be true: the same, or one is a rounding of the other.

    Rounding is allowed only to the figure that says it is approximate, and only within
    `ROUNDING_CAP`. "More than 50" and "fewer than 50" do not agree.
    """
    if {a.relation, b.relation} == {"over", "under"}:
        return False
    if same(a, b):
        return True
    return _units_meet(a.unit, b.unit) and (_rounds(a, b) or _rounds(b, a))


def _rounds(rough: Figure, fine: Figure) -> bool:
    if not rough.approximate or rough.step <= fine.step:
        return False
    difference = fine.value - rough.value
    if abs(difference) > min(rough.step, ROUNDING_CAP * abs(fine.value)):
        return False
    if rough.relation == "over":
        return difference >= 0
    if rough.relation == "under":
        return difference <= 0
    return abs(difference) <= rough.step / 2


def _units_meet(a: str | None, b: str | None) -> bool:
    if a == b:
        return True
    if DOLLAR in (a, b):
        return a in DOLLARS or b in DOLLARS
    if a is None or b is None:
        return (a or b) not in TELLING
    return False
