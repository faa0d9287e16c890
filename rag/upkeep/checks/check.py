"""A check: one part of an archive, looked at and perhaps mended."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_MOST_NAMED = 3


class State(enum.StrEnum):
    """What became of a check."""

    OK = "ok"
    UNTIDY = "untidy"  # no harm, but something that could be cleared away
    WRONG = "wrong"
    MENDED = "mended"
    SKIPPED = "skipped"  # it stands on something that is wrong


@dataclass(frozen=True, slots=True)
class Seen:
    """What looking at one part found."""

    state: State
    said: str


@dataclass(frozen=True, slots=True)
class Check:
    """One part: how it is looked at, and how it is mended, where that can be done.

    Both may raise any `DatelineError`: then the part is wrong, and the error says how.
    """

    name: str
    look: Callable[[], Seen]
    mend: Callable[[], str] | None = None


def some(items: Sequence[str]) -> str:
    """A few of many, and how many more there are."""
    more = len(items) - _MOST_NAMED
    return ", ".join(items[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
