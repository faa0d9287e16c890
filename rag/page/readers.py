"""Who a reader is: whoever logged in, else the browser, known by a random token in a cookie."""

from __future__ import annotations

import hashlib
import re
import secrets
from http.cookies import SimpleCookie
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "dateline_reader"

# The name of all who log in by one password; it tells nobody from another.
_EVERYBODY = "reader"
_TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
# Browsers keep no cookie longer than this; every visit begins it anew.
_SECONDS_KEPT = 400 * 24 * 3600


class Readers:
    """Gives each browser its token when it first opens the page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # What the page loads comes at once, and each request would have another token.
        if not opens_page(scope):
            await self._app(scope, receive, send)
            return
        token = _token(Headers(scope=scope).get("cookie", "")) or secrets.token_urlsafe(
            _TOKEN_BYTES
        )

        async def send_with_token(message: Message) -> None:
            if message["type"] == "http.response.start":
                cookie = _cookie(token, secure=scope["scheme"] == "https")
                MutableHeaders(scope=message).append("Set-Cookie", cookie)
            await send(message)

        await self._app(scope, receive, send_with_token)


def opens_page(scope: Scope) -> bool:
    """Whether a request is for the page itself, and not for what the page loads."""
    return scope["type"] == "http" and scope["path"] == "/" and bool(scope["method"] == "GET")


def reader_of(request: Any) -> str | None:
    """The name under which a reader's conversations are kept; None for a browser without cookies.

    Takes a request of the server or one of Gradio's. The token itself is kept nowhere: whoever
    reads the store cannot become a reader.
    """
    if request is None:
        return None
    named = getattr(getattr(request, "state", None), "reader", None)
    if named and named != _EVERYBODY:
        return f"user {named}"
    token = _token(request.headers.get("cookie", ""))
    return f"browser {hashlib.sha256(token.encode()).hexdigest()}" if token else None


def _token(cookies: str) -> str | None:
    found = cookie_parser(cookies).get(COOKIE, "")
    return found if _TOKEN.fullmatch(found) else None


def _cookie(token: str, *, secure: bool) -> str:
    cookie: SimpleCookie = SimpleCookie({COOKIE: token})
    morsel = cookie[COOKIE]
    morsel["path"] = "/"
    morsel["max-age"] = str(_SECONDS_KEPT)
    morsel["samesite"] = "Lax"
    morsel["httponly"] = True
    morsel["secure"] = secure
    return morsel.OutputString()
