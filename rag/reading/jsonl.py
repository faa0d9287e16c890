"""JSON lines: one article a line."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rag.errors import ReadError
from rag.reading.decoding import lines
from rag.reading.file import File
from rag.reading.record import Reading
from rag.reading.rows import reading_of


def read_jsonl(file: File) -> Iterator[Reading | ReadError]:
    """The articles of a file, a line each; a bad line is an error, the others go on."""
    for number, line in lines(file):
        if line.strip():
            yield _reading(file, number, line)


def _reading(file: File, number: int, line: str) -> Reading | ReadError:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        return ReadError(f"{file.name}:{number}: is not JSON ({error})")
    if not isinstance(fields, dict):
        return ReadError(f"{file.name}:{number}: is not a JSON object")
    return reading_of(file, number, fields)
