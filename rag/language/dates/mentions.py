"""Mentions of dates in a text, each with the first and the last day it means.

Dates written in full stand for themselves. Relative ones ("Wednesday", "last month", "May 5")
are resolved against the day the text was published and marked as derived; where the wording
leaves the day open ("several days ago", "a Wednesday", "every Friday") nothing is returned.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from rag.language.dates import spans
from rag.language.dates.lent import Found, settled
from rag.language.dates.mention import DateMention
from rag.language.dates.patterns import (
    ABOUT_BEFORE,
    COUNTS,
    DATE,
    FULL_MONTH,
    HABIT_AFTER,
    HABIT_BEFORE,
    NAME_AFTER,
    NO_YEAR_BEFORE,
    ON_BEFORE,
    THING_AFTER,
    WEEKDAYS,
    YEAR_BEFORE,
    may_hold_date,
)
from rag.language.dates.spans import Span
from rag.language.dates.tense import Tense, sentence_around, tense_at

# "Ten years ago" is a count, "fifty years ago" usually a round figure: no year is derived.
_LONGEST_COUNT = {"day": 31, "week": 12, "month": 24, "year": 12}
# A day ahead of the publication date by more than this is last year's unless the verb says "will".
_FAR_AHEAD = timedelta(days=183)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a match stands: the text, its publication day and the borders of its sentence."""

    text: str
    anchor: date | None
    match: re.Match[str]
    start: int
    unsure: Tense

    @property
    def before(self) -> str:
        return self.text[max(0, self.start - 24) : self.start]

    @property
    def after(self) -> str:
        return self.text[self.match.end() : self.match.end() + 24]

    @property
    def tense(self) -> Tense:
        left, right = sentence_around(self.text, self.start, self.match.end())
        tense = tense_at(self.text[left : self.start], self.text[self.match.end() : right])
        return self.unsure if tense is Tense.UNKNOWN else tense

    def part(self, name: str) -> str:
        return re.sub(r"\s+", " ", (self.match[name] or "").lower())


def mentions(text: str, anchor: date | None, *, unsure: Tense = Tense.UNKNOWN) -> list[DateMention]:
    """The dates of a text, in order, none overlapping.

    `anchor` is the day the text was published; without it relative dates are left out. `unsure`
    is the tense of a date that no verb governs: "in October", said in May, is left out unless it
    is given.
    """
    if not may_hold_date(text):
        return []
    found: list[Found] = []
    for match in DATE.finditer(text):
        kind = match.lastgroup or ""
        start = match.start() + (len(match["month_lead"]) if kind == "month" else 0)
        if kind == "month":
            start -= _kept(match["month_lead"])
        place = _Place(text, anchor, match, start, unsure)
        span, derived = _READERS[kind](place)
        if span is not None:
            written = text[start : match.end()]
            mention = DateMention(start, match.end(), written, *span, derived)
            found.append(Found(mention, is_yearless=kind in _YEARLESS))
    return settled(text, found)


def _kept(lead: str) -> int:
    """How many characters at the end of a month's lead belong to the date itself."""
    kept = re.search(r"(?:(?:early|late|mid|last|this|next)[\s-]+)+$", lead, re.I)
    return len(kept[0]) if kept else 0


Reading = tuple[Span | None, bool]


def _iso(place: _Place) -> Reading:
    parts = (int(place.part(name)) for name in ("iso_y", "iso_m", "iso_d"))
    return spans.day(*parts), False


def _full_day_first(place: _Place) -> Reading:
    return _full(place, "dmy"), False


def _full_month_first(place: _Place) -> Reading:
    return _full(place, "mdy"), False


def _full(place: _Place, kind: str) -> Span | None:
    year, month = int(place.part(f"{kind}_y")), spans.month_number(place.part(f"{kind}_m"))
    first = spans.day(year, month, _number(place.part(f"{kind}_d")))
    if first is None or not place.match[f"{kind}_d2"]:
        return first
    return spans.joined(first, spans.day(year, month, _number(place.part(f"{kind}_d2"))))


def _month_and_year(place: _Place) -> Reading:
    return spans.month(int(place.part("my_y")), spans.month_number(place.part("my_m"))), False


