"""Where exceptions end: whatever a library makes of damaged bytes becomes an error of its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rag.errors import ReadError
from rag.reading.file import File
from rag.reading.record import Reading

Reader = Callable[[File], Iterator[Reading | ReadError]]


def guarded(reader: Reader) -> Reader:
    """The reader, with what it raises given as its last error, naming the file."""

    def read(file: File) -> Iterator[Reading | ReadError]:
        try:
            yield from reader(file)
        except Exception as error:  # a library's own kinds are without number
            yield ReadError(_reason(file.name, error))

    return read


def _reason(name: str, error: Exception) -> str:
    said = " ".join(str(error).split())[:200]
    if isinstance(error, ReadError):
        return str(error) if str(error).startswith(name) else f"{name}: {error}"
    if isinstance(error, MemoryError):
        return f"{name}: cannot be read: it needs too much memory"
    if isinstance(error, RecursionError):
        return f"{name}: cannot be read: it is nested too deeply"
    if isinstance(error, OSError):
        return f"{name}: cannot be read: {error.strerror or said}"
    return f"{name}: cannot be read: it is damaged ({type(error).__name__}: {said})"
