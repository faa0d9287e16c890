"""Plain text: one file, one article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rag.errors import ReadError
from rag.language.dates import published
from rag.reading.byline import byline
from rag.reading.dateline import dateline
from rag.reading.decoding import text_of
from rag.reading.file import File
from rag.reading.headline import headline
from rag.reading.record import Reading
from rag.reading.source import paper
from rag.reading.stated import is_known, stated

# A date that leads the text, with or without its label: "date 2023-09-13 Russia's President …".
_LEADING = re.compile(
    r"\s*(?:(?:date|published|posted)\s*:?\s*)?(\d{4}-\d{2}-\d{2})(?:T\S+)?(?=\s)\s*", re.I
)
_FIELD = re.compile(r"([^\W\d_][\w -]{1,30}?)\s*:\s*(\S.*)")
# One line with a colon may be a sentence; two that both name a field are a card.
_FEWEST_FIELDS = 2


def read_plain(file: File) -> Iterator[Reading | ReadError]:
    """The article of a text file; what it states of itself stands in its first lines."""
    fields, text = _carded(text_of(file).strip())
    leading = None if fields else _LEADING.match(text)
    first = published(leading[1]) if leading else None
    if leading and first:
        text = text[leading.end() :]
    if not text:
        yield ReadError(f"{file.name}: holds no text")
        return
    found = stated(fields)
    title, text = (found["title"], text) if found["title"] else headline(text)
    days = dateline(text)
    yield Reading(
        text=text,
        **{
            **found,
            "title": title,
            "publisher": found["publisher"] or paper(text),
            "author": found["author"] or byline(text),
            "published": found["published"] or first or days.published,
            "modified": found["modified"] or days.modified,
        },
    )


def _carded(text: str) -> tuple[Mapping[str, str], str]:
    """The fields above the first empty line, where each line there is one, and the rest."""
    above, gap, below = text.partition("\n\n")
    found = [_FIELD.fullmatch(line.strip()) for line in above.split("\n")]
    fields = {each[1]: each[2] for each in found if each and is_known(each[1])}
    if not gap or len(fields) < max(_FEWEST_FIELDS, len(found)):
        return {}, text
    return fields, below.strip()
