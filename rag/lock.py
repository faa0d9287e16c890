"""A lock file in an index folder; the system drops the lock of a process that dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import IndexBusy, IndexUnavailable


@contextmanager
def locked(file: Path, work: str, *, patience: float) -> Iterator[None]:
    """Hold the lock; its folder is made if it is not there. Wait at most `patience` seconds.

    Raises:
        IndexBusy: another process holds it; the message says at what `work`.
        IndexUnavailable: the folder cannot be written.
    """
    lock = FileLock(file, timeout=patience)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except (Timeout, RuntimeError) as error:  # the latter: this thread holds or awaits it itself
        raise IndexBusy(f"another process is {work}: wait until it is done") from error
    except OSError as error:
        raise IndexUnavailable(
            f"the index folder {file.parent} cannot be written ({error.strerror}): check its"
            " permissions, or choose another with --index"
        ) from error
    try:
        yield
    finally:
        lock.release()
