"""What a reader limits the search to: dates and publishers."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date

from rag.errors import QuestionError
from rag.page.tongue import tr
from rag.page.wording import day, month
from rag.records import Filters

_DECEMBER = 12
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


def limits(since: str | None, until: str | None, publishers: Sequence[str] | None) -> Filters:
    """The filters for dates as they are typed: a year, a month or a day, or nothing.

    A field that was never drawn, because its fold is closed, gives None.

    Raises:
        QuestionError: a date cannot be read, or the last day lies before the first.
    """
    first, last = _first_day(since or ""), _last_day(until or "")
    if first and last and last < first:
        words = tr(
            "no day lies between {first} and {last}: swap the dates",
            first=day(first),
            last=day(last),
        )
        raise QuestionError(words)
    return Filters(since=first, until=last, publishers=tuple(publishers or ()))


def said(filters: Filters) -> str:
    """The limits in words."""
    limits = limits_said(filters)
    return tr("only articles {limits}", limits=limits) if limits else tr("all articles")


def limits_said(filters: Filters) -> str:
    """`since 1 May 2023 until 31 May 2023 by The Echo`; empty where nothing is limited."""
    parts = []
    if filters.since:
        parts.append(tr("since {day}", day=day(filters.since)))
    if filters.last:
        parts.append(tr("until {day}", day=day(filters.last)))
    if filters.publishers:
        parts.append(tr("by {publishers}", publishers=", ".join(filters.publishers)))
    return " ".join(parts)


def since_said(first: date) -> str:
    """From when on, in short: the month where it is a whole one."""
    return tr("since {day}", day=month(first) if first.day == 1 else day(first))


def until_said(last: date) -> str:
    """Until when, in short: the month where it is a whole one."""
    whole = last.day == calendar.monthrange(last.year, last.month)[1]
    return tr("until {day}", day=month(last) if whole else day(last))


def _first_day(typed: str) -> date | None:
    if not typed.strip():
        return None
    year, month, given = _parts(typed)
    return _day(typed, year, 1 if month is None else month, 1 if given is None else given)


def _last_day(typed: str) -> date | None:
    if not typed.strip():
        return None
    year, month, given = _parts(typed)
    last = _day(typed, year, _DECEMBER if month is None else month, 1 if given is None else given)
    if given is not None:
        return last
    return last.replace(day=calendar.monthrange(last.year, last.month)[1])


def _parts(typed: str) -> tuple[int, int | None, int | None]:
    """Year, month and day; None for what is not typed."""
    found = _DATE.fullmatch(typed.strip())
    if found is None:
        raise _unreadable(typed)
    year, month, given = found.groups()
    return int(year), int(month) if month else None, int(given) if given else None


def _day(typed: str, year: int, month: int, given: int) -> date:
    try:
        return date(year, month, given)
    except ValueError as error:
        raise _unreadable(typed) from error


def _unreadable(typed: str) -> QuestionError:
    words = tr("'{typed}' is not a date: write 2023, 2023-09 or 2023-09-13", typed=typed.strip())
    return QuestionError(words)