def _month_of_relative_year(place: _Place) -> Reading:
    if place.anchor is None:
        return None, True
    year = place.anchor.year + {"last": -1, "this": 0, "next": 1}[place.part("m_rel_which")]
    return spans.month(year, spans.month_number(place.part("m_rel_m"))), True


def _day_of_month(place: _Place) -> Reading:
    # "of 12 may be" is no date: the modal verb and the walk are written small.
    if not place.match["dm_of"] and place.match["dm_m"] in {"may", "march"}:
        return None, True
    return _yearless_day(place, "dm"), True


def _month_and_day(place: _Place) -> Reading:
    return _yearless_day(place, "md"), True


def _yearless_day(place: _Place, kind: str) -> Span | None:
    if place.anchor is None:
        return None
    month, number = spans.month_number(place.part(f"{kind}_m")), _number(place.part(f"{kind}_d"))
    year = place.anchor.year
    day = spans.day(year, month, number)
    if day is not None and day[0] > place.anchor:
        far = day[0] - place.anchor > _FAR_AHEAD
        tense = place.tense
        if tense is Tense.PAST or (far and tense is not Tense.FUTURE):
            year -= 1
    elif day is not None and place.anchor - day[0] > _FAR_AHEAD and place.tense is Tense.FUTURE:
        year += 1
    first = spans.day(year, month, number)
    if first is None or not place.match[f"{kind}_d2"]:
        return first
    return spans.joined(first, spans.day(year, month, _number(place.part(f"{kind}_d2"))))


def _years(place: _Place) -> Reading:
    first, second = place.part("years_1"), place.part("years_2")
    last = int(first[:2] + second) if len(second) == 2 else int(second)
    if not 0 < last - int(first) < 200 or not _is_year(place):
        return _year_alone(place, int(first)), False
    return spans.joined(spans.year(int(first)), spans.year(last)), False


def _year_alone(place: _Place, year: int) -> Span | None:
    return None if place.part("years_2") else spans.year(year)


def _decade(place: _Place) -> Reading:
    if short := place.part("decade_2"):
        return spans.years(1900 + int(short), 1909 + int(short)), False
    year = int(place.part("decade_y"))
    return spans.years(year, year + (99 if year % 100 == 0 and year < 2000 else 9)), False


def _year(place: _Place) -> Reading:
    return (spans.year(int(place.part("year_y"))) if _is_year(place) else None), False


def _is_year(place: _Place) -> bool:
    if THING_AFTER.match(place.after):
        return False
    if place.match.start() != place.match.start("year_y") and place.match["year"]:
        return True
    sure = re.search(r"\b(?:in|since|by|until|of|during|from)\s+$", place.before, re.I)
    if sure:
        return True
    if NO_YEAR_BEFORE.search(place.before):
        return False
    return bool(YEAR_BEFORE.search(place.before)) or not re.match(r"\s+[a-z]", place.after)


def _relative_day(place: _Place) -> Reading:
    word = place.part("day")
    if place.anchor is None or re.match(r"['’]s\s+[A-Z]", place.after):
        return None, True
    # "USA Today" and "Entertainment Tonight" are names.
    if place.match["day"] in {"Today", "Tonight"} and re.search(r"[A-Z]\w+\s+$", place.before):
        return None, True
    back = {"the day before yesterday": 2, "yesterday": 1, "last night": 1, "tomorrow": -1}
    return spans.moved(place.anchor, -back.get(word, 0)), True


def _rolling(place: _Place) -> Reading:
    if place.anchor is None:
        return None, True
    count = _count(place.part("rolling_n"))
    forward = place.part("rolling_which") in {"next", "coming"}
    return spans.rolling(place.anchor, count, place.part("rolling_unit"), forward=forward), True


def _unit(place: _Place) -> Reading:
    anchor, unit, which = place.anchor, place.part("unit_unit"), place.part("unit_which")
    if anchor is None or (which in {"over the", "at the"} and unit != "weekend"):
        return None, True
    if which == "past" and not re.search(r"\bthe\s+$", place.before, re.I):
        return None, True
    if unit == "weekend":
        ahead = which in {"next", "this coming", "coming"}
        if which in {"over the", "at the", "this"}:
            ahead = place.tense is Tense.FUTURE
        return spans.weekend(anchor, ahead=ahead, whole=which == "last"), True
    if which in {"past", "this past"}:
        return spans.rolling(anchor, 1, unit, forward=False), True
    if which in {"coming", "this coming"}:
        return spans.rolling(anchor, 1, unit, forward=True), True
    whole = spans.unit(anchor, unit, {"last": -1, "this": 0, "next": 1}[which])
    return _cut(whole, anchor, place.part("unit_part")), True


