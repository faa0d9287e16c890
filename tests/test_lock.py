"""The lock on an index folder: one holds it, the others are told what it is held for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.errors import IndexBusy, IndexUnavailable
from rag.lock import locked


def test_one_holds_the_lock(tmp_path: Path) -> None:
    """Whoever comes second is told what the first is at, in the same thread or another."""
    file = tmp_path / "new" / "write.lock"

    def second() -> None:
        with locked(file, "counting", patience=0):
            pass

    with ThreadPoolExecutor(1) as pool, locked(file, "writing", patience=0):
        with pytest.raises(IndexBusy, match="another process is counting: wait"):
            second()
        with pytest.raises(IndexBusy, match="another process is counting: wait"):
            pool.submit(second).result()

    second()


def test_the_lock_is_let_go_with_the_block(tmp_path: Path) -> None:
    """What is raised inside comes out as it is, and the next one has the lock."""
    file = tmp_path / "write.lock"

    with pytest.raises(OSError, match="the disk is full"), locked(file, "writing", patience=0):
        raise OSError("the disk is full")

    with locked(file, "writing", patience=0):
        pass


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file where the folder should be is told of in a line."""
    (tmp_path / "index").write_text("a file")
    file = tmp_path / "index" / "write.lock"

    refused = pytest.raises(IndexUnavailable, match="cannot be written")
    with refused, locked(file, "writing", patience=0):
        pass
