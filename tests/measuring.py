"""Times that are measured on a machine which may be busy with other things."""

from __future__ import annotations

from collections.abc import Callable

_ATTEMPTS = 3


def least(measured: Callable[[], float], enough: float) -> float:
    """The smallest of up to three measurements; none follows one that is below `enough`.

    What else the machine does can only add to a time: what is too slow is so every time.
    """
    found = measured()
    for _ in range(_ATTEMPTS - 1):
        if found >= enough:
            found = min(found, measured())
    return found
