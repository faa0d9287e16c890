"""Who a reader is: a login, else a token in a cookie that only the server sees."""

from __future__ import annotations

import asyncio
import hashlib
from http.cookies import SimpleCookie
from types import SimpleNamespace
from typing import Any

import pytest

from rag.page.readers import COOKIE, Readers, reader_of

TOKEN = "a" * 43


def opened(path: str = "/", *, cookie: str = "", scheme: str = "http", method: str = "GET") -> Any:
    """The cookie that a browser is given when it asks for the path; None for none."""
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"cookie", cookie.encode())] if cookie else []
    scope = {
        "type": "http",
        "path": path,
        "method": method,
        "scheme": scheme,
        "headers": headers,
    }
    asyncio.run(Readers(app)(scope, None, send))  # type: ignore[arg-type]
    set_cookie = dict(sent[0]["headers"]).get(b"set-cookie")
    return SimpleCookie(set_cookie.decode())[COOKIE] if set_cookie else None


def asking(cookie: str = "", login: str | None = None) -> Any:
    state = SimpleNamespace(reader=login) if login else SimpleNamespace()
    return SimpleNamespace(headers={"cookie": cookie}, state=state)


def test_first_visit() -> None:
    """A new browser gets a token of its own, out of reach of scripts and other pages."""
    first, second = opened(), opened()

    assert first.value != second.value
    assert len(first.value) == len(TOKEN)
    assert first["httponly"]
    assert first["samesite"] == "Lax"
    assert not first["secure"]


def test_known_browser_keeps_its_token() -> None:
    """A token that is known stays; what is none of ours is replaced."""
    assert opened(cookie=f"other=1; {COOKIE}={TOKEN}").value == TOKEN
    assert opened(cookie=f"{COOKIE}=short").value != "short"


def test_https() -> None:
    """Over https the token never goes over anything else."""
    assert opened(scheme="https")["secure"]


@pytest.mark.parametrize(("path", "method"), [("/assets/a.js", "GET"), ("/", "POST")])
def test_only_with_the_page(path: str, method: str) -> None:
    """What the page loads beside itself brings no token: each would bring another."""
    assert opened(path, method=method) is None


def test_name() -> None:
    """A reader is known by the hash of the token, whoever logged in by name."""
    cookie = f"{COOKIE}={TOKEN}"

    assert reader_of(asking(cookie)) == f"browser {hashlib.sha256(TOKEN.encode()).hexdigest()}"
    assert reader_of(asking(cookie, login="ines")) == "user ines"
    assert reader_of(asking()) is None
    assert reader_of(None) is None


def test_shared_password_is_no_name() -> None:
    """Those who log in by one password for all are told apart by their browsers."""
    cookie = f"{COOKIE}={TOKEN}"

    assert reader_of(asking(cookie, login="reader")) == reader_of(asking(cookie))
    assert reader_of(asking(login="reader")) is None
