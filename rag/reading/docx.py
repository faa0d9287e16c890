"""Word documents (.docx): one file, one article, dated by its own words alone.

A document's dates are those of its typing, so they date nothing.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from rag.errors import ReadError
from rag.reading.bombs import check_zip
from rag.reading.dateline import dateline
from rag.reading.file import File
from rag.reading.packages import package
from rag.reading.record import Reading


def read_docx(file: File) -> Iterator[Reading | ReadError]:
    """The article of a document; its title is the one stated, else the paragraph styled so."""
    data = file.data()
    check_zip(data, file.name)
    document = package("docx").Document(io.BytesIO(data))
    blocks = list(document.iter_inner_content())
    titled = next((b.text.strip() for b in blocks[:3] if _style(b) == "Title"), None)
    text = "\n\n".join(words for block in blocks if (words := _words(block)) and words != titled)
    if not text:
        yield ReadError(f"{file.name}: holds no text")
        return
    facts, days = document.core_properties, dateline(text)
    yield Reading(
        text=text,
        title=facts.title.strip() or titled or None,
        author=facts.author.strip() or None,
        language=facts.language.strip() or None,
        published=days.published,
        modified=days.modified,
    )


def _style(block: Any) -> str | None:
    style = getattr(block, "style", None)
    return style.name if style is not None and hasattr(block, "text") else None


def _words(block: Any) -> str:
    if hasattr(block, "text"):
        return str(block.text).strip()
    rows = (" | ".join(cell.text.strip() for cell in row.cells) for row in block.rows)
    return "\n".join(rows)
