"""Questions that a sentence answers, made by rule: who did it, how many, when.

They are worded as a person would ask; a sentence that cannot be turned round is not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rag.language.figures import Figure, figures
from rag.language.names import names
from rag.language.predicates import infinitive, predicate

_YEAR = re.compile(r"\b[Ii]n ((?:1[5-9]|20)\d\d)\b")
_PLAIN = re.compile(r"[\d,.]+")
_LEANING = frozenset(
    {"he", "she", "it", "they", "this", "that", "these", "those", "there", "here", "and", "but"}
    | {"his", "her", "its", "their", "another", "both"}
)
# Marks of a list, a heading, a table, or of two sentences in one.
_MARKED = re.compile(r"^\W|[*|#\"“]|[.!?] ")
# Details that nobody who asks would give.
_DETAIL = re.compile(
    r",(?!\d)|[;:()–—]| (?:and|but|while|who|which|where|according to)\b| with (?=\d)"
    r"| (?:on|by) (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
)
_ABOUT = re.compile(
    r"(?<!\w)(?:about|almost|around|at least|as many as|an estimated|fewer than|just|less than"
    r"|more than|nearly|only|over|some|up to)$",
    re.IGNORECASE,
)
# What is counted: a word or two, the last one a plural; "cubic metres of water".
_COUNTED = re.compile(
    r" (?P<noun>(?:[a-z][\w-]* ){0,2}?(?:[a-z][\w-]*[^s\W]s|people|men|women|children)"
    r"(?: of (?!(?:a|an|her|his|its|our|the|their)\b)[a-z]+)?)(?=$|\W)(?! of\b)"
)
# What begins a clause with a time of its own.
_CLAUSE = re.compile(r"\b(?:after|because|before|since|that|until|when|while)\b")
# A question about the actor of a sentence reads badly where the actor comes up again.
_OWN = re.compile(r"\b(?:its|his|her|their|itself|himself|herself|themselves)\b")


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
    yield from _who(body)
    yield from _how_many(body, figures(text))
    yield from _when(body)


def _who(body: str) -> Iterator[Question]:
    found = names(body)[:1]
    if not found or found[0].start or " " not in found[0].text:
        return
    rest = _plainly(body[found[0].end :])
    # What somebody did; of what somebody is or does one would rather ask "which firm".
    if rest[:1] == " " and infinitive(rest.split()[0]) and not _OWN.search(rest):
        yield Question("who", f"Who{rest}?", body[: found[0].end])


def _how_many(body: str, told: Iterable[Figure]) -> Iterator[Question]:
    counts = [f for f in told if f.text[0].isdigit() and f.end < len(body)]
    if len(counts) != 1 or not _PLAIN.fullmatch(counts[0].text):
        return
    count = counts[0]
    counted = _COUNTED.match(body, count.end)
    if not counted:
        return  # an age, a score, a part of something
    about = _ABOUT.search(body[: count.start].rstrip())
    start = about.start() if about else count.start
    if not start:
        yield Question("how-many", f"How many{_plainly(body[count.end :])}?", count.text)
        return
    found = predicate(body[:start] + body[count.start :], before=start)
    # Between the verb and the figure stands nothing, or the participle after an auxiliary.
    if found and len(between := body[found.end : start].split()) <= 1:
        rest = " ".join([*between, _plainly(body[counted.end() :]).strip()])
        yield Question("how-many", f"How many {counted['noun']} {found.asked(rest)}?", count.text)


def _when(body: str) -> Iterator[Question]:
    years = list(_YEAR.finditer(body))
    if len(years) != 1:
        return
    year = years[0]
    found = predicate(body, before=year.start())
    if found:
        said = body[found.end : year.start()].strip()
        if not _DETAIL.search(said) and not _CLAUSE.search(said):
            rest = f"{said}{_plainly(body[year.end() :])}"
            yield Question("year", f"When {found.asked(rest)}?", year[1])


def _plainly(rest: str) -> str:
    """The rest of a sentence without the details that only who read it would know."""
    detail = _DETAIL.search(rest)
    return (rest[: detail.start()] if detail else rest).rstrip()
