"""A file to read: on disk, in an archive, from standard input or from the web."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from rag.errors import ReadError

# The longest novel is under 10 MB of text; a longer "article" is a table or a log in disguise.
TEXT_LIMIT = 16 * 2**20
# A newspaper issue with its pictures; the whole file is held while it is read.
BINARY_LIMIT = 128 * 2**20


@dataclass(frozen=True, slots=True)
class File:
    """The bytes of a file under the name that messages show.

    `path` is set for files on disk alone, `address` for what came from the web. `columns` maps a
    table's own column names to those of an article (`text`, `title`, …), before the usual names
    are tried.
    """

    name: str
    open: Callable[[], BinaryIO]
    path: Path | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    address: str | None = None

    @classmethod
    def on_disk(cls, path: Path, columns: Mapping[str, str] | None = None) -> File:
        return cls(str(path), lambda: path.open("rb"), path, columns or {})

    @classmethod
    def of_bytes(cls, name: str, data: bytes, columns: Mapping[str, str] | None = None) -> File:
        return cls(name, lambda: io.BytesIO(data), None, columns or {})

    @property
    def ending(self) -> str:
        """The ending of the name in lower case: `.html`, `.tar.gz`."""
        suffixes = [suffix.lower() for suffix in Path(self.name).suffixes[-2:]]
        return ".tar.gz" if suffixes == [".tar", ".gz"] else (suffixes or [""])[-1]

    def data(self, limit: int = BINARY_LIMIT) -> bytes:
        """All the bytes.

        Raises:
            ReadError: there are more than `limit`.
            OSError: it cannot be read.
        """
        with self.open() as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise ReadError(f"{self.name}: is larger than {limit // 2**20} MB: split it")
        return data
