"""Markdown, with or without front matter: one file, one article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import frontmatter
import yaml

from rag.errors import ReadError
from rag.reading.decoding import text_of
from rag.reading.plain import early_date
from rag.reading.record import Reading
from rag.reading.stated import stated, stated_date

_HEADING = re.compile(r"\A#\s+(.+?)\s*#*\s*(?:\n|\Z)")


def read_markdown(path: Path) -> Iterator[Reading | ReadError]:
    """The article of a Markdown file; a first heading is its title if the front matter has none."""
    try:
        fields, text = frontmatter.parse(text_of(path))
    except (yaml.YAMLError, ValueError) as error:
        where = getattr(error, "problem_mark", None)
        at = f" (line {where.line + 2})" if where else ""
        yield ReadError(f"{path}: the front matter is not valid YAML{at}")
        return
    text = text.strip()
    heading = _HEADING.match(text)
    if heading:
        text = text[heading.end() :].strip()
    if not text:
        yield ReadError(f"{path}: holds no text")
        return
    found = stated(fields)
    title = found.get("title") or (heading[1] if heading else None)
    day = stated_date(fields) or (None if fields else early_date(text))
    yield Reading(text=text, published=day, **{**found, "title": title})