def _cut(whole: Span | None, anchor: date, part: str) -> Span | None:
    if whole is None or not whole[0] <= anchor <= whole[1]:
        return whole
    if part == "earlier":
        return whole[0], anchor
    return (anchor, whole[1]) if part == "later" else whole


def _ago(place: _Place) -> Reading:
    count, unit = _count(place.part("ago_n")), place.part("ago_unit")
    if place.anchor is None or ABOUT_BEFORE.search(place.before) or count > _LONGEST_COUNT[unit]:
        return None, True
    return spans.ago(place.anchor, count, unit), True


def _weekday(place: _Place) -> Reading:
    anchor, which = place.anchor, place.part("weekday_which")
    if anchor is None or _is_habit(place):
        return None, True
    number = WEEKDAYS.index(place.part("weekday_d"))
    back = (anchor.weekday() - number) % 7
    if which in {"last", "past", "this past"}:
        return spans.moved(anchor, -(back or 7)), True
    if which in {"next", "coming", "this coming"} or place.tense is Tense.FUTURE:
        ahead = (number - anchor.weekday()) % 7
        return spans.moved(anchor, ahead or (7 if which == "next" else 0)), True
    return spans.moved(anchor, -back), True


def _is_habit(place: _Place) -> bool:
    if HABIT_BEFORE.search(place.before) or HABIT_AFTER.match(place.after):
        return True
    named = re.match(r"\s+[A-Z]\w", place.after) and not ON_BEFORE.search(place.before)
    return bool(named or NAME_AFTER.match(place.after))


def _month(place: _Place) -> Reading:
    anchor, month = place.anchor, spans.month_number(place.part("month_m"))
    lead = place.part("month_lead").strip(" -")
    if anchor is None or not _is_month(place, lead):
        return None, True
    year = anchor.year
    if lead.endswith("last"):
        year -= month >= anchor.month
    elif lead.endswith("next"):
        year += month <= anchor.month
    elif not lead.endswith("this"):
        tense = place.tense
        if month > anchor.month and tense is Tense.UNKNOWN:
            return None, True
        year += -1 if month > anchor.month and tense is Tense.PAST else 0
        year += 1 if month < anchor.month and tense is Tense.FUTURE else 0
    return spans.month(year, month), True


def _is_month(place: _Place, lead: str) -> bool:
    written = place.match["month_m"]
    if re.match(r"\s+(?:\d|[A-Z])", place.after) and not place.after.lstrip()[:1].isupper():
        return False
    if (lead.split() or [""])[-1] in {"to", "and", "or", "of", "for", "by", ","}:
        return written[0].isupper() and _is_listed(place, lead, written.lower())
    return True


def _is_listed(place: _Place, lead: str, month: str) -> bool:
    """Whether a month after "and", "to", "of" … is one: May and March only beside another month."""
    if month not in {"may", "march", "april", "june", "august"}:
        return True
    beside = re.compile(rf"{FULL_MONTH}\s*$", re.I)
    return bool(beside.search(place.text[: place.match.start()])) or lead in {"for"}


def _number(day: str) -> int:
    return int(day.rstrip("stndrh"))


def _count(word: str) -> int:
    return COUNTS.get(word) or int(word)


_YEARLESS = frozenset({"dm", "md", "month"})
_READERS: dict[str, Callable[[_Place], Reading]] = {
    "iso": _iso,
    "dmy": _full_day_first,
    "mdy": _full_month_first,
    "my": _month_and_year,
    "m_rel": _month_of_relative_year,
    "dm": _day_of_month,
    "md": _month_and_day,
    "years": _years,
    "decade": _decade,
    "year": _year,
    "day": _relative_day,
    "rolling": _rolling,
    "unit": _unit,
    "ago": _ago,
    "weekday": _weekday,
    "month": _month,
}
