"""The last question, asked again of something else: "What about Russia?", "And in 2015?"."""

from __future__ import annotations

import re

from rag.asking.followups.countries import is_country
from rag.asking.followups.mentions import compound_with, name_spans, with_article
from rag.asking.followups.salience import Exchange

_LEAD = re.compile(r"^(?:and|so|but|ok|okay|well|also)\b,?\s+", re.IGNORECASE)
_WHAT_ABOUT = re.compile(
    r"^(?:what about|how about|what of|and for|and|(?:no,? )?i (?:mean|meant)|no,|not that,)\s+"
    r"(?P<new>.+)$",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"^(?P<prep>in|on|at|for|from|by|with|to|under|against|since|before|after|during|until)\s+",
    re.I,
)
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_YEAR = r"(?:1[5-9]|20)\d\d"
_WHEN = (
    rf"(?:(?:early |late |mid-?)?{_MONTH}(?: \d{{1,2}})?(?:,? {_YEAR})?|\d{{1,2}} {_MONTH}"
    rf"(?: {_YEAR})?|(?:the )?{_YEAR}s?|(?:last|this|next) (?:year|month|week|spring|summer|autumn|"
    r"fall|winter|season|time)|today|yesterday|now)"
)
_DATE = re.compile(
    rf"^(?:(?:in|on|at|by|since|before|after|during|until)\s+)?(?P<when>{_WHEN})$", re.IGNORECASE
)
_DATED = re.compile(
    rf"\b(?:in|on|by|since|before|after|during|until)\s+(?:{_WHEN})\b"
    r"|\b(?:last|this|next) (?:year|month|week|spring|summer|autumn|fall|winter|season)\b"
    r"|\b(?:today|yesterday|now)\b",
    re.IGNORECASE,
)
_SAID_ABOUT = re.compile(r"\b(?P<prep>about|on|regarding|over)\s+(?P<what>[^?]+)$", re.IGNORECASE)
_PRONOUN = re.compile(
    r"\b(?:he|him|his|she|her|they|them|their|it|its|this|that|these|those|there)\b", re.IGNORECASE
)
_ASKS = re.compile(
    r"^(?:who|what|when|where|why|which|how|do|does|did|is|are|was|were|has|have|had|can|could|"
    r"will|would|should|may)\b",
    re.IGNORECASE,
)
_ACRONYM = 3  # letters; countries of so few are acronyms
_LONG = 5  # words; more is no name or thing to put in place of another


def swapped(question: str, last: Exchange) -> str | None:
    """The last question about the new name, place or time; None where nothing is swapped."""
    body = question.strip().rstrip("?!. ").strip()
    opened = _WHAT_ABOUT.match(body)
    new = opened["new"].strip() if opened else _LEAD.sub("", body)
    old = last.question.strip().rstrip("?!. ").strip()
    if not old or len(new.split()) > _LONG or _ASKS.match(new) or _PRONOUN.search(new):
        return None
    if _DATE.match(new):
        return _at_another_time(new, old)
    if opened is None:
        return None
    placed = _PREPOSITION.match(new)
    if placed:
        return _elsewhere(new, placed, old)
    if _is_name(new) or is_country(new):
        return _of_another(new, old)
    told = _SAID_ABOUT.search(old)
    if told:
        return f"{old[: told.start('what')]}{new}?"
    return f"{old}, and what about {new}?"


def _is_name(text: str) -> bool:
    spans = name_spans(f"x {text}")
    if len(spans) != 1:
        return False
    start, end = spans[0]
    return with_article(f"x {text}", start) <= 2 and end >= len(text)


def _at_another_time(new: str, old: str) -> str:
    when = _DATE.match(new)
    assert when is not None
    bare = when["when"]
    dated = list(_DATED.finditer(old))
    if dated:
        phrase = new if new != bare or not bare[:1].isdigit() else f"in {new}"
        return f"{old[: dated[-1].start()]}{phrase}{old[dated[-1].end() :]}?"
    year = list(re.finditer(rf"\b{_YEAR}\b", old))
    if year and re.fullmatch(_YEAR, bare):
        return f"{old[: year[-1].start()]}{bare}{old[year[-1].end() :]}?"
    phrase = new if new != bare or not bare[:1].isdigit() else f"in {new}"
    return f"{old} {phrase}?"


def _elsewhere(new: str, placed: re.Match[str], old: str) -> str:
    """ "And in Syria?": in place of what the same preposition led before, else at the end."""
    for start, end in reversed(name_spans(old)):
        at = with_article(old, start)
        if re.search(rf"\b{placed['prep']}\s+$", old[:at], re.IGNORECASE) and not (
            compound_with(old[start:end], old)
        ):
            return f"{old[:at]}{new[placed.end() :]}{old[end:]}?"
    return f"{old} {new}?"


def _of_another(new: str, old: str) -> str:
    """ "What about Russia?": in place of a name of its kind, else beside the whole question."""
    country = is_country(new)
    if country and new.islower():
        new = new.upper() if len(new) <= _ACRONYM else new.title()
    told = _SAID_ABOUT.search(old)
    spans = [s for s in name_spans(old) if not compound_with(old[s[0] : s[1]], old)]
    alike = [s for s in spans if is_country(old[s[0] : s[1]]) == country]
    if told and country and not any(told.start() > s[0] for s in alike):
        return f"{old[: told.start('what')]}{new}?"
    if alike:
        start, end = alike[0] if len(alike) == 1 else _of_one_shape(new, old, alike)
        return f"{old[: with_article(old, start)]}{new}{old[end:]}?"
    if len(spans) == 1 and not country:
        start, end = spans[0]
        return f"{old[: with_article(old, start)]}{new}{old[end:]}?"
    return f"{old}, and what about {new}?"


def _of_one_shape(new: str, old: str, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """The name with as many words as the new one, the first of such; else the last name."""
    size = len(new.split())
    return next((s for s in spans if len(old[s[0] : s[1]].split()) == size), spans[-1])
