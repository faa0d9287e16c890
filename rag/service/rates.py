"""Rates: so many times a minute, and how long to wait for the next."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class Rates:
    """Counts what happens within a minute, in this process."""

    def __init__(self) -> None:
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, what: str, per_minute: int) -> int:
        """Count once more; 0, or where the minute is full the seconds until it is not."""
        limit = RateLimitItemPerMinute(per_minute)
        if self._windows.hit(limit, what):
            return 0
        reset, _ = self._windows.get_window_stats(limit, what)
        return max(1, math.ceil(reset - time.time()))
