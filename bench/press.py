"""A client program of the service: asks the replicas it is told of in turn, and tries again.

It knows nothing of the store or the index behind them; one address or several is its only setting.
"""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

PROBLEM = "application/problem+json"
_JSON = "application/json"
_EVENTS = "text/event-stream"
_TIMEOUT_SECONDS = 60
_PAUSE_SECONDS = 0.25
# The server closes a connection that was idle for five seconds.
_IDLE_SECONDS = 3.0
# What may be right at another replica, or later: no connection, too many, not now.
AGAIN = frozenset({0, 429, 503})


@dataclass(frozen=True, slots=True)
class Reply:
    """What one try met; times by the monotonic clock.

    `status` is 0 where there was no whole response, and `body` what was wrong. `typed` tells
    whether an error was said as the service promises: as a problem, a 503 with when to come back.
    """

    verb: str
    place: int
    began: float
    ended: float
    status: int
    body: Any
    typed: bool = True

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


class GaveUp(Exception):
    """No replica answered in time."""


class Press:
    """The client, for one thread; `note` is told of every try."""

    def __init__(
        self,
        addresses: Sequence[str],
        *,
        patience: float = 60.0,
        note: Callable[[Reply], None] = lambda reply: None,
    ) -> None:
        self._where = [urlsplit(address) for address in addresses]
        self._open: dict[int, http.client.HTTPConnection] = {}
        self._used: dict[int, float] = {}
        self._turn = itertools.count(threading.get_ident())
        self._patience = patience
        self._note = note

    def ask(self, question: str, at: int | None = None) -> Reply:
        """The answer as JSON."""
        return self._sent("ask", "POST", "/v1/ask", {"question": question}, at=at)

    def stream(self, question: str) -> Reply:
        """The answer, put together from its events."""
        return self._sent("stream", "POST", "/v1/ask", {"question": question}, accept=_EVENTS)

    def search(self, words: str) -> Reply:
        return self._sent("search", "GET", "/v1/search?" + urlencode({"q": words}))

    def article(self, key: str) -> Reply:
        return self._sent("article", "GET", "/v1/articles/" + quote(key))

    def count(self, at: int | None = None) -> Reply:
        """How many articles there are, as `total`."""
        return self._sent("count", "GET", "/v1/articles?limit=1", at=at)

    def feedback(self, question: str, words: str) -> Reply:
        sent = {"question": question, "reason": "helpful", "remark": words}
        return self._sent("feedback", "POST", "/v1/feedback", sent)

    def _sent(
        self,
        verb: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        accept: str = _JSON,
        at: int | None = None,
    ) -> Reply:
        """The reply of the first replica that has one; of the one at a place, if that is given.

        Raises:
            GaveUp: none has for as long as its patience lasts.
        """
        until = time.monotonic() + self._patience
        while True:
            place = next(self._turn) % len(self._where) if at is None else at
            reply = self._tried(verb, place, method, path, body, accept)
            self._note(reply)
            if reply.status not in AGAIN:
                return reply
            if time.monotonic() > until:
                raise GaveUp(f"{verb}: {reply.status} {reply.body}")
            time.sleep(_PAUSE_SECONDS)

    def _tried(
        self, verb: str, place: int, method: str, path: str, body: Any, accept: str
    ) -> Reply:
        began = time.monotonic()
        status, found, typed = 0, "", True
        try:
            response = self._response(place, method, path, body, accept)
            status, text = response.status, response.read()
            kind = response.headers.get_content_type()
            found = _events(text) if kind == _EVENTS else json.loads(text)
            if kind == _EVENTS and "type" in found:  # a problem that came after the status
                status = int(found["status"])
            elif status >= 400:
                later = status not in (429, 503) or response.getheader("Retry-After") is not None
                typed = kind == PROBLEM and later
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._open.pop(place).close()
            status = 0
            found = f"{type(error).__name__}: {error}"
        return Reply(verb, place, began, time.monotonic(), status, found, typed)

    def _response(
        self, place: int, method: str, path: str, body: Any, accept: str
    ) -> http.client.HTTPResponse:
        if time.monotonic() - self._used.get(place, 0.0) > _IDLE_SECONDS and place in self._open:
            self._open.pop(place).close()
        if place not in self._open:
            where = self._where[place]
            self._open[place] = http.client.HTTPConnection(
                where.hostname or "", where.port, timeout=_TIMEOUT_SECONDS
            )
        headers = {"Accept": accept, "Content-Type": _JSON}
        sent = None if body is None else json.dumps(body)
        self._open[place].request(method, path, sent, headers)
        self._used[place] = time.monotonic()
        return self._open[place].getresponse()


def _events(text: bytes) -> Any:
    """What the events add up to: the answer, or the problem that ended them.

    Raises:
        ValueError: they break off.
    """
    found: dict[str, Any] = {}
    for event in text.decode().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in event.splitlines() if ": " in line)
        name = lines.get("event")
        if name == "answer":
            found |= json.loads(lines["data"])
        elif name == "error":
            return json.loads(lines["data"])
        elif name == "done":
            return found
    raise ValueError("the events break off")
