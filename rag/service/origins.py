"""Where a request comes from: the name it was sent to, and the page that sent it."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.service.problems import Problem

# The names under which a server that listens to this machine alone may be reached.
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_HARMLESS = ("GET", "HEAD", "OPTIONS")
_OWN = ("same-origin", "none")


class Hosts:
    """Refuses requests to a name that is not ours; with no names any will do.

    A page of another site can have its own name point to this machine (DNS rebinding) and so read
    what only this machine should; its requests come with that name.
    """

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        self._app = app
        self._names = frozenset(name.casefold() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._names and _host(scope) not in self._names:
            refusal = Problem(
                421, "host", "This server does not go by that name: see the setting `hosts`."
            )
            await refusal.response(scope)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class SameOrigin:
    """Refuses what a page of another site would have a reader's browser send here.

    Browsers say which page a request comes from; programs that say nothing pass.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_foreign(scope):
            refusal = Problem(403, "origin", "A page of another site may not send this.")
            await refusal.response(scope)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_foreign(scope: Scope) -> bool:
    if scope["method"] in _HARMLESS:
        return False
    headers = Headers(scope=scope)
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site not in _OWN
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def _host(scope: Scope) -> str:
    """The name of the `Host` header without its port, brackets removed; empty if there are two."""
    given = Headers(scope=scope).getlist("host")
    named = given[0].casefold() if len(given) == 1 else ""
    try:
        return urlsplit(f"//{named}").hostname or ""
    except ValueError:
        return ""
