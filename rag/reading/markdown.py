"""Markdown, with or without front matter: one file, one article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from rag.errors import ReadError
from rag.reading.dateline import Dateline, dateline
from rag.reading.decoding import text_of
from rag.reading.file import File
from rag.reading.record import Reading
from rag.reading.stated import stated, stated_date

_FRONT = re.compile(r"\A\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.S | re.M)
_HEADING = re.compile(r"\A#\s+(.+?)\s*#*\s*(?:\n|\Z)")


def read_markdown(file: File) -> Iterator[Reading | ReadError]:
    """The article of a Markdown file; a first heading is its title if the front matter has none."""
    try:
        fields, text = _parted(text_of(file))
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        at = f" (line {mark.line + 2})" if mark else ""
        yield ReadError(f"{file.name}: the front matter is not valid YAML{at}")
        return
    heading = _HEADING.match(text)
    if heading:
        text = text[heading.end() :].strip()
    if not text:
        yield ReadError(f"{file.name}: holds no text")
        return
    found = stated(fields)
    title = found.get("title") or (heading[1] if heading else None)
    # Front matter that states a card states its dates too.
    days = Dateline() if fields else dateline(text)
    yield Reading(
        text=text,
        published=stated_date(fields) or days.published,
        **{**found, "title": title, "modified": found["modified"] or days.modified},
    )


def _parted(text: str) -> tuple[Mapping[str, Any], str]:
    """The front matter's fields and the text after it; a rule that opens a text is no matter."""
    front = _FRONT.match(text)
    # Every value as it is written: `007` stays an id, `No` a title and an impossible day a word.
    fields = yaml.load(front[1], Loader=yaml.BaseLoader) if front else None
    if front and isinstance(fields, dict):
        return fields, text[front.end() :].strip()
    return {}, text.strip()
