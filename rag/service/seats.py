"""Seats: so many answers are made at once, so many questions wait, the others are sent away."""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import aclosing, suppress
from functools import partial
from typing import TypeVar

from rag.service.problems import Problem
from rag.service.threads import Threads

_Item = TypeVar("_Item")

_SECONDS_UNTIL_FREE = 2  # a guess: most answers take less
_IDLE_SECONDS = 15.0  # proxies cut connections that are silent for longer


class _Ended:
    """The items are all there."""


class Seats:
    """Threads for answers. A seat is free again when its work has really ended.

    `seconds` is how long a question may take from its arrival to the end of its answer.
    """

    def __init__(self, *, at_once: int, waiting: int, seconds: float) -> None:
        self._threads = Threads(at_once, "answer")
        self._most = at_once + waiting
        self._seconds = seconds
        self._taken = 0
        self._turn = threading.Lock()

    async def last(self, items: Callable[[], Iterator[_Item]]) -> _Item:
        """The last of the items, which a thread makes; there must be one.

        Raises:
            Problem: there is no seat, or it took too long.
        """
        found: _Item | None = None
        # Every item told wakes the loop, which takes the interpreter from those that answer.
        async with aclosing(self._told(items, partial(deque, maxlen=1))) as made:
            async for item in made:
                found = item if item is not None else found
        assert found is not None
        return found

    def each(self, items: Callable[[], Iterator[_Item]]) -> AsyncGenerator[_Item | None, None]:
        """The items as a thread makes them; None now and then while there is nothing new.

        Leaving early ends the thread's work at its next item.

        Raises:
            Problem: there is no seat, or it took too long.
        """
        return self._told(items, iter)

    async def _told(
        self,
        items: Callable[[], Iterator[_Item]],
        chosen: Callable[[Iterator[_Item]], Iterable[_Item]],
    ) -> AsyncGenerator[_Item | None, None]:
        """Those of the items that are chosen."""
        loop = asyncio.get_running_loop()
        made: asyncio.Queue[_Item | Exception | _Ended] = asyncio.Queue()
        gone = threading.Event()

        def tell(item: _Item | Exception | _Ended) -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(made.put_nowait, item)

        def wanted() -> Iterator[_Item]:
            for item in items() if not gone.is_set() else ():
                if gone.is_set():
                    break
                yield item

        def work() -> None:
            try:
                for item in chosen(wanted()):
                    tell(item)
                tell(_Ended())
            except Exception as error:
                tell(error)
            finally:
                self._leave()

        self._enter()
        self._threads.submit(partial(contextvars.copy_context().run, work))
        due = time.monotonic() + self._seconds
        try:
            while not isinstance(item := await _next(made, due), _Ended):
                if isinstance(item, Exception):
                    raise item
                yield item
        finally:
            gone.set()

    def _enter(self) -> None:
        with self._turn:
            if self._taken >= self._most:
                raise Problem(
                    429,
                    "crowded",
                    "Too many questions are waiting already: try again in a moment.",
                    headers={"Retry-After": str(_SECONDS_UNTIL_FREE)},
                )
            self._taken += 1

    def _leave(self) -> None:
        with self._turn:
            self._taken -= 1


async def _next(made: asyncio.Queue[_Item], due: float) -> _Item | None:
    """The next item, None after a while without one.

    Raises:
        Problem: it is too late for any.
    """
    if not made.empty():  # made in time, if read late
        return made.get_nowait()
    left = due - time.monotonic()
    try:
        return await asyncio.wait_for(made.get(), min(left, _IDLE_SECONDS))
    except TimeoutError as error:
        if left > _IDLE_SECONDS:
            return None
        raise Problem(504, "too-slow", "The answer took too long and was given up.") from error
