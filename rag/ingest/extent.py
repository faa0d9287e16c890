"""How much of the given files has been read, in bytes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import BinaryIO

from rag.reading import File


class Extent:
    """Follows files as they are read one after another; a file may be far from done for long."""

    def __init__(self, files: Iterable[File]) -> None:
        self._total = sum(map(_size, files))
        self._before = 0
        self._size = 0
        self._stream: BinaryIO | None = None

    def followed(self, file: File) -> File:
        """The file, which is the next to be read; the one before is done."""
        self._before += self._size
        self._size, self._stream = _size(file), None

        def opened() -> BinaryIO:
            self._stream = file.open()
            return self._stream

        return dataclasses.replace(file, open=opened)

    def finished(self) -> None:
        """The last file that was followed is done."""
        self._before += self._size
        self._size, self._stream = 0, None

    def share(self) -> float:
        """What is read of all: 0 to 1, and 1 where there is nothing to read."""
        read = self._before + min(self._size, _place(self._stream))
        return min(1.0, read / self._total) if self._total else 1.0


def _size(file: File) -> int:
    try:
        if file.path:
            return file.path.stat().st_size
        with file.open() as stream:
            return stream.seek(0, 2)
    except OSError:
        return 0


def _place(stream: BinaryIO | None) -> int:
    """How far a stream is read; one that is closed again tells nothing."""
    try:
        return stream.tell() if stream else 0
    except (ValueError, OSError):
        return 0
