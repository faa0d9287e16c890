"""The room for more rows in a graph's files holds nothing of what was in memory."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from test_vectors import filled, unit

from rag.indexes.spare import blank_spare
from rag.indexes.vectors import Vectors

COUNT = 7


def spare(folder: Path) -> dict[Path, slice]:
    """Where each file of the graph under a folder has room for more rows."""
    (head,) = folder.glob("*/header.bin")
    _, _, room, held, row = struct.unpack_from("<iQQQQ", head.read_bytes())
    assert held == COUNT < room
    return {
        head.with_name("data_level0.bin"): slice(held * row, room * row),
        head.with_name("length.bin"): slice(held * 4, room * 4),
    }


def test_a_finished_folder_has_blank_room(tmp_path: Path) -> None:
    """Whatever Chroma wrote there is gone when a folder is finished."""
    folder = filled(tmp_path / "v", COUNT)

    for file, room in spare(folder).items():
        content = file.read_bytes()
        assert len(content) == room.stop
        assert not any(content[room])
        assert any(content[: room.start])


def test_rows_stay_as_they_are(tmp_path: Path) -> None:
    """Blanking takes the words in the room and nothing else: the folder is searched as before."""
    folder = filled(tmp_path / "v", COUNT)
    before = {file: file.read_bytes() for file in spare(folder)}
    for file, room in spare(folder).items():
        content = bytearray(before[file])
        content[room] = b"w" * (room.stop - room.start)
        file.write_bytes(content)

    blank_spare(folder)

    assert {file: file.read_bytes() for file in spare(folder)} == before
    vectors = Vectors(folder)
    ((key, cosine),) = vectors.search(unit(COUNT)[3].tolist(), limit=1)
    assert key == "p3"
    assert cosine == pytest.approx(1, abs=1e-5)
    vectors.close()
