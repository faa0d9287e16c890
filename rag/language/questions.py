"""Questions that a sentence answers, made by rule: who did it, how many, in which year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.language.figures import figures
from rag.language.names import names
from rag.language.terms import STOPWORDS, words

_YEAR = re.compile(r"\b[Ii]n ((?:1[5-9]|20)\d\d)\b")
# A short subject and what was done to it: "The old bridge was …".
_WAS = re.compile(r"(?P<subject>[^,;:()]{2,60}?) (?P<verb>was|were) ")
_PLAIN = re.compile(r"[\d,.]+")
_VERB = re.compile(r" (?!and\b)[a-z]+(?:ed|s|t|d|came|went|won|took|met|led|ran|began|rose|fell)\b")
_LEANING = frozenset(
    {"he", "she", "it", "they", "this", "that", "these", "those", "there", "here", "and", "but"}
    | {"his", "her", "its", "their", "another", "both"}
)
# Marks of a list, a heading, a table, or of two sentences in one.
_MARKED = re.compile(r"^\W|[*|#\"“]|[.!?] ")


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its answer in the sentence; `kind` is `who`, `how-many` or `year`."""

    kind: str
    text: str
    answer: str


def stands_alone(text: str) -> bool:
    """Whether a sentence says whom and what it is about, and is one sentence of prose."""
    return text.split()[0].lower() not in _LEANING and not _MARKED.search(text)


def questions(text: str) -> Iterator[Question]:
    """A question for each thing that the sentence can be asked for."""
    body = text[:-1]
    if not stands_alone(text):
        return
    found = names(text)
    if found and found[0].start == 0 and " " in text[: found[0].end]:
        rest = text[found[0].end : len(body)]
        if _VERB.match(rest):
            yield Question("who", f"Who{rest}?", text[: found[0].end])
    counts = [f for f in figures(text) if f.text[0].isdigit() and f.end < len(body)]
    if len(counts) == 1 and _PLAIN.fullmatch(counts[0].text):
        figure, after = counts[0], words(body[counts[0].end :])
        # "61, drove" or "70 in spring" is an age; what is counted follows at once.
        if body[figure.end] == " " and after and after[0] not in STOPWORDS:
            question = f"{body[: figure.start]}how many{body[figure.end :]}?"
            yield Question("how-many", question, figure.text)
    years = list(_YEAR.finditer(body))
    if len(years) == 1:
        year = years[0]
        yield Question("year", _in_which_year(body, *year.span()), year[1])


def _in_which_year(body: str, start: int, end: int) -> str:
    """The sentence as a question for the year that stands from `start` to `end`."""
    was = _WAS.match(body)
    if was and was.end() <= start:
        first, rest = was["subject"], f"{body[was.end() : start].strip()}{body[end:]}"
        subject = first if names(first)[:1] and names(first)[0].start == 0 else _lowered(first)
        return f"In which year {was['verb']} {subject} {rest}?"
    question = f"{body[:start]}in which year{body[end:]}?"
    return question[0].upper() + question[1:]


def _lowered(text: str) -> str:
    return text[0].lower() + text[1:]
