"""Connections: one that does not say what it wants is closed, so that slow ones cannot pile up."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import uvicorn

if TYPE_CHECKING:
    from uvicorn.protocols.http.h11_impl import H11Protocol as _Protocol
else:
    from uvicorn.protocols.http.auto import AutoHTTPProtocol as _Protocol

_BODY = (
    b'{"type":"urn:dateline:problem:slow","title":"Request Timeout","status":408,'
    b'"detail":"The request did not come in time."}'
)
_SLOW = b"\r\n".join(
    (
        b"HTTP/1.1 408 Request Timeout",
        b"content-type: application/problem+json",
        b"content-length: %d" % len(_BODY),
        b"connection: close",
        b"",
        _BODY,
    )
)


class Config(uvicorn.Config):
    """uvicorn's configuration with the seconds that the head of a request may take to arrive."""

    def __init__(self, app: Any, *, head_seconds: float, **more: Any) -> None:
        super().__init__(app, http=Hasty, **more)
        self.head_seconds = head_seconds


class Hasty(_Protocol):
    """uvicorn's protocol with a timer that runs whenever a request is awaited."""

    _timer: asyncio.TimerHandle | None = None
    _has_heard = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        self._has_heard = True
        super().data_received(data)
        if self._is_answering():
            self._stop_timer()
        elif self._timer is None:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        assert isinstance(self.config, Config)
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self.config.head_seconds, self._give_up)

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _stop_timer(self) -> None:
        self._has_heard = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if self._is_answering() or self.transport.is_closing():
            return
        if self._has_heard:
            self.transport.write(_SLOW)
        self.transport.close()
