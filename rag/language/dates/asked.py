"""The dates a question asks for: limits that decide what is searched, a period that only prefers.

"Since", "as of", "before", "until", "after", "between" and "published in" are limits. A bare "in
September 2023" may be the time of the event, which a later article can tell, so it prefers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rag.language.dates.mention import DateMention
from rag.language.dates.mentions import mentions
from rag.language.dates.tense import Tense

_DAY = timedelta(days=1)

_REPORT = (
    r"(?:reports?|reporting|articles?|news|stor(?:y|ies)|coverage|headlines?|pieces?|accounts?)"
)
_CUES = {
    "as_of": r"as\s+(?:of|at|it\s+(?:stood|was)\s+(?:on|in))|known\s+(?:on|by|in)",
    "since": r"since|no\s+earlier\s+than",
    "from": r"from",
    "after": r"after|later\s+than|following",
    "before": r"before|prior\s+to|earlier\s+than|ahead\s+of",
    "until": r"until|till|up\s+(?:to|until)|no\s+later\s+than"
    r"|(?:published|reported|written|announced)\s+by",
    "between": r"between",
    "published": r"(?:published|reported|printed|posted|written|dated|appear(?:ed|ing)|reporting)"
    rf"(?:\s+(?:in|on|during|over|from|within))?|{_REPORT}\s+(?:from|dated|in|of)",
}
_CUE = re.compile(
    rf"\b(?:{'|'.join(rf'(?P<{name}>{words})' for name, words in _CUES.items())})\s+"
    r"(?P<the>the\s+)?$",
    re.I,
)
_ONWARDS = re.compile(r"\s*,?\s*(?:on(?:wards?)?\b(?!\s+\w)|(?:and|or)\s+(?:later|after)\b)", re.I)
# "before the 2016 election", "after Wednesday's summit": the date only names an event.
_POSSESSIVE = re.compile(r"['’]s?\s+\w")
_NOUN_AFTER = re.compile(
    r"\s+(?!(?:and|or|in|on|at|by|of|to|did|was|were|is|are|has|have|had|who|what)\b)[^\W\d]", re.I
)
_ONE_OF_MANY = re.compile(r"\d+(?:st|nd|rd|th)\b|(?:last|past|next)\b", re.I)
# "Who ran it until 2016?" asks about a state that ended then; any later article may tell.
_STATE = re.compile(
    r"\b(?:(?:was|were|been)\b(?!\s+(?:reported|said|known|published|written|announced|happening))"
    r"|(?:served|reigned|ruled|led|lasted|remained|stayed|held|worked|lived|used|ran)\b)",
    re.I,
)
_COMPARED = (
    r"\b(?:both|(?:in)?consisten\w+|later|subsequent\w*|previous\w*|remained|changed?|compar\w+"
    r"|contrast\w*|agree\w*)\b"
)
_SEVERAL_REPORTS = re.compile(
    rf"\b{_REPORT}\b.*(?:{_COMPARED}|\b{_REPORT}\b)|{_COMPARED}.*\b{_REPORT}\b", re.I | re.S
)
_NEWEST = re.compile(
    r"\b(?:latest|newest|most\s+recent(?:ly)?|current(?:ly)?|right\s+now|at\s+present"
    r"|at\s+the\s+moment|nowadays|these\s+days|so\s+far|up[\s-]to[\s-]date|by\s+now"
    r"|as\s+of\s+(?:now|today)|now|today)\b(?![-\w]|['’]s\s+[A-Z])",
    re.I,
)
# "USA Today" is a publisher.
_NAME_BEFORE = re.compile(r"[A-Z]\w*\s$")
_DAY_NUMBER = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_DAY_BEFORE = re.compile(rf"\bbetween\s+(?:the\s+)?({_DAY_NUMBER})\s+and\s+(?:the\s+)?$", re.I)
_DAY_AFTER = re.compile(rf"\s+and\s+(?:the\s+)?({_DAY_NUMBER})(?![\w:%])(?:,\s+(\d{{4}}))?", re.I)
_AND = re.compile(r"\s*,?\s*and\s+(?:the\s+)?", re.I)
# Characters before a date in which its cue stands.
_CUE_REACH = 40


@dataclass(frozen=True, slots=True)
class _Dated:
    """Days in a question with the words that introduce them; `kind` names the cue, if any."""

    start: int
    end: int
    first: date
    last: date
    kind: str | None = None
    names_event: bool = False


@dataclass(frozen=True, slots=True)
class QuestionDates:
    """What a question says about time.

    `since`, `until` (both included) and `as_of` are limits on the day of publication; `period`,
    both days included, only prefers. `newest` asks for the latest report first. `spans` are the
    offsets of the words that were read so, in order.
    """

    since: date | None = None
    until: date | None = None
    as_of: date | None = None
    period: tuple[date, date] | None = None
    newest: bool = False
    spans: tuple[tuple[int, int], ...] = ()

    def with_limit(self, since: date | None, until: date | None) -> QuestionDates:
        """These dates with the limits drawn in; None leaves a limit as it is."""
        latest = max((day for day in (self.since, since) if day), default=None)
        earliest = min((day for day in (self.until, until) if day), default=None)
        return replace(self, since=latest, until=earliest)

    def with_period(self, first: date, last: date) -> QuestionDates:
        """These dates with a period that covers the given days too."""
        if self.period is not None:
            first, last = min(first, self.period[0]), max(last, self.period[1])
        return replace(self, period=(first, last))


def period_of(question: str, today: date) -> QuestionDates:
    """What a question says about time; its relative dates count back from `today`.

    Several reports compared ("the article of 1 May and the one of 3 June") are never shut out by
    each other's dates: those only prefer.
    """
    dates, used = QuestionDates(), []
    found = _dated(question, mentions(question, today, unsure=Tense.PAST))
    several_days = len(found) > 1 and any(dated.kind == "published" for dated in found)
    compares = several_days or _SEVERAL_REPORTS.search(question) is not None
    for dated in found:
        ended_state = dated.kind in {"before", "until"} and _STATE.search(question, 0, dated.start)
        if dated.kind == "as_of":
            limits = [day for day in (dates.as_of, dated.last) if day]
            dates = replace(dates, as_of=min(limits))
        elif dated.kind is None or dated.names_event or (compares and not ended_state):
            dates = dates.with_period(dated.first, dated.last)
        elif not ended_state:
            dates = dates.with_limit(*_limits(dated))
        used.append((dated.start, dated.end))
    newest = [match.span() for match in _NEWEST.finditer(question) if not _is_name(question, match)]
    return replace(dates, newest=bool(newest), spans=_merged(used + newest))


def _limits(dated: _Dated) -> tuple[date | None, date | None]:
    """First and last day of publication that a cue leaves open."""
    if dated.kind == "since":
        return dated.first, None
    if dated.kind == "after":
        return dated.last + _DAY, None
    if dated.kind == "before":
        return None, dated.first - _DAY
    if dated.kind == "until":
        return None, dated.last
    return dated.first, dated.last


def _dated(question: str, found: list[DateMention]) -> list[_Dated]:
    dated: list[_Dated] = []
    rest = iter(enumerate(found))
    for index, mention in rest:
        cue = _CUE.search(question, max(0, mention.start - _CUE_REACH), mention.start)
        following = found[index + 1] if index + 1 < len(found) else None
        days = _between(question, mention, following, cue)
        if following and days.end == following.end:
            next(rest)
        dated.append(days if days.kind else _cued(question, days, cue))
    return dated


def _between(
    question: str, mention: DateMention, following: DateMention | None, cue: re.Match[str] | None
) -> _Dated:
    """The days of a mention, or of both ends where it is one end of "between … and …"."""
    alone = _Dated(mention.start, mention.end, mention.first, mention.last)
    if opening := _DAY_BEFORE.search(question, 0, mention.start):
        first = _other_day(mention.first, opening[1], None)
        return replace(alone, start=opening.start(), first=first or mention.first, kind="between")
    if cue is None or not cue["between"]:
        return alone
    whole = replace(alone, start=cue.start(), kind="between")
    if re.search(r"\band\b", mention.text):
        return whole
    if following and _AND.fullmatch(question, mention.end, following.start):
        return replace(whole, end=following.end, last=following.last)
    closing = _DAY_AFTER.match(question, mention.end)
    last = _other_day(mention.last, closing[1], closing[2]) if closing else None
    return replace(whole, end=closing.end(), last=last) if closing and last else alone


def _other_day(day: date, number: str, year: str | None) -> date | None:
    try:
        return day.replace(day=int(number.rstrip("stndrh")), year=int(year or day.year))
    except ValueError:
        return None


def _cued(question: str, days: _Dated, cue: re.Match[str] | None) -> _Dated:
    if cue is None:
        return days
    kind = next(name for name in _CUES if cue[name])
    if kind == "from":
        kind = "since" if _ONWARDS.match(question, days.end) else ""
    if not kind or kind == "between":
        return days
    counted = _ONE_OF_MANY.match(question, days.start)
    named = bool(cue["the"]) and not counted and _NOUN_AFTER.match(question, days.end)
    event = bool(named or _POSSESSIVE.match(question, days.end))
    return replace(days, start=cue.start(), kind=kind, names_event=event)


def _is_name(question: str, match: re.Match[str]) -> bool:
    return match[0] == "Today" and _NAME_BEFORE.search(question, 0, match.start()) is not None


def _merged(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
