"""Plain text: one file, one article."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.errors import ReadError
from rag.language.dates import published
from rag.reading.dateline import dateline
from rag.reading.decoding import text_of
from rag.reading.file import File
from rag.reading.record import Reading

# A date that leads the text, with or without its label: "date 2023-09-13 Russia's President …".
_LEADING = re.compile(
    r"\s*(?:(?:date|published|posted)\s*:?\s*)?(\d{4}-\d{2}-\d{2})(?:T\S+)?(?=\s)\s*", re.I
)


def read_plain(file: File) -> Iterator[Reading | ReadError]:
    """The article of a text file; its date is one that leads the text or fills an early line."""
    text = text_of(file).strip()
    if not text:
        yield ReadError(f"{file.name}: holds no text")
        return
    leading = _LEADING.match(text)
    if leading and (day := published(leading[1])):
        rest = text[leading.end() :]
        yield Reading(text=rest, published=day, modified=dateline(rest).modified)
        return
    days = dateline(text)
    yield Reading(text=text, published=days.published, modified=days.modified)
