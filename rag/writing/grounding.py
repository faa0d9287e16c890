"""Whether a model's sentence is made of what its passages say, beyond what a checker compares.

A checker looks for what differs and may let a few foreign words pass for a paraphrase; a model's
own knowledge looks just like that. So its words, names and days are looked for in the passages.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence

from rag.language.dates import notes
from rag.language.names import matches, names
from rag.language.terms import terms
from rag.records import Claim, Passage

# The share of a sentence's words of content that the passages must hold, and how many of so many
# words in a row must not all be foreign: those of a paraphrase are scattered, those of a clause
# added stand together. Chosen on `bench/replies.py`.
GROUNDED = 0.75
_WINDOW = 5
_FOREIGN_IN_WINDOW = 3
_DAYS = tuple(calendar.day_name)
_MONTHS = tuple(calendar.month_name)[1:]
# At the beginning of a sentence, "May" and "March" need be no months.
_CALENDAR = re.compile(rf"(?<=[\w,;:] )(?:{'|'.join((*_DAYS, *_MONTHS))})\b")


def is_grounded(claim: Claim) -> bool:
    """Whether the cited passages hold nearly all of a claim's words and each name and day of it."""
    passages = [citation.passage for citation in claim.citations]
    held = {term for passage in passages for term in terms(passage.text)}
    return (
        _has_its_words(claim.text, held)
        and not _strangers(claim.text, passages, held)
        and set(_CALENDAR.findall(claim.text)) <= _calendar(passages)
    )


def _has_its_words(text: str, held: set[str]) -> bool:
    foreign = [term not in held for term in terms(text)]
    if sum(foreign) > (1 - GROUNDED) * len(foreign):
        return False
    windows = (foreign[at : at + _WINDOW] for at in range(len(foreign)))
    return all(sum(window) < _FOREIGN_IN_WINDOW for window in windows)


def _strangers(text: str, passages: Sequence[Passage], held: set[str]) -> list[str]:
    """Names of which the passages have no word and no other form."""
    known = [name.text for p in passages for name in names(p.text) if name.certain]
    return [
        name.text
        for name in names(text)
        if name.certain
        and not any(term in held for term in terms(name.text))
        and not any(matches(name.text, other) or matches(other, name.text) for other in known)
    ]


def _calendar(passages: Sequence[Passage]) -> set[str]:
    """The days of the week and the months that passages name, state or count from."""
    found: set[str] = set()
    for passage in passages:
        found |= {word for word in (*_DAYS, *_MONTHS) if word in passage.text}
        anchor = passage.source.published
        derived = notes(passage.text, 0, len(passage.text), anchor)
        days = [day for note in derived for day in (note.first, note.last)]
        for day in [*days, anchor] if anchor else days:
            found |= {_DAYS[day.weekday()], _MONTHS[day.month - 1]}
    return found
