"""What is said below the page, in English, in the reader's language where it is a fixed sentence.

Whatever else is said there (what a check found, the account of a chat model, what a server
answered) is shown as it is: it holds words of articles, names and figures in no fixed order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from rag.page.tongue import Language, later, spoken_now, tr
from rag.page.wording import day
from rag.records import Conflict

# How a sentence reads where it is made, and as the catalogue has it.
_SENTENCES: Final[Mapping[str, str]] = {
    r"quoted word for word": later("quoted word for word"),
    r"it states nothing to check": later("it states nothing to check"),
    r"it cites no passage": later("it cites no passage"),
    r"Articles are being added: this answer is from the archive as it was before\.": later(
        "Articles are being added: this answer is from the archive as it was before."
    ),
    r"Read “(?P<typed>.*)” as “(?P<meant>.*)”\.": later("Read “{typed}” as “{meant}”."),
    r"Only articles published since (?P<day>.*), as the question says\.": later(
        "Only articles published since {day}, as the question says."
    ),
    r"Only articles published until (?P<day>.*), as the question says\.": later(
        "Only articles published until {day}, as the question says."
    ),
    r"Only articles as known on (?P<day>.*), as the question says\.": later(
        "Only articles as known on {day}, as the question says."
    ),
    r"The article corrects itself: (?P<new>.*) stands, not (?P<old>.*)\.": later(
        "The article corrects itself: {new} stands, not {old}."
    ),
    r"the question is empty: ask something.*": later("the question is empty: ask something"),
    r"the question has (?P<number>[\d,]+) characters, at most (?P<most>[\d,]+) are read:"
    r" ask in a sentence or two": later(
        "the question has {number} characters, at most {most} are read: ask in a sentence or two"
    ),
    r"the question holds no words: (?P<typed>.*)": later("the question holds no words: {typed}"),
}


def relayed(english: str) -> str:
    """The sentence in the reader's language if it is one of the fixed ones, else as it is."""
    if spoken_now() is Language.ENGLISH:
        return english
    for pattern, words in _SENTENCES.items():
        found = re.fullmatch(pattern, english, re.DOTALL)
        if found:
            return tr(
                words, **{name: _said(name, said) for name, said in found.groupdict().items()}
            )
    return english


def account(conflict: Conflict) -> str:
    """What is said of a disagreement besides its sides; empty where these say it all."""
    articles = {side.source.article_id for side in conflict.sides}
    return relayed(conflict.reason) if len(articles) == 1 else ""


def _said(name: str, said: str) -> str:
    """A part of the sentence; days are written as the reader writes them."""
    return day(_day(said)) if name == "day" and _day(said) else said


def _day(said: str) -> date | None:
    try:
        return datetime.strptime(said, "%d %B %Y").date()
    except ValueError:
        return None
