"""Plain text: one file, one article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from rag.dates import published
from rag.errors import ReadError
from rag.reading.decoding import text_of
from rag.reading.file import File
from rag.reading.record import Reading

# A date that leads the text, with or without its label: "date 2023-09-13 Russia's President …".
_LEADING = re.compile(
    r"\s*(?:(?:date|published|updated|posted)\s*:?\s*)?(\d{4}-\d{2}-\d{2})(?:T\S+)?(?=\s)\s*", re.I
)
_LABEL = re.compile(r"^\s*(?:date|published|posted|updated)(?:\s+on)?\s*:?\s+", re.I)
# A date of its own stands in one of the first lines and fills it.
_FIRST_LINES, _SHORT_LINE = 6, 60


def read_plain(file: File) -> Iterator[Reading | ReadError]:
    """The article of a text file; its date is one that leads the text or fills an early line."""
    text = text_of(file).strip()
    if not text:
        yield ReadError(f"{file.name}: holds no text")
        return
    leading = _LEADING.match(text)
    if leading and (day := published(leading[1])):
        yield Reading(text=text[leading.end() :], published=day)
        return
    yield Reading(text=text, published=early_date(text))


def early_date(text: str) -> date | None:
    """The date that fills one of the first lines, None where none does."""
    lines = [line.strip() for line in text.split("\n", 2 * _FIRST_LINES) if line.strip()]
    for line in lines[:_FIRST_LINES]:
        if len(line) <= _SHORT_LINE and (day := published(_LABEL.sub("", line))):
            return day
    return None
