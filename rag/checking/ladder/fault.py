"""What a claim says otherwise than its passage."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Kind(enum.StrEnum):
    """What differs."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    NEGATION = "negation"
    SPEAKER = "speaker"
    OPPOSITE = "opposite word"
    ROLES = "swapped roles"

    @property
    def certain(self) -> bool:
        """Whether the difference alone makes the claim say something else."""
        return self not in (Kind.OPPOSITE, Kind.ROLES)


@dataclass(frozen=True, slots=True)
class Fault:
    """One difference between a claim and what it rests on, in words.

    `contradicts` is True where the passage says something else in its place, False where it says
    nothing of the kind.
    """

    kind: Kind
    reason: str
    contradicts: bool = True
