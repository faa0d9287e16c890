"""Threads that the program does not wait for."""

from __future__ import annotations

import gc
import threading
import time

from rag.service.threads import Threads

SECONDS = 20


def test_so_many_work_at_once_and_all_is_done() -> None:
    """Two threads do the work of ten, two at a time."""
    threads = Threads(2, "test")
    both, done = threading.Barrier(2), threading.Semaphore(0)

    def work() -> None:
        both.wait(SECONDS)
        done.release()

    for _ in range(10):
        threads.submit(work)

    assert all(done.acquire(timeout=SECONDS) for _ in range(10))
    assert len(_named("test")) == 2
    assert all(thread.daemon for thread in _named("test"))


def test_threads_end_when_nobody_has_them_any_more() -> None:
    """What was submitted is done; then they end."""
    threads = Threads(3, "forgotten")
    done = threading.Semaphore(0)
    for _ in range(3):
        threads.submit(done.release)

    del threads
    gc.collect()

    assert all(done.acquire(timeout=SECONDS) for _ in range(3))
    deadline = time.monotonic() + SECONDS
    while _named("forgotten") and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _named("forgotten")


def _named(begins: str) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith(begins)]
