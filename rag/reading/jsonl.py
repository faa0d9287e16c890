"""JSON lines: one article a line, `text` required."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from rag.errors import ReadError
from rag.reading.decoding import text_of
from rag.reading.record import Reading
from rag.reading.stated import stated, stated_date


def read_jsonl(path: Path) -> Iterator[Reading | ReadError]:
    """The articles of a file, a line each; a bad line is an error, the others go on."""
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        if line.strip():
            yield _reading(path, number, line)


def _reading(path: Path, number: int, line: str) -> Reading | ReadError:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        return ReadError(f"{path}:{number}: is not JSON ({error})")
    if not isinstance(fields, dict):
        return ReadError(f"{path}:{number}: is not a JSON object")
    text = fields.get("text")
    if not isinstance(text, str) or not text.strip():
        return ReadError(f"{path}:{number}: has no `text`")
    if "\0" in text:
        return ReadError(f"{path}:{number}: `text` holds NUL characters")
    return Reading(text=text.strip(), published=stated_date(fields), line=number, **stated(fields))
