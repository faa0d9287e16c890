"""The login: a plain form, and what becomes of what is typed there."""

from __future__ import annotations

import secrets
from html import escape
from urllib.parse import parse_qs, quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from rag.service.doors import COOKIE
from rag.service.rates import Rates
from rag.service.sessions import LASTS, READER, Sessions

# Tries a minute: of one address, and of all.
_OF_ONE, _OF_ALL = 10, 100
_FORM_COOKIE = "dateline_form"
_FORM_LASTS = 3600  # seconds
_FIELDS = 10  # more are no form of ours
# Unlike `no-referrer`, this lets the browser say that the form was sent from here.
_HEADERS = {"Referrer-Policy": "same-origin", "Cache-Control": "no-store"}


def login(sessions: Sessions | None) -> APIRouter:
    """The form at `/login`, and `/logout`; without sessions the form says what to set."""
    router = APIRouter(include_in_schema=False)
    rates = Rates()

    @router.get("/login")
    async def form(request: Request) -> Response:
        return _form(sessions, request)

    @router.post("/login")
    async def enter(request: Request) -> Response:
        if sessions is None:
            return _form(sessions, request)
        wait = rates.wait(request.client.host if request.client else "", _OF_ONE)
        wait = wait or rates.wait("everybody", _OF_ALL)
        if wait:
            said = f"Too many tries: wait {wait} seconds."
            return _form(sessions, request, said, 429, {"Retry-After": str(wait)})
        typed = await _typed(request)
        if not _is_ours(sessions, request, typed.get("form", "")):
            return _form(sessions, request, "The form was too old: please try again.", 400)
        name = typed.get("name", "").strip() or READER
        if not await run_in_threadpool(sessions.admits, name, typed.get("password", "")):
            return _form(sessions, request, "That is not the password.", 401)
        entered = RedirectResponse(_local(request.query_params.get("next")), 303, _HEADERS)
        _set(entered, request, COOKIE, sessions.cookie(name), LASTS)
        entered.delete_cookie(_FORM_COOKIE, path="/login")
        return entered

    @router.get("/logout")
    async def leave_form() -> Response:
        body = (
            '<form method="post" action="/logout"><button type="submit">Log out</button></form>'
            '<p><a href="/">Back to the archive</a></p>'
        )
        return HTMLResponse(_page("Log out", body), headers=_HEADERS)

    @router.post("/logout")
    async def leave() -> Response:
        left = RedirectResponse("/login", 303, _HEADERS)
        left.delete_cookie(COOKIE, path="/")
        return left

    return router


def _form(
    sessions: Sessions | None,
    request: Request,
    said: str = "",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    if sessions is None:
        body = (
            "<p>No password is set, so nobody can log in. Set <code>RAG_PASSWORD</code> and start"
            " the server again.</p>"
        )
        return HTMLResponse(_page("Log in", body), 200, _HEADERS)
    token = secrets.token_urlsafe(16)
    action = f"/login?next={quote(_local(request.query_params.get('next')))}"
    name = (
        '<label for="name">Name</label>'
        '<input id="name" name="name" autocomplete="username" required autofocus>'
        if sessions.named
        else ""
    )
    alert = f'<p role="alert">{escape(said)}</p>' if said else ""
    body = (
        f'{alert}<form method="post" action="{escape(action)}">'
        f'<input type="hidden" name="form" value="{token}">{name}'
        '<label for="password">Password</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password"'
        f" required{'' if sessions.named else ' autofocus'}>"
        '<button type="submit">Log in</button></form>'
    )
    shown = HTMLResponse(_page("Log in", body), status, {**_HEADERS, **(headers or {})})
    _set(shown, request, _FORM_COOKIE, sessions.signed(token), _FORM_LASTS, path="/login")
    return shown


async def _typed(request: Request) -> dict[str, str]:
    """The fields of the form, as they were typed."""
    body = (await request.body()).decode("utf-8", "replace")
    try:
        fields = parse_qs(body, max_num_fields=_FIELDS)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}


def _is_ours(sessions: Sessions, request: Request, token: str) -> bool:
    """Whether the form was made here, for this browser: another site cannot know its token."""
    signed = sessions.verified(request.cookies.get(_FORM_COOKIE, ""))
    return (
        bool(token)
        and signed is not None
        and secrets.compare_digest(signed.encode(), token.encode("utf-8", "replace"))
    )


def _set(
    response: Response, request: Request, name: str, value: str, seconds: int, path: str = "/"
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=path,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def _local(path: str | None) -> str:
    """The path if it is one of ours, else the page: a link must not lead a reader elsewhere."""
    ours = path and path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if path and ours and path.isprintable() and "\\" not in path else "/"


def _page(title: str, body: str) -> str:
    return _HEAD.format(title=title) + f"<main>\n<h1>Dateline</h1>\n{body}\n</main>\n</html>\n"


_HEAD = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Dateline</title>
<link rel="icon" href="data:,">
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1.05rem/1.5 system-ui, sans-serif; margin: 12vh 1rem; }}
main {{ max-width: 22rem; margin: 0 auto; }}
h1 {{ font: 600 1.8rem Georgia, "Times New Roman", serif; }}
label {{ display: block; margin-top: 1rem; }}
input, button {{ font: inherit; width: 100%; box-sizing: border-box; padding: .6rem; }}
button {{ margin-top: 1.2rem; cursor: pointer; }}
[role=alert] {{ border-left: 4px solid #b3261e; padding-left: .7rem; }}
</style>
"""
