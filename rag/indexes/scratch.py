"""A private folder that goes with its process, however the process ends."""

from __future__ import annotations

import shutil
import tempfile
import time
import weakref
from pathlib import Path

from filelock import FileLock, Timeout

_PREFIX = "dateline-"
_LOCK = "in-use.lock"
# A folder this young may be between being made and being locked by its owner.
_YOUNG_SECONDS = 60


class Scratch:
    """A folder of one's own among the temporary files, deleted when it is closed or forgotten.

    The system drops the lock on it when its process dies, so that the next process that makes a
    scratch folder can tell an abandoned one and delete it.
    """

    def __init__(self) -> None:
        _sweep(Path(tempfile.gettempdir()))
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        lock = FileLock(self.folder / _LOCK, thread_local=False)
        lock.acquire()
        self.close = weakref.finalize(self, _delete, self.folder, lock)


def _delete(folder: Path, lock: FileLock) -> None:
    lock.release(force=True)
    shutil.rmtree(folder, ignore_errors=True)


def _sweep(place: Path) -> None:
    """Delete what dead processes left; other users' folders cannot be entered and stay."""
    for folder in place.glob(f"{_PREFIX}*"):
        lock = FileLock(folder / _LOCK, timeout=0, thread_local=False)
        try:
            if time.time() - folder.stat().st_mtime > _YOUNG_SECONDS and folder.is_dir():
                lock.acquire()
                _delete(folder, lock)
        except (OSError, Timeout):
            continue
