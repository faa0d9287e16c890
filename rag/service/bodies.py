"""Bodies of requests: no longer than allowed, and here in time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.service.problems import Problem

# The rest of a body that is refused is not read.
_CLOSE = {"Connection": "close"}


class Bodies:
    """Refuses bodies of more than `most` bytes, and those not here after `seconds`.

    `more` gives the bytes allowed to paths that begin so. A body that keeps coming, but slowly, is
    given the time that its length takes at `_SLOWEST` bytes a second.
    """

    _SLOWEST = 20_000  # a poor mobile connection

    def __init__(self, app: ASGIApp, *, most: int, seconds: float, more: Mapping[str, int]) -> None:
        self._app = app
        self._most = most
        self._seconds = seconds
        self._more = dict(more)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._allowed(scope["path"])
        if _stated(scope) > most:
            await _too_long(most).response(scope)(scope, receive, send)
            return
        incoming = _Incoming(receive, most, self._seconds, self._SLOWEST)
        begun = False

        async def send_noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, incoming.receive, send_noting)
        except Problem as problem:
            if begun:
                raise
            await problem.response(scope)(scope, receive, send)

    def _allowed(self, path: str) -> int:
        return next(
            (most for begins, most in self._more.items() if path.startswith(begins)), self._most
        )


class _Incoming:
    """A body as it comes in."""

    def __init__(self, receive: Receive, most: int, seconds: float, slowest: int) -> None:
        self._receive = receive
        self._most = most
        self._seconds = seconds
        self._slowest = slowest
        self._begun = time.monotonic()
        self._bytes = 0
        self._is_whole = False

    async def receive(self) -> Message:
        """The next piece; once the body is whole, whatever comes, whenever.

        Raises:
            Problem: it is too long or too slow.
        """
        if self._is_whole:
            return await self._receive()
        due = self._begun + self._seconds + self._bytes / self._slowest
        try:
            message = await asyncio.wait_for(self._receive(), due - time.monotonic())
        except TimeoutError as error:
            detail = "The rest of the request did not come in time."
            raise Problem(408, "slow", detail, headers=_CLOSE) from error
        self._bytes += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        if self._bytes > self._most:
            raise _too_long(self._most)
        return message


def _too_long(most: int) -> Problem:
    detail = f"The request is longer than the {most:,} bytes allowed here."
    return Problem(413, "too-long", detail, headers=_CLOSE)


def _stated(scope: Scope) -> int:
    stated = Headers(scope=scope).get("content-length", "0")
    return int(stated) if stated.isdecimal() else 0
