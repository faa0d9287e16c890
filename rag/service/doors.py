"""The doors: whether a request may come in, by a key, by a login, or because they are open."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.errors import DatelineError
from rag.keys import Key
from rag.service.callers import OPEN, Caller
from rag.service.problems import Problem, problem_of
from rag.service.rates import Rates
from rag.service.sessions import Sessions
from rag.store import Keys

COOKIE = "dateline_session"

_ALWAYS_OPEN = ("/healthz", "/readyz", "/login", "/logout")
_FOR_PROGRAMS = ("/v1", "/mcp", "/metrics")
_CHALLENGE = 'Bearer realm="Dateline"'
_ASKED = {"WWW-Authenticate": _CHALLENGE}
_WRONG = {"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token"'}  # RFC 6750
_SECONDS_OF_A_DAY = 24 * 3600


class Open:
    """Lets everybody in, to do everything: for a server that only this machine reaches."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["caller"] = OPEN
        await self._app(scope, receive, send)


class Locked:
    """Lets in programs with a key and readers who logged in.

    Keys are looked up at every request, so that one revoked anywhere is refused at once; the page
    is for readers alone. `sessions` are None where no password is set; `readers_write` lets
    readers add and remove articles.
    """

    def __init__(
        self,
        app: ASGIApp,
        keys: Callable[[], Keys],
        sessions: Sessions | None,
        *,
        readers_write: bool = False,
    ) -> None:
        self._app = app
        self._keys = keys
        self._sessions = sessions
        self._readers_write = readers_write
        self._rates = Rates()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or _begins(scope["path"], _ALWAYS_OPEN):
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # nothing here speaks over web sockets
            await send({"type": "websocket.close"})
            return
        try:
            scope.setdefault("state", {})["caller"] = await self._admitted(scope)
        except (Problem, DatelineError) as error:
            await self._refused(problem_of(error), scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _admitted(self, scope: Scope) -> Caller:
        """Who makes the request.

        Raises:
            Problem: nobody who may.
            DatelineError: the keys cannot be looked up.
        """
        for_programs = _begins(scope["path"], _FOR_PROGRAMS)
        text = _key_text(Headers(scope=scope)) if for_programs else None
        if text is not None:
            key = await run_in_threadpool(self._keys().find, text)
            if key is None:
                detail = "This key is not known here, or was revoked."
                raise Problem(401, "key", detail, headers=_WRONG)
            scope["state"]["key"] = key.name
            await self._counted(key)
            return Caller(key.name, key.writes)
        reader = self._reader(scope)
        if reader is None:
            asked = "a key (`Authorization: Bearer KEY`)" if for_programs else "a login at /login"
            raise Problem(401, "unauthenticated", f"This needs {asked}.", headers=_ASKED)
        scope["state"]["reader"] = reader
        return Caller(reader, self._readers_write)

    def _reader(self, scope: Scope) -> str | None:
        cookie = cookie_parser(Headers(scope=scope).get("cookie", "")).get(COOKIE)
        return self._sessions.reader(cookie) if self._sessions and cookie else None

    async def _counted(self, key: Key) -> None:
        """Count the request against the limits of its key.

        Raises:
            Problem: there were too many.
        """
        wait = self._rates.wait(key.name, key.per_minute) if key.per_minute else 0
        if wait:
            detail = f"This key is good for {key.per_minute:,} requests a minute."
            raise Problem(429, "rate", detail, headers={"Retry-After": str(wait)})
        if key.per_day and not await run_in_threadpool(self._keys().count, key.name, key.per_day):
            detail = f"This key is good for {key.per_day:,} requests a day (UTC)."
            until_midnight = _SECONDS_OF_A_DAY - int(time.time()) % _SECONDS_OF_A_DAY
            raise Problem(429, "quota", detail, headers={"Retry-After": str(until_midnight)})

    async def _refused(self, problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
        wants_page = "text/html" in Headers(scope=scope).get("accept", "")
        for_programs = _begins(scope["path"], _FOR_PROGRAMS)
        if problem.status_code == 401 and wants_page and not for_programs:
            query = scope["query_string"].decode("latin-1")
            wanted = quote(scope["path"] + (f"?{query}" if query else ""))
            login = RedirectResponse(f"/login?next={wanted}", status_code=303)
            await login(scope, receive, send)
        else:
            await problem.response(scope)(scope, receive, send)


def _key_text(headers: Headers) -> str | None:
    """The key that a request carries, None where it carries none."""
    scheme, _, text = headers.get("authorization", "").partition(" ")
    if scheme.casefold() == "bearer" and text.strip():
        return text.strip()
    return headers.get("x-api-key")


def _begins(path: str, prefixes: tuple[str, ...]) -> bool:
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes)
