"""Articles out of files: one module a format, found by the ending of the file's name.

A file gives readings and errors in its order, never an exception. What is packed stays in
memory, nothing is written, and formats whose libraries can hang or swell are read in a process
of their own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path

from rag.errors import ReadError
from rag.reading.archives import read_gz, read_tar, read_zip
from rag.reading.border import Reader, guarded
from rag.reading.docx import read_docx
from rag.reading.feeds import read_feed
from rag.reading.file import File
from rag.reading.isolation import isolated
from rag.reading.jsonl import read_jsonl
from rag.reading.mail import read_mail
from rag.reading.markdown import read_markdown
from rag.reading.mending import mended
from rag.reading.pages import read_page
from rag.reading.parquet import read_parquet
from rag.reading.pdf import read_pdf
from rag.reading.plain import read_plain
from rag.reading.record import Reading
from rag.reading.spoken import language_of
from rag.reading.tables import read_table

__all__ = ["FORMATS", "File", "Reading", "read", "read_file"]

_FILES: Mapping[str, Reader] = {
    ".txt": read_plain,
    ".text": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".csv": read_table,
    ".tsv": read_table,
    ".parquet": isolated(read_parquet),
    ".html": isolated(read_page),
    ".htm": isolated(read_page),
    ".xhtml": isolated(read_page),
    ".pdf": isolated(read_pdf),
    ".docx": isolated(read_docx),
    ".eml": isolated(read_mail),
    ".rss": isolated(read_feed),
    ".atom": isolated(read_feed),
    ".xml": isolated(read_feed),
}


def _member(ending: str) -> Reader | None:
    """The reader of an archive's member: what it raises costs the member, not the archive."""
    reader = _FILES.get(ending)
    return guarded(reader) if reader else None


def _zip(file: File) -> Iterator[Reading | ReadError]:
    return read_zip(file, _member)


def _tar(file: File) -> Iterator[Reading | ReadError]:
    return read_tar(file, _member)


def _gz(file: File) -> Iterator[Reading | ReadError]:
    return read_gz(file, _member)


FORMATS: Mapping[str, Reader] = {
    **_FILES,
    ".zip": _zip,
    ".tar": _tar,
    ".tar.gz": _tar,
    ".tgz": _tar,
    ".gz": _gz,
}


def read(path: Path, *, columns: Mapping[str, str] | None = None) -> Iterator[Reading | ReadError]:
    """The articles of a file, in order; what cannot be read comes as an error in its place.

    `columns` maps a table's column names to `text`, `title`, `publisher`, `published`, ….
    """
    return read_file(File.on_disk(path, columns))


def read_file(file: File) -> Iterator[Reading | ReadError]:
    """The articles of a file wherever it is, told as `read` does."""
    reader = FORMATS.get(file.ending)
    if reader is None:
        known = ", ".join(sorted(FORMATS))
        yield ReadError(f"{file.name}: the ending {file.ending or '(none)'!r} is none of {known}")
        return
    for found in guarded(lambda file: map(_mended, reader(file)))(file):
        yield found if isinstance(found, ReadError) else _addressed(found, file)


def _addressed(reading: Reading, file: File) -> Reading:
    """A page that does not state its address has the one that it was found at."""
    whole = reading.line is None and reading.member is None
    return dataclasses.replace(reading, url=reading.url or file.address) if whole else reading


def _mended(found: Reading | ReadError) -> Reading | ReadError:
    if isinstance(found, ReadError):
        return found
    sound = mended(found)
    return dataclasses.replace(sound, language=sound.language or language_of(sound.text))
