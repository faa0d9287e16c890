"""The room for more rows in the files of a vector graph.

Chroma writes it as it stood in memory, and so words that the process handled before: of an
article, too, that is being forgotten.
"""

from __future__ import annotations

import struct
from pathlib import Path

# What the head of a graph begins with: version, offset of the rows, rows there is room for, rows
# held, bytes of a row (hnswlib's `saveIndex`).
_HEAD = struct.Struct("<iQQQQ")
_VERSION = 1
_LENGTH_BYTES = 4


def blank_spare(folder: Path) -> None:
    """Blank the room for more rows in all graphs under a folder of vectors; rows stay as they are.

    Raises:
        OSError: a file cannot be written.
    """
    for head in folder.glob("*/header.bin"):
        version, _, room, held, row = _HEAD.unpack_from(head.read_bytes())
        if version != _VERSION:
            continue
        for name, size in (("data_level0.bin", row), ("length.bin", _LENGTH_BYTES)):
            _blank(head.with_name(name), kept=held * size, whole=room * size)


def _blank(file: Path, *, kept: int, whole: int) -> None:
    if file.stat().st_size != whole:
        return
    with file.open("r+b") as stream:
        stream.truncate(kept)
        stream.truncate(whole)
