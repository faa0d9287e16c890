"""Articles out of files: one module a format, found by the ending of the file's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from rag.errors import ReadError
from rag.reading.jsonl import read_jsonl
from rag.reading.markdown import read_markdown
from rag.reading.plain import read_plain
from rag.reading.record import Reading

__all__ = ["FORMATS", "Reading", "read"]

FORMATS: Mapping[str, Callable[[Path], Iterator[Reading | ReadError]]] = {
    ".txt": read_plain,
    ".text": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
}


def read(path: Path) -> Iterator[Reading | ReadError]:
    """The articles of a file, in order; what cannot be read comes as an error in its place."""
    reader = FORMATS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(FORMATS))
        yield ReadError(f"{path}: the ending {path.suffix or '(none)'!r} is none of {known}")
        return
    try:
        yield from reader(path)
    except ReadError as error:
        yield error
    except OSError as error:
        yield ReadError(f"{path}: cannot be read: {error.strerror or error}")
