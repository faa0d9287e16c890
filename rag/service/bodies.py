"""Bodies of requests: as they are, no longer than allowed, of few enough values, here in time."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.service.problems import Problem

# The rest of a body that is refused is not read.
_CLOSE = {"Connection": "close"}
_PLAIN = "identity"
_PACKED = Problem(
    415,
    "format",
    "Send the body as it is, without a Content-Encoding.",
    headers={"Accept-Encoding": _PLAIN, **_CLOSE},
)

# Values of JSON: they are read while everybody else waits, so many in two tenths of a second. An
# answer that is sent back has some five hundred.
MOST_VALUES = 200_000
_BEFORE_VALUES = (b",", b"[", b"{")  # commas of texts count too, and are few


class Bodies:
    """Refuses bodies of more than `most` bytes or `MOST_VALUES`, and those not here in `seconds`.

    Those that are packed too, which are longer than they say.

    `more` gives the bytes allowed to paths that begin so, of any number of values: files are sent
    there. A body that keeps coming, but slowly, is given the time that its length takes at
    `_SLOWEST` bytes a second.
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
        files = self._files(scope["path"])
        most = self._most if files is None else files
        if Headers(scope=scope).get("content-encoding", _PLAIN).lower() != _PLAIN:
            await _PACKED.response(scope)(scope, receive, send)
            return
        if _stated(scope) > most:
            await _too_long(most).response(scope)(scope, receive, send)
            return
        values = MOST_VALUES if files is None else math.inf
        incoming = _Incoming(receive, most, values, self._seconds, self._SLOWEST)
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

    def _files(self, path: str) -> int | None:
        """The bytes allowed to files that are sent there, None where none are."""
        return next((most for begins, most in self._more.items() if path.startswith(begins)), None)


class _Incoming:
    """A body as it comes in."""

    def __init__(
        self, receive: Receive, most: int, values: float, seconds: float, slowest: int
    ) -> None:
        self._receive = receive
        self._most = most
        self._values_left = values
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
        body = message.get("body", b"")
        self._bytes += len(body)
        self._values_left -= sum(map(body.count, _BEFORE_VALUES))
        self._is_whole = not message.get("more_body", False)
        if self._bytes > self._most:
            raise _too_long(self._most)
        if self._values_left < 0:
            detail = f"The request holds more than the {MOST_VALUES:,} values allowed here."
            raise Problem(413, "too-many", detail, headers=_CLOSE)
        return message


def _too_long(most: int) -> Problem:
    detail = f"The request is longer than the {most:,} bytes allowed here."
    return Problem(413, "too-long", detail, headers=_CLOSE)


def _stated(scope: Scope) -> int:
    stated = Headers(scope=scope).get("content-length", "0")
    return int(stated) if stated.isdecimal() else 0
