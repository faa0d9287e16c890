"""The publication date that an article states."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache

# The first printed newspaper appeared in 1605; earlier dates are fillers such as 0001-01-01.
_FIRST_NEWSPAPER_YEAR = 1605
# A stated date with its weekday, time, zone and label; longer text is prose.
_LONGEST_DATE = 90

_ISO = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[T\s,].*)?|(\d{4})(\d\d)(\d\d)(?:T?\d{4,6}Z?)?", re.S)
_LABEL = re.compile(
    r"(?:(?:first|last|date|was|published|updated|modified|posted|issued|created|released|on|at|online)"
    r"\b\s*)+[:\-–—|]?\s*",
    re.I,
)
_NUMERIC = re.compile(r"\s*(\d\d?)\s*([/\-])\s*(\d\d?)\s*\2\s*\d{4}\b")
# With full stops the day stands first wherever dates are written so.
_DOTTED = re.compile(r"\s*(\d\d?)\s*\.\s*(\d\d?)\s*\.\s*(\d{4})\b")
_NUMBER = re.compile(r"\d+")
_SETTINGS = {
    "REQUIRE_PARTS": ["day", "month", "year"],
    "STRICT_PARSING": True,
    "PARSERS": ["absolute-time"],
    "RETURN_AS_TIMEZONE_AWARE": False,
}


@lru_cache(maxsize=10_000)
def published(text: str) -> date | None:
    """The day a publication date names, in the time zone it is written in.

    None for partial, impossible, relative and two-digit-year dates, and for numeric ones such
    as 03/04/2023, whose order of day and month cannot be told.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if not text or len(text) > _LONGEST_DATE:
        return None
    if iso := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in iso.groups() if part)
        return _day(year, month, day)
    text = text[label.end() :] if (label := _LABEL.match(text)) else text
    if dotted := _DOTTED.match(text):
        day, month, year = (int(part) for part in dotted.groups())
        return _day(year, month, day)
    return None if _is_ambiguous(text) else _worded(text)


def _is_ambiguous(text: str) -> bool:
    numeric = _NUMERIC.match(text)
    if numeric is None:
        return False
    first, second = int(numeric[1]), int(numeric[3])
    return first != second and first <= 12 and second <= 12


def _worded(text: str) -> date | None:
    numbers = {int(number) for number in _NUMBER.findall(text)}
    if not any(_FIRST_NEWSPAPER_YEAR <= number <= date.max.year for number in numbers):
        return None
    # Imported here: it takes a tenth of a second, and most dates are ISO.
    import dateparser

    try:
        moment = dateparser.parse(text, settings=_SETTINGS)
    except (ValueError, OverflowError):
        return None
    # What the text does not spell out, the parser made up.
    if moment is None or not {moment.year, moment.day} <= numbers:
        return None
    return _day(moment.year, moment.month, moment.day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= _FIRST_NEWSPAPER_YEAR else None
    except ValueError:
        return None
