"""Spans of days: a pair (first, last), both included; None where the calendar has no such days."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

Span = tuple[date, date]


def day(year: int, month: int, number: int) -> Span | None:
    """One day."""
    try:
        only = date(year, month, number)
    except ValueError:
        return None
    return only, only


def month(year: int, number: int) -> Span | None:
    """A calendar month; `number` runs from 1 to 12."""
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])


def year(number: int) -> Span | None:
    """A calendar year."""
    return years(number, number)


def years(first: int, last: int) -> Span | None:
    """The calendar years `first` to `last`."""
    if not date.min.year <= first <= last <= date.max.year:
        return None
    return date(first, 1, 1), date(last, 12, 31)


def joined(first: Span | None, last: Span | None) -> Span | None:
    """From the first day of one span to the last day of a later one."""
    if first is None or last is None or first[0] > last[1]:
        return None
    return first[0], last[1]


def moved(anchor: date, days: int) -> Span | None:
    """The day that lies `days` after the anchor (before it when negative)."""
    try:
        only = anchor + timedelta(days=days)
    except OverflowError:
        return None
    return only, only


def unit(anchor: date, name: str, offset: int) -> Span | None:
    """The calendar week (Monday to Sunday), month or year `offset` away from the anchor's own."""
    if name == "week":
        monday = moved(anchor, 7 * offset - anchor.weekday())
        sunday = moved(anchor, 7 * offset - anchor.weekday() + 6)
        return joined(monday, sunday)
    if name == "month":
        count = anchor.year * 12 + anchor.month - 1 + offset
        return month(count // 12, count % 12 + 1)
    return year(anchor.year + offset)


def ago(anchor: date, count: int, name: str) -> Span | None:
    """The day, week, month or year that lies `count` such units before the anchor's own."""
    return moved(anchor, -count) if name == "day" else unit(anchor, name, -count)


def rolling(anchor: date, count: int, name: str, *, forward: bool) -> Span | None:
    """The `count` days, weeks, months or years that end, or begin, with the anchor."""
    sign = 1 if forward else -1
    if name in {"day", "week"}:
        far = moved(anchor, sign * count * (7 if name == "week" else 1))
    else:
        far = _same_day(anchor, sign * count * (12 if name == "year" else 1))
    here = (anchor, anchor)
    return joined(here, far) if forward else joined(far, here)


def weekend(anchor: date, *, ahead: bool, whole: bool) -> Span | None:
    """The nearest Saturday and Sunday: ahead of the anchor, or begun on or before it.

    `whole` asks for one that was over before the anchor.
    """
    saturday = (anchor.weekday() - 5) % 7
    if ahead:
        shift = -saturday if saturday <= 1 else 7 - saturday
    else:
        shift = -saturday - (7 if whole and saturday <= 1 else 0)
    return joined(moved(anchor, shift), moved(anchor, shift + 1))


def in_year(first: date, last: date, number: int) -> Span | None:
    """The same days of another year; a whole February stays whole."""
    if (first.day, last) == (1, date(last.year, last.month, _length(last.year, last.month))):
        return joined(
            month(number, first.month), month(number + last.year - first.year, last.month)
        )
    try:
        return first.replace(year=number), last.replace(year=number + last.year - first.year)
    except ValueError:
        return None


def is_year(first: date, last: date) -> bool:
    """Whether the span is one whole calendar year, or part of one that begins or ends with it."""
    return first.year == last.year and (last - first).days > 31


def _same_day(anchor: date, months: int) -> Span | None:
    count = anchor.year * 12 + anchor.month - 1 + months
    target = month(count // 12, count % 12 + 1)
    if target is None:
        return None
    return day(target[0].year, target[0].month, min(anchor.day, target[1].day))


def _length(year_number: int, month_number: int) -> int:
    return calendar.monthrange(year_number, month_number)[1]


def month_number(name: str) -> int:
    """1 to 12 for the English name of a month, written out or short."""
    return "janfebmaraprmayjunjulaugsepoctnovdec".index(name[:3].lower()) // 3 + 1
