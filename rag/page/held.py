"""Answers of an application that are held back until they are whole, to be sent otherwise."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.types import Message, Send


def held(
    send: Send,
    is_held: Callable[[Message], bool],
    whole: Callable[[Message, bytes], Awaitable[None]],
) -> Send:
    """A `send` for an application: answers whose start `is_held` go to `whole` with all their body.

    All others are sent as they come.
    """
    started: Message | None = None
    body = bytearray()

    async def send_or_hold(message: Message) -> None:
        nonlocal started
        if message["type"] == "http.response.start" and is_held(message):
            started = message
        elif started is None:
            await send(message)
        else:
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                await whole(started, bytes(body))

    return send_or_hold
