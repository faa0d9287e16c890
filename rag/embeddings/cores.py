"""The processors that this process may use."""

from __future__ import annotations

import os


def cores() -> int:
    """How many, at least one; fewer than the machine has where the process is held to some."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
