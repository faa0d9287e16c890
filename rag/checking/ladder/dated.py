"""Dates as written: their words, and the days they mean where that is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rag.checking.alignment import Token

_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()


MONTHS = (
    "january february march april may june july august september october november december".split()
)


_RELATIVE = "today yesterday tomorrow tonight overnight".split()


_SHIFTS = {
    "last": "last",
    "past": "last",
    "previous": "last",
    "next": "next",
    "coming": "next",
    "following": "next",
    "this": "this",
}


PERIODS = frozenset(
    "week weekend month quarter year decade century season summer winter spring autumn fall".split()
)


_YEAR = re.compile(r"(?:1[0-9]|20)\d\d")


@dataclass(frozen=True, slots=True)
class DateWords:
    """A date as written: its atoms ("monday", "2023", "last week") and, if known, its days."""

    start: int
    end: int
    text: str
    atoms: frozenset[str]
    days: tuple[date, date] | None = None
    derived: bool = False


def date_words(text: str, words: Sequence[Token], anchor: date | None) -> Iterator[DateWords]:
    from rag.language.dates import mentions  # loads only where dates are compared

    taken: list[tuple[int, int]] = []
    for mention in mentions(text, anchor):
        inside = [w for w in words if mention.start <= w.start < mention.end]
        atoms = frozenset(_atoms(inside, whole=True))
        taken.append((mention.start, mention.end))
        yield DateWords(
            mention.start,
            mention.end,
            mention.text,
            atoms or frozenset([mention.text.lower()]),
            (mention.first, mention.last),
            mention.derived,
        )
    for run in _date_runs(words, taken):
        start, end = run[0].start, run[-1].end
        yield DateWords(start, end, text[start:end], frozenset(_atoms(run, whole=False)))


def same_days(ours: DateWords, theirs: DateWords) -> bool:
    """Whether both mean the same days, or ours, written out, is a wider span around theirs."""
    if ours.days is None or theirs.days is None:
        return False
    if ours.days == theirs.days:
        return True
    wider = ours.days[0] <= theirs.days[0] and theirs.days[1] <= ours.days[1]
    ends = {str(day.year) for day in theirs.days} | {MONTHS[day.month - 1] for day in theirs.days}
    return wider and not ours.derived and ours.atoms <= theirs.atoms | ends


def _date_runs(words: Sequence[Token], taken: list[tuple[int, int]]) -> Iterator[list[Token]]:
    """Stretches of date words that no resolved mention covers."""
    run: list[Token] = []
    for index, word in enumerate(words):
        free = not any(start <= word.start < end for start, end in taken)
        before = words[index - 1] if index else None
        after = words[index + 1] if index + 1 < len(words) else None
        if free and _is_date_word(word, before, after):
            run.append(word)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _is_date_word(word: Token, before: Token | None, after: Token | None) -> bool:
    name = _calendar(word)
    if name in _WEEKDAYS or word.word in _RELATIVE:
        return True
    if name in MONTHS:
        beside = [w.word for w in (before, after) if w is not None]
        sure = name not in ("may", "march") or any(
            w[0].isdigit()
            or w
            in (
                "in",
                "of",
                "since",
                "until",
                "by",
                "last",
                "next",
                "early",
                "late",
                "mid",
                "from",
                "through",
                "this",
            )
            for w in beside
        )
        return word.capital and sure
    if ":" in word.word or _YEAR.fullmatch(word.word):
        return True
    if word.word.isdigit() and len(word.word) <= 2:
        return any(w is not None and _calendar(w) in MONTHS and w.capital for w in (before, after))
    if word.word in _SHIFTS:
        return after is not None and (after.word in PERIODS or _calendar(after) in _WEEKDAYS)
    return word.word in PERIODS and before is not None and before.word in _SHIFTS


def _atoms(run: Sequence[Token], *, whole: bool) -> Iterator[str]:
    """What must be found again: names and numbers singly, "last week" as one."""
    for index, word in enumerate(run):
        name = _calendar(word)
        if name in _WEEKDAYS or name in MONTHS:
            yield name
        elif word.word in _RELATIVE or word.word[0].isdigit():
            yield word.key
        elif word.word in PERIODS or (whole and word.content):
            shift = _SHIFTS.get(run[index - 1].word, "") if index else ""
            yield f"{shift} {word.key}".strip()


def _calendar(word: Token) -> str:
    """The full name of a weekday or month, also from its short form; else the word itself."""
    text = word.word.rstrip(".")
    if len(text) < 3:
        return text
    plural = text.removesuffix("s") if text.endswith("days") else text
    for name in (*_WEEKDAYS, *MONTHS):
        if plural == name:
            return name
        if (
            word.capital
            and len(plural) <= 5
            and plural[:3] == name[:3]
            and name.startswith(plural.removesuffix("t") if plural == "sept" else plural)
        ):
            return name
    return text
