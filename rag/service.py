"""The server: the page at `/` and a sign of life at `/healthz`, on one FastAPI application."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.errors import SettingsError
from rag.evaluation.desk import SUITES, Desk
from rag.page import mount_page

if TYPE_CHECKING:
    from rag.archive import Archive

# The browser itself refuses what the page never wants: any request to another host, and being
# framed by another page. Gradio's templates need inline scripts and eval.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; frame-ancestors 'self'; base-uri 'self'; "
    "form-action 'self'; object-src 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_SECONDS_TO_FINISH = 2  # for answers under way when the server is told to stop


class _SafeHeaders:
    """Puts the safety headers on every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, send_safely)


def build_app(archive: Archive) -> FastAPI:
    """The application that serves the archive; whoever opened the archive closes it."""
    app = FastAPI(title="Dateline", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(_SafeHeaders)

    @app.get("/healthz")
    def healthz() -> dict[str, str | int]:
        return {"status": "ok", "articles": archive.status().articles}

    # A reader of the bundled articles has no suites of their own.
    desk = None if archive.is_seeds else Desk(archive.folder / SUITES)
    return mount_page(app, archive, desk)


def serve(
    archive: Archive,
    host: str = "127.0.0.1",
    port: int = 7860,
    *,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the archive until stopped; `ready` gets the line that says where, else it is printed.

    Port 0 takes any free port.

    Raises:
        SettingsError: the address cannot be listened on, with what to do.
    """
    listening = _listen(host, port)
    taken = listening.getsockname()[1]
    app = build_app(archive)
    shown = f"[{host}]" if ":" in host else host
    where = f"Dateline is at http://{shown}:{taken} (stop it with Ctrl-C)"
    if ready:
        ready(where)
    else:
        print(where, flush=True)
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=_SECONDS_TO_FINISH)
    with suppress(KeyboardInterrupt):  # how a reader is told to stop it; uvicorn has by now
        uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address, so that a taken port is known before anything is built."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise SettingsError(
            f"cannot listen on {host}:{port} ({error.args[-1]}): stop what listens there, or "
            "choose another port with `rag serve --port N`"
        ) from error
    return listening
