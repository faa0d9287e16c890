"""A private folder that goes with its process, however the process ends."""

from __future__ import annotations

import shutil
import tempfile
import time
import weakref
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import IndexUnavailable

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
        """A new, empty folder.

        Raises:
            IndexUnavailable: none can be made.
        """
        try:
            _sweep(Path(tempfile.gettempdir()))
            self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
            lock = FileLock(self.folder / _LOCK, thread_local=False)
            lock.acquire()
        except OSError as error:
            raise IndexUnavailable(
                f"no temporary folder can be made ({error.strerror}): see that there is room and"
                " that it can be written, or name another in TMPDIR"
            ) from error
        self.close = weakref.finalize(self, _delete, self.folder, lock)


def _delete(folder: Path, lock: FileLock) -> None:
    lock.release(force=True)
    shutil.rmtree(folder, ignore_errors=True)


def _sweep(place: Path) -> None:
    """Delete what dead processes left; other users' folders cannot be entered and stay.

    A folder of such a name that never had a lock is no scratch folder: it is left alone.
    """
    for held in place.glob(f"{_PREFIX}*/{_LOCK}"):
        folder = held.parent
        lock = FileLock(held, timeout=0, thread_local=False)
        try:
            if time.time() - folder.stat().st_mtime > _YOUNG_SECONDS:
                lock.acquire()
                _delete(folder, lock)
        except (OSError, Timeout):
            continue
