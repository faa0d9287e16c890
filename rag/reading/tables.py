"""Tables as text (.csv, .tsv): one article a row, the first row names the columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence

from rag.errors import ReadError
from rag.reading.decoding import lines
from rag.reading.file import TEXT_LIMIT, File
from rag.reading.record import Reading
from rag.reading.rows import check_columns, has_text, reading_of

_DELIMITERS = ",;\t|"
# What spreadsheets write before the first row.
_STATED_DELIMITER = re.compile(r"sep=(.)\s*", re.I)

Row = list[str] | csv.Error


def read_table(file: File) -> Iterator[Reading | ReadError]:
    """The articles of a table, a row each; a bad row is an error, the others go on."""
    # The limit is the process's own and its default is shorter than an article.
    csv.field_size_limit(max(csv.field_size_limit(), TEXT_LIMIT))
    numbered = lines(file)
    first, header = _words(numbered)
    stated = _STATED_DELIMITER.fullmatch(header)
    if stated:
        first, header = _words(numbered)
    if not header:
        yield ReadError(f"{file.name}: holds no rows")
        return
    delimiter = stated[1] if stated else _delimiter(header, file)
    columns = _cells(header, delimiter)
    check_columns(columns, file)
    yield from _rows(file, columns, csv_rows(numbered, first, delimiter))


def _words(numbered: Iterator[tuple[int, str]]) -> tuple[int, str]:
    """The next line that is not empty, with its number; an empty one where there is none."""
    return next(((at, line) for at, line in numbered if line.strip()), (0, ""))


def _delimiter(header: str, file: File) -> str:
    """The sign that parts the first row into the names of a table of articles, else into most."""

    def fitness(delimiter: str) -> tuple[bool, int]:
        columns = _cells(header, delimiter)
        return has_text(columns, file), len(columns)

    return max(_DELIMITERS, key=fitness)


def _cells(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter), [])


def _rows(
    file: File, columns: Sequence[str], numbered: Iterator[tuple[int, Row]]
) -> Iterator[Reading | ReadError]:
    for number, row in numbered:
        where = f"{file.name}:{number}"
        if isinstance(row, csv.Error):
            # Where the next row begins cannot be told.
            yield ReadError(f"{where}: is not a row ({row}): the rest is not read")
            return
        if any(row[len(columns) :]):
            # A text with a comma and without quotes would be cut short there.
            yield ReadError(
                f"{where}: has {len(row)} cells, the table {len(columns)} columns: put quotes"
                " around cells that hold the sign between cells"
            )
        elif row:
            yield reading_of(file, number, dict(zip(columns, row, strict=False)))


def csv_rows(
    numbered: Iterator[tuple[int, str]], first: int, delimiter: str
) -> Iterator[tuple[int, Row]]:
    """The rows after line `first`, each with the line it begins on; a cell may hold lines.

    The last may be an error: what follows it cannot be parted into rows.
    """
    at, over = first, False

    def fed() -> Iterator[str]:
        nonlocal at, over
        for number, line in numbered:
            at = number
            yield line + "\n"
        over = True

    rows = csv.reader(fed(), delimiter=delimiter)
    while True:
        begins = at + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield begins, error
            return
        # A row that asks for more lines than there are is in the middle of a cell.
        yield begins, csv.Error("a quote that opens in it is never closed") if over else row
