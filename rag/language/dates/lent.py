"""The year that is lent by its neighbours to a date written without one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from rag.language.dates import spans
from rag.language.dates.mention import DateMention
from rag.language.dates.patterns import JOINED, MONTH_AFTER, MONTH_BEFORE
from rag.language.dates.tense import sentence_around

_NEAR = re.compile(r",?\s*(?:in|on)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A date as it was read; the year of one that `is_yearless` is the likeliest, not written."""

    mention: DateMention
    is_yearless: bool


def settled(text: str, found: Sequence[Found]) -> list[DateMention]:
    """The mentions with the years that their neighbours lend or contest."""
    kept: list[DateMention] = []
    for index, one in enumerate(found):
        if not one.is_yearless:
            kept.append(one.mention)
        elif not _is_season(text, one.mention):
            kept += _with_year(text, found, index)
    return kept


def _is_season(text: str, mention: DateMention) -> bool:
    """Whether a month is an end of "between October and March": no year is meant."""
    before = MONTH_BEFORE.search(text, max(0, mention.start - 24), mention.start)
    if before is not None:
        return spans.month_number(before["month"]) > mention.first.month
    after = MONTH_AFTER.match(text, mention.end)
    return after is not None and spans.month_number(after["month"]) < mention.first.month


def _with_year(text: str, found: Sequence[Found], index: int) -> list[DateMention]:
    """The yearless mention in the year that is lent to it; nothing where its year is contested."""
    mention = found[index].mention
    year, derived = _lent_year(text, found, index)
    if year is None:
        return [mention]
    moved = spans.in_year(mention.first, mention.last, year) if year else None
    return [replace(mention, first=moved[0], last=moved[1], derived=derived)] if moved else []


def _lent_year(text: str, found: Sequence[Found], index: int) -> tuple[int | None, bool]:
    """The year a neighbour gives to a yearless date and whether that is derived in turn.

    None: no neighbour speaks of a year. 0: one names another year without saying whose it is.
    """
    mention = found[index].mention
    rest = _end_of_series(text, found, index)
    for other in _dated(found[index + 1 : rest]):
        if other.first.year == other.last.year:
            return other.first.year, other.derived
    if year := _relative_year_behind(text, found, index):
        return year, True
    left, right = sentence_around(text, mention.start, mention.end)
    if before := _year_before(found[:index], left):
        is_near = _NEAR.fullmatch(text[before.end : mention.start])
        if is_near or before.first.year == mention.first.year:
            return before.first.year, True
        return (None if before.derived else 0), True
    behind = takewhile(lambda one: one.mention.end <= right, found[rest:])
    contested = any(
        not other.derived and other.first.year != mention.first.year for other in _dated(behind)
    )
    return (0 if contested else None), True


def _end_of_series(text: str, found: Sequence[Found], index: int) -> int:
    """Behind the last of the dates joined to this one: "on 3, 5 and 7 May 2019"."""
    end = index + 1
    while end < len(found) and JOINED.fullmatch(
        text[found[end - 1].mention.end : found[end].mention.start]
    ):
        end += 1
    return end


def _relative_year_behind(text: str, found: Sequence[Found], index: int) -> int | None:
    """The year of "last year", "this year" … where it stands right behind the date."""
    other = next(_dated(found[index + 1 : index + 2]), None)
    if other is None or not other.derived or not other.text.endswith("year"):
        return None
    between = text[found[index].mention.end : other.start]
    return other.first.year if not between.strip(" ,") else None


def _year_before(found: Sequence[Found], left: int) -> DateMention | None:
    """The last whole year that is named before the date in its sentence, which begins at `left`."""
    near = takewhile(lambda one: one.mention.start >= left, reversed(found))
    return next((one for one in _dated(near) if spans.is_year(one.first, one.last)), None)


def _dated(found: Iterable[Found]) -> Iterator[DateMention]:
    """Those with a year of their own."""
    return (one.mention for one in found if not one.is_yearless)
