"""Tables as text (.csv, .tsv): one article a row, the first row names the columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from rag.errors import ReadError
from rag.reading.decoding import lines
from rag.reading.file import TEXT_LIMIT, File
from rag.reading.record import Reading
from rag.reading.rows import named, reading_of
from rag.reading.stated import TEXTS

_DELIMITERS = ",;\t|"


def read_table(file: File) -> Iterator[Reading | ReadError]:
    """The articles of a table, a row each; a bad row is an error, the others go on."""
    # The limit is the process's own and its default is shorter than an article.
    csv.field_size_limit(max(csv.field_size_limit(), TEXT_LIMIT))
    numbered = lines(file)
    first, header = next(((at, line) for at, line in numbered if line.strip()), (0, ""))
    if not header:
        yield ReadError(f"{file.name}: holds no rows")
        return
    delimiter = max(_DELIMITERS, key=header.count)
    columns = next(csv.reader([header], delimiter=delimiter), [])
    if not set(named(dict.fromkeys(columns), file.columns)) & set(TEXTS):
        names = ", ".join(columns)
        yield ReadError(f"{file.name}: no column is named {', '.join(TEXTS)} (they are {names})")
        return
    yield from _rows(file, columns, csv_rows(numbered, first, delimiter))


def _rows(
    file: File, columns: list[str], numbered: Iterator[tuple[int, list[str] | csv.Error]]
) -> Iterator[Reading | ReadError]:
    for number, row in numbered:
        if isinstance(row, csv.Error):
            # Where the next row begins cannot be told.
            yield ReadError(f"{file.name}:{number}: is not a row ({row}): the rest is not read")
            return
        if row:
            yield reading_of(file, number, dict(zip(columns, row, strict=False)))


def csv_rows(
    numbered: Iterator[tuple[int, str]], first: int, delimiter: str
) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """The rows after line `first`, each with the line it begins on; a cell may hold lines."""
    at = first

    def fed() -> Iterator[str]:
        nonlocal at
        for number, line in numbered:
            at = number
            yield line + "\n"

    rows = csv.reader(fed(), delimiter=delimiter)
    while True:
        begins = at + 1
        try:
            yield begins, next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield begins, error
            return
