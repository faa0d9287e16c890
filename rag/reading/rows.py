"""An article in a row of a table, its columns known by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rag.errors import ReadError
from rag.reading.file import TEXT_LIMIT, File
from rag.reading.record import Reading
from rag.reading.stated import TEXTS, stated, stated_text, under_spelled_names

# Of the names of columns so many characters are told.
_LONGEST_NAMES = 200


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
    return Reading(text=text.strip(), line=number, **stated(fields))


def has_text(columns: Iterable[str], file: File) -> bool:
    """Whether one of a table's columns holds the texts of its articles."""
    return not set(TEXTS).isdisjoint(named(dict.fromkeys(columns), file.columns))


def check_columns(columns: Iterable[str], file: File) -> None:
    """See that a table holds articles before its rows are read.

    Raises:
        ReadError: none of its columns holds texts; names those that there are.
    """
    names = list(columns)
    if not has_text(names, file):
        shown = ", ".join(name for name in names if name)[:_LONGEST_NAMES]
        raise ReadError(
            f"{file.name}: no column is named {', '.join(TEXTS)} (they are {shown}): name it with"
            " --column text=NAME"
        )


def named(row: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """The row under the names of an article: those mapped first, then its own, as `spelled`."""
    theirs = {name.strip(): ours for name, ours in columns.items()}
    mapped = {theirs[name.strip()]: row[name] for name in row if name.strip() in theirs}
    return {**under_spelled_names(row), **under_spelled_names(mapped)}
