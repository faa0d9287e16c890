"""Connections: one that does not say what it wants, in time and in few words, is closed.

So slow ones and endless ones can neither pile up nor fill the memory.
"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from rag.service.problems import MEDIA_TYPE, Problem
from rag.service.requests import new_id, tell

# Bytes of the line, the headers and the cookies of a request; what proxies allow in all.
LONGEST_HEAD = 64_000

_SLOW = Problem(408, "slow", "The request did not come in time.")
_LONG = Problem(431, "head-too-long", f"A head may have {LONGEST_HEAD:,} bytes.")
_GARBLED = Problem(400, "malformed", "This is no request of HTTP/1.1.")


class Config(uvicorn.Config):
    """uvicorn's configuration with the seconds that the head of a request may take to arrive."""

    def __init__(self, app: Any, *, head_seconds: float, **more: Any) -> None:
        super().__init__(app, http=Hasty, **more)
        self.head_seconds = head_seconds


class Hasty(HttpToolsProtocol):
    """uvicorn's protocol with a timer that runs whenever a request is awaited, and short heads.

    The parser keeps a head until it is whole, however long that is.
    """

    _timer: asyncio.TimerHandle | None = None
    _has_heard = False
    _is_in_head = False
    _head_bytes = 0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        self._has_heard = True
        was_in_head = self._is_in_head
        super().data_received(data)
        if was_in_head and self._is_in_head:
            self._head_bytes += len(data)
        if self._head_bytes > LONGEST_HEAD:
            self._refuse(_LONG)
        elif self._is_answering():
            self._stop_timer()
        elif self._timer is None:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        self._is_in_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        self._head_bytes = len(self.url) + sum(len(name) + len(said) for name, said in self.headers)
        if self._head_bytes > LONGEST_HEAD:
            raise ValueError("the head is too long")  # ends the parsing: see below
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        self._refuse(_LONG if self._head_bytes > LONGEST_HEAD else _GARBLED)

    def _unsupported_upgrade_warning(self) -> None:
        """Nothing to log: what else the request asks for is answered."""

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
            self._refuse(_SLOW)
        else:
            self.transport.close()

    def _refuse(self, problem: Problem) -> None:
        """Say what is wrong and close; no request is there that an application could answer."""
        if not self.transport.is_closing():
            name = new_id()
            self.transport.write(_response(problem, name))
            self.transport.close()
            tell({"route": "none", "status": problem.status_code, "request_id": name})


def _response(problem: Problem, name: str) -> bytes:
    """The problem as bytes, of a request by this id of which no address is known."""
    plain = problem.as_dict({"path": "", "state": {"request_id": name}})
    body = json.dumps(plain).encode()
    status = HTTPStatus(problem.status_code)
    lines = (
        f"HTTP/1.1 {status.value} {status.phrase}",
        f"content-type: {MEDIA_TYPE}",
        f"content-length: {len(body)}",
        f"x-request-id: {name}",
        "connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode() + body
