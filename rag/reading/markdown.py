"""Markdown, with or without front matter: one file, one article."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.errors import ReadError
from rag.reading.byline import byline
from rag.reading.dateline import Dateline, dateline
from rag.reading.decoding import text_of
from rag.reading.file import File
from rag.reading.front import parted
from rag.reading.record import Reading
from rag.reading.source import paper
from rag.reading.stated import stated

_HEADING = re.compile(r"\A(?:#\s+(.+?)\s*#*|([^\n]+)\n=+[ \t]*)\s*(?:\n|\Z)")
# What stresses words, in one line and next to no letter: `a * b` and `snake_case` stay.
_STRESS = re.compile(r"(?<![\w*])(\*{1,3})(?![\s*])([^*\n]{1,1000})(?<!\s)\1(?![\w*])")
_STRESS_BELOW = re.compile(r"(?<![\w_])(_{1,3})(?![\s_])([^_\n]{1,1000})(?<!\s)\1(?![\w_])")
# What is no word of the article: pictures, and where a link leads. The lengths keep a file of
# brackets from taking for ever.
_TARGET = r"\([^()\s]{0,2000}(?:\s+[\"'][^\n]{0,300}?[\"'])?\)"
_PICTURE = re.compile(rf"!\[[^\[\]\n]{{0,1000}}\]{_TARGET}[ \t]*")
_LINK = re.compile(rf"\[([^\[\]\n]{{1,1000}})\]{_TARGET}")
_GAP = re.compile(r"\n(?:[ \t]*\n){2,}")


def read_markdown(file: File) -> Iterator[Reading | ReadError]:
    """The article of a Markdown file; a first heading is its title if the front matter has none."""
    fields, text = parted(text_of(file), file.name)
    text = _unmarked(_unlinked(text))
    heading = _HEADING.match(text)
    if heading:
        text = text[heading.end() :].strip()
    if not text:
        yield ReadError(f"{file.name}: holds no text")
        return
    found = stated(fields)
    # Front matter that states a card states its dates too.
    days = Dateline() if fields else dateline(text)
    yield Reading(
        text=text,
        **{
            **found,
            "title": found["title"] or (heading and (heading[1] or heading[2]).strip()),
            "publisher": found["publisher"] or (None if fields else paper(text)),
            "author": found["author"] or byline(text),
            "published": found["published"] or days.published,
            "modified": found["modified"] or days.modified,
        },
    )


def _unmarked(text: str) -> str:
    """The text without the marks that stress words."""
    return _STRESS_BELOW.sub(r"\2", _STRESS.sub(r"\2", text))


def _unlinked(text: str) -> str:
    """The text without pictures, and of links their words alone."""
    if "](" not in text:
        return text
    return _GAP.sub("\n\n", _LINK.sub(r"\1", _PICTURE.sub("", text))).strip()
