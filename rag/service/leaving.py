"""Leaving: when the server is to stop, streams that last as long as a page is open are ended."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Gradio's sign of life to each open page; it carries nothing.
_ENDLESS = "/heartbeat/"


class Leaving:
    """Passes requests on; ends the endless ones when it is time. Answers are finished."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._endless: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _ENDLESS not in scope["path"]:
            await self._app(scope, receive, send)
            return
        is_open = False

        async def send_noting(message: Message) -> None:
            nonlocal is_open
            begins = message["type"] == "http.response.start"
            is_open = begins or bool(message.get("more_body"))
            await send(message)

        async def answered() -> None:
            await self._app(scope, receive, send_noting)

        task = asyncio.create_task(answered())
        self._endless.add(task)
        try:
            await asyncio.wait([task])
        finally:
            self._endless.discard(task)
            task.cancel()
        if not task.cancelled():
            task.result()
        if is_open:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    def leave(self) -> None:
        """End the endless streams."""
        for task in self._endless:
            task.cancel()
