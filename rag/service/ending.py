"""Ending: what the application holds is let go when the last request has been answered."""

from __future__ import annotations

import asyncio
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# For requests that were given up to say so; a thread that changes the archive takes longer.
_SECONDS = 2.0
_PAUSE = 0.01


class Ending:
    """Passes requests on, and the word that it is over when all of them have ended."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":

            async def receive_late() -> Message:
                message = await receive()
                if message["type"] == "lifespan.shutdown":
                    await self._all_answered()
                return message

            await self._app(scope, receive_late, send)
            return
        self._under_way += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way -= 1

    async def _all_answered(self) -> None:
        due = time.monotonic() + _SECONDS
        while self._under_way and time.monotonic() < due:
            await asyncio.sleep(_PAUSE)
