"""A watch: what a folder may hold or become besides files that grow."""

from __future__ import annotations

import os
import queue
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.ingest import Root, Watch

PATIENCE = 60.0


class Rounds:
    """The rounds of a watch over one folder, made in a thread until nobody asks for more."""

    def __init__(self, folder: Path) -> None:
        self._found: queue.Queue[tuple[Root, ...]] = queue.Queue()
        self._left = threading.Event()
        self._watch = Watch([folder], settled=0.2)
        self._folder = folder
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def next(self) -> tuple[set[str], set[str]]:
        """The names of the files to read, and of those that are gone."""
        (root,) = self._found.get(timeout=PATIENCE)
        return {path.name for path in root.files}, {path.name for path in root.gone}

    def close(self) -> None:
        self._left.set()
        self._folder.mkdir(exist_ok=True)
        until = time.monotonic() + PATIENCE
        while self._thread.is_alive() and time.monotonic() < until:
            (self._folder / "last.md").write_text(os.urandom(8).hex(), "utf-8")
            self._thread.join(0.5)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        for roots in self._watch.rounds():
            self._found.put(roots)
            if self._left.is_set():
                return


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "news"
    made.mkdir()
    return made


@pytest.fixture
def rounds(folder: Path) -> Iterator[Rounds]:
    """The rounds after the first, which found nothing."""
    made = Rounds(folder)
    assert made.next() == (set(), set())
    yield made
    made.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders there")
def test_what_is_no_file_is_never_read(folder: Path, rounds: Rounds) -> None:
    """A pipe would be read for ever, and a link to the folder itself without end."""
    os.mkfifo(folder / "pipe.md")
    (folder / "loop").symlink_to(folder)
    (folder / "nothing.md").symlink_to(folder / "gone.md")
    (folder / "a.md").write_text("The ferry sails.", "utf-8")

    read: set[str] = set()
    while "a.md" not in read:
        read |= rounds.next()[0]

    assert read == {"a.md"}


@pytest.mark.skipif(sys.platform == "win32", reason="a watched folder cannot be deleted there")
def test_a_folder_that_is_made_anew_is_watched_on(folder: Path, rounds: Rounds) -> None:
    """What was in it is gone, and what comes is found, though it is another folder."""
    (folder / "a.md").write_text("The ferry sails.", "utf-8")
    assert rounds.next() == ({"a.md"}, set())

    shutil.rmtree(folder)
    assert rounds.next() == (set(), {"a.md"})
    folder.mkdir()
    (folder / "b.md").write_text("The bridge opens.", "utf-8")

    assert rounds.next() == ({"b.md"}, set())


@pytest.mark.skipif(sys.platform == "win32", reason="a watched folder cannot be deleted there")
def test_a_folder_is_made_anew_between_two_looks(folder: Path, rounds: Rounds) -> None:
    """Also where nobody could see that it was away, and it has the number of the one before."""
    for name in ("a.md", "b.md"):
        shutil.rmtree(folder)
        folder.mkdir()
        (folder / name).write_text("The ferry sails.", "utf-8")

        found: set[str] = set()
        while name not in found:
            found |= rounds.next()[0]
