"""How fast an ingest goes and how long it will still take, from its last minute."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from rag.ingest import Progress

# What is known already goes by a hundred times as fast as what is new, so the beginning of an
# ingest that goes on says nothing of its end.
_WINDOW_SECONDS = 60.0
# Batches come every few seconds; a shorter time tells nothing.
_LEAST_SECONDS = 3.0


class Pace:
    """Follows the progress that it is told."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told: deque[tuple[float, Progress]] = deque()

    def note(self, progress: Progress) -> None:
        """Take in how far it is now."""
        now = self._clock()
        self._told.append((now, progress))
        while len(self._told) > 2 and now - self._told[1][0] >= _WINDOW_SECONDS:
            self._told.popleft()

    def rate(self) -> float | None:
        """Articles a second; None while too little is known."""
        seconds, articles, _ = self._lately()
        return articles / seconds if seconds >= _LEAST_SECONDS and articles else None

    def left(self) -> float | None:
        """Seconds still to go; None while too little is known."""
        seconds, _, share = self._lately()
        if seconds < _LEAST_SECONDS or share <= 0:
            return None
        return (1 - self._told[-1][1].share) * seconds / share

    def line(self) -> str:
        """The last progress in words: files, articles, rate and time left as far as known."""
        now = self._told[-1][1]
        rate, left = self.rate(), self.left()
        parts = [f"{now.files:,}/{now.of:,} files", f"{now.articles:,} articles"]
        if rate is not None:
            parts.append(f"{rate:.1f}/s")
        if left is not None and now.share < 1:
            parts.append(f"{_clock_face(left)} left")
        return " · ".join(parts)

    def _lately(self) -> tuple[float, int, float]:
        """Seconds that the window spans, and the articles and the share done in them."""
        if not self._told:
            return 0.0, 0, 0.0
        (since, before), (until, now) = self._told[0], self._told[-1]
        return until - since, now.articles - before.articles, now.share - before.share


def _clock_face(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
