"""An article in a row of a table, its columns known by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.errors import ReadError
from rag.reading.file import TEXT_LIMIT, File
from rag.reading.record import Reading
from rag.reading.stated import stated, stated_date, stated_text


def reading_of(file: File, number: int, row: Mapping[str, Any]) -> Reading | ReadError:
    """The article of a row; `number` is its line in the file."""
    where = f"{file.name}:{number}"
    fields = named(row, file.columns)
    text = stated_text(fields)
    if text is None:
        return ReadError(f"{where}: has no `text`")
    if len(text) > TEXT_LIMIT:
        return ReadError(
            f"{where}: the text is longer than {TEXT_LIMIT // 2**20} million characters"
        )
    if "\0" in text:
        return ReadError(f"{where}: `text` holds NUL characters")
    return Reading(text=text.strip(), published=stated_date(fields), line=number, **stated(fields))


def named(row: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """The row under the names of an article: those mapped first, then its own in lower case."""
    fields = {str(name).strip().lower().replace(" ", "_"): value for name, value in row.items()}
    mapped = {ours: row[theirs] for theirs, ours in columns.items() if theirs in row}
    return {**fields, **mapped}
