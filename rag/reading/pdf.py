"""PDF: one file, one article, dated by its own words alone.

A PDF's creation date is the day that somebody saved or scanned it, so it dates nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rag.errors import ReadError
from rag.reading.byline import byline
from rag.reading.dateline import dateline
from rag.reading.file import File
from rag.reading.headline import headline
from rag.reading.leaves import joined
from rag.reading.packages import package
from rag.reading.record import Reading
from rag.reading.source import paper

_MOST_PAGES = 5_000
# What programs write where nobody gave a title: the name or the address of a file.
_FILE_NAME = re.compile(
    r"^(?:untitled|microsoft\s+word\s+-|about:|(?:https?|file)://)|\.(?:docx?|odt|rtf|html?|pdf|indd|qxd|tex|dvi)$",
    re.I,
)


def read_pdf(file: File) -> Iterator[Reading | ReadError]:
    """The article of a PDF; pictures of text give an error that says so."""
    pypdf = package("pypdf")
    with file.open() as stream:
        document = pypdf.PdfReader(stream, strict=False)
        if document.is_encrypted and not document.decrypt(""):
            yield ReadError(f"{file.name}: is locked with a password")
            return
        pages = [page.extract_text() or "" for page in document.pages[:_MOST_PAGES]]
        facts = document.metadata or {}
        language = _fact(document.root_object, "/Lang")
    title, text = headline(joined(pages))
    if not text:
        yield ReadError(f"{file.name}: holds no text; it may be scanned")
        return
    days = dateline(text)
    yield Reading(
        text=text,
        title=_fact(facts, "/Title") or title,
        publisher=paper(text),
        author=byline(text) or _fact(facts, "/Author"),
        published=days.published,
        modified=days.modified,
        language=language,
    )


def _fact(facts: Any, name: str) -> str | None:
    value = facts.get(name)
    word = str(value).strip() if value else ""
    return word if word and not _FILE_NAME.search(word) else None
