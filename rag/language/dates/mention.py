"""A date in a text, and the days it means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in a text: `text == source[start:end]`, the days `first` to `last` both included.

    `derived` marks a date that was worked out from the day of publication.
    """

    start: int
    end: int
    text: str
    first: date
    last: date
    derived: bool
