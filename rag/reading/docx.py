"""Word documents (.docx): one file, one article, dated by its own words alone.

A document's dates are those of its typing, so they date nothing.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from rag.errors import ReadError
from rag.reading.bombs import check_zip
from rag.reading.byline import byline
from rag.reading.dateline import dateline
from rag.reading.file import File
from rag.reading.packages import package
from rag.reading.record import Reading
from rag.reading.source import paper

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _TABLE, _ROW, _CELL = (f"{_WORD}{name}" for name in ("p", "tbl", "tr", "tc"))
_BREAKS = {f"{_WORD}tab": "\t", f"{_WORD}br": "\n", f"{_WORD}cr": "\n"}
# Words that were moved away from here; those in shapes are written a second time for old programs.
_LEFT_OUT = frozenset(
    {f"{_WORD}moveFrom", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)
_TITLES = ("Title", "heading 1", "Heading 1")
_TITLE_AMONG = 3
# Who a program says wrote a document when nobody told it.
_NOBODY = frozenset({"python-docx", "microsoft office user", "windows user", "user", "admin"})


def read_docx(file: File) -> Iterator[Reading | ReadError]:
    """The article of a document; its title is the one stated, else the paragraph styled so.

    Insertions that nobody has accepted yet are in the text, deletions are not; footnotes follow it.
    """
    data = file.data()
    check_zip(data, file.name)
    document = package("docx").Document(io.BytesIO(data))
    titled = next(filter(None, map(_titled, document.paragraphs[:_TITLE_AMONG])), None)
    blocks = [*_blocks(document.element.body), *_footnotes(document.part)]
    text = "\n\n".join(words for words in blocks if words and words != titled)
    if not text:
        yield ReadError(f"{file.name}: holds no text")
        return
    facts, days = document.core_properties, dateline(text)
    yield Reading(
        text=text,
        title=facts.title.strip() or titled,
        publisher=paper(text),
        author=byline(text) or _somebody(facts.author),
        language=facts.language.strip() or None,
        published=days.published,
        modified=days.modified,
    )


def _titled(paragraph: Any) -> str | None:
    """The words of a paragraph that is styled as a title."""
    style = paragraph.style
    named = style is not None and style.name in _TITLES
    return _words(paragraph._p) or None if named else None


def _blocks(parent: Any) -> Iterator[str]:
    """The words of each paragraph and table under an element, whatever they are wrapped in."""
    for child in parent:
        if child.tag == _PARAGRAPH:
            yield _words(child)
        elif child.tag == _TABLE:
            yield "\n".join(_row(row) for row in child.iter(_ROW))
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
            yield from _blocks(child)


def _row(row: Any) -> str:
    return " | ".join(" ".join(_blocks(cell)).strip() for cell in row.iterchildren(_CELL))


def _words(paragraph: Any) -> str:
    return "".join(_runs(paragraph)).strip()


def _runs(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_WORD}t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
            yield from _runs(child)


def _footnotes(part: Any) -> Iterator[str]:
    """The notes at the foot of pages and at the end, in order."""
    for relation in part.rels.values():
        if relation.reltype.endswith(("/footnotes", "/endnotes")):
            # Its own parser, which follows no entity.
            root = package("docx.oxml").parse_xml(relation.target_part.blob)
            yield from _blocks(root)


def _somebody(author: str) -> str | None:
    author = author.strip()
    return author if author and author.lower() not in _NOBODY else None
