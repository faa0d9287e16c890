"""Threads for work that nobody waits for when the program ends.

Those of `concurrent.futures` would hold up its end for as long as a chat model is silent.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from queue import SimpleQueue

Work = Callable[[], object]


class Threads:
    """As many threads as are needed, at most so many; they end when nobody has this any more."""

    def __init__(self, most: int, name: str) -> None:
        self._work: SimpleQueue[Work | None] = SimpleQueue()
        self._unused = [f"{name}-{number}" for number in range(most)]
        weakref.finalize(self, self._work.put, None)

    def submit(self, work: Work) -> None:
        """Let a thread do the work, as soon as one is free; it must not raise."""
        self._work.put(work)
        if self._unused:
            name = self._unused.pop()
            threading.Thread(target=_working, args=(self._work,), name=name, daemon=True).start()


def _working(queue: SimpleQueue[Work | None]) -> None:
    while (work := queue.get()) is not None:
        work()
    queue.put(None)  # for the next one
