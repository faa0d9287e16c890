"""What an article is called, as the line over its text states it."""

from __future__ import annotations

import re

from rag.reading.byline import names_in
from rag.reading.dateline import dateline
from rag.reading.papers import is_paper
from rag.reading.source import named

_LONGEST = 150
_FEWEST_WORDS = 2
_LABEL = re.compile(r"(?:title|headline)\s*:\s*(?=\S)", re.I)
# A sentence; a question or a cry may be a headline, where the line after tells who printed it.
_STOPPED, _ENDED = re.compile(r"[.,;:…)\]]$"), re.compile(r"[.,;:!?…)\]\"”»]$")


def headline(text: str) -> tuple[str | None, str]:
    """The first line if it stands over the rest (short, no sentence, set apart), and the rest.

    Without a headline the rest is the whole text.
    """
    whole = text.strip()
    first, _, rest = (part.strip() for part in whole.partition("\n"))
    following = whole.partition("\n")[2].split("\n", 1)[0].strip()
    sourced = is_source(following)
    ended = (_STOPPED if sourced else _ENDED).search(first)
    short = len(first) <= min(_LONGEST, len(rest) - 1) and len(first.split()) >= _FEWEST_WORDS
    if not short or ended or is_source(first) or (following and not sourced):
        return None, whole
    return _LABEL.sub("", first, count=1), rest


def is_source(line: str) -> bool:
    """Whether a line tells who wrote or printed an article, or when."""
    told = names_in(line) or named(line) or dateline(line).published
    return told is not None or is_paper(line)
