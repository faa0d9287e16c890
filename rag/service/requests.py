"""Requests as they are seen from outside: each has an id, a line in the log, and is counted."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
import uuid
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.service.metrics import Metrics
from rag.service.problems import problem_of

_log = logging.getLogger("rag.requests")

_SANE = re.compile(r"[A-Za-z0-9_.:/+=-]{1,128}")
_METHODS = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS".split())
_TOOLS = "/mcp"
_OURS = ("/v1/", _TOOLS)


class Requests:
    """Gives every request its id, and tells the log and the metrics of it when it is answered.

    What nobody foresaw becomes a problem with status 500.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["request_id"] = name = _id(Headers(scope=scope))
        status = 0

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = name
            await send(message)

        self._metrics.began()
        began = time.perf_counter()
        try:
            await self._app(scope, receive, send_noting)
        except (Exception, asyncio.CancelledError) as error:  # cancelled: the server ends
            problem = problem_of(error)
            if not status:
                await problem.response(scope)(scope, receive, send_noting)
        finally:
            self._tell(scope, status, time.perf_counter() - began)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = _route(scope)
        # Nothing was sent where the client went away first; nginx has the number for it.
        status = status or 499
        self._metrics.ended(method, route, status, seconds)
        state = scope["state"]
        said = {
            "method": method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "request_id": state["request_id"],
            "key": state.get("key"),
        }
        if "question" in state:
            said["question"] = state["question"]
        # The files of the page are many and say little.
        quiet = route == "page" and method == "GET" and status < 400
        tell(said, logging.DEBUG if quiet else logging.INFO)


def tell(said: Mapping[str, object], level: int = logging.INFO) -> None:
    """Say in the log what is known of a request."""
    known = {name: value for name, value in said.items() if value is not None}
    words = " ".join(f"{name}={_on_one_line(value)}" for name, value in known.items())
    _log.log(level, words, extra=dict(said))


def _on_one_line(value: object) -> str:
    text = str(value)
    plain = text.isprintable() and " " not in text
    return text if plain else json.dumps(text, ensure_ascii=False)


def new_id() -> str:
    """An id for a request that brings none."""
    return uuid.uuid4().hex


def _id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _SANE.fullmatch(given) else new_id()


def _route(scope: Scope) -> str:
    """The pattern of the path, so that there are few of them."""
    path = getattr(scope.get("route"), "path_format", None)
    if isinstance(path, str) and not scope.get("dateline.page"):
        return path
    if scope["path"] == _TOOLS:
        return _TOOLS
    return "unknown" if scope["path"].startswith(_OURS) else "page"
