"""The application: the page, the routes for programs, and the doors before them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.embeddings.cores import cores
from rag.evaluation.desk import SUITES, Desk
from rag.page import mount_page
from rag.service.articles import articles
from rag.service.asking import Answering, asking
from rag.service.bodies import Bodies
from rag.service.changing import changing
from rag.service.completions import completions
from rag.service.doors import Locked, Open
from rag.service.ending import Ending
from rag.service.failures import add_problems
from rag.service.feedback import feedback_route
from rag.service.headers import SafeHeaders
from rag.service.heads import Heads
from rag.service.health import health
from rag.service.login import login
from rag.service.methods import Methods
from rag.service.metrics import Metrics, metrics_route
from rag.service.models import models
from rag.service.openapi import describe
from rag.service.origins import Hosts, SameOrigin
from rag.service.requests import Requests
from rag.service.searching import searching
from rag.service.seats import Seats
from rag.service.sessions import READER, Sessions
from rag.service.tools import PATH as TOOLS, Tools
from rag.service.typed import Typed

if TYPE_CHECKING:
    from rag.archive import Archive
    from rag.settings import Settings

DESCRIPTION = "/v1/openapi.json"

# FastAPI's own traces and logs hold query strings and messages, and so words of questions; and
# its own variables would send them away.
_UNTOLD: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
_MEGABYTE = 1_000_000
# A question with all the turns before it, each with the passages that it cites.
_MOST_ASKED = 4 * _MEGABYTE
# Where files are sent: articles of programs, and those of the page.
_UPLOADS = ("/v1/articles", "/gradio_api/upload", "/upload")
# Answers at once where they mostly wait: for a chat model, an embedding or a database elsewhere.
_WAITING = 8
_PROGRAMS = ("/v1", "/healthz", "/readyz", "/metrics", "/login", "/logout")


def build_app(
    archive: Archive,
    *,
    locked: bool | None = None,
    hosts: Collection[str] = (),
    page: bool = True,
) -> ASGIApp:
    """The application that serves the archive; whoever opened the archive closes it.

    `locked` doors ask for a key or a login; by default they do where there is a password or a
    key. `hosts` are the names it may be called by, none for any. Without the `page` it is for
    programs alone.
    """
    settings = archive.settings
    sessions = sessions_of(settings)
    metrics = Metrics()
    seats = Seats(
        at_once=answers_at_once(settings),
        waiting=settings.answers_waiting,
        seconds=settings.answer_seconds,
    )
    programs = _programs(archive, sessions, seats, metrics)
    if locked is None:
        locked = is_locked(archive)
    shown = Typed(_page(archive, sessions, metrics, locked=locked)) if page else None
    app: ASGIApp = _Rooms(Heads(programs), shown, Tools(archive, seats, metrics))
    upload = settings.upload_megabytes * _MEGABYTE
    app = Bodies(
        app,
        most=_MOST_ASKED,
        seconds=settings.receive_seconds,
        more=dict.fromkeys(_UPLOADS, upload),
    )
    if locked:
        app = Locked(app, lambda: archive.keys, sessions, readers_write=settings.readers_write)
    else:
        app = Open(app)
    return Ending(Requests(SafeHeaders(Hosts(SameOrigin(app), hosts)), metrics))


def answers_at_once(settings: Settings) -> int:
    """How many answers are made at once; more than the processors bear would all take longer."""
    if settings.answers_at_once is not None:
        return settings.answers_at_once
    elsewhere = (settings.chat_model, settings.chat_models, settings.store, settings.chroma)
    if any(elsewhere) or ":" in settings.embedding:
        return _WAITING
    return cores()


def is_locked(archive: Archive) -> bool:
    """Whether there is a password or a key to ask for."""
    settings = archive.settings
    return bool(settings.password or settings.users) or archive.keys.any()


def sessions_of(settings: Settings) -> Sessions | None:
    """Who may log in; None where nobody may."""
    passwords = {name: secret.get_secret_value() for name, secret in settings.users.items()}
    if settings.password:
        passwords[READER] = settings.password.get_secret_value()
    return Sessions(passwords) if passwords else None


class _Rooms:
    """Leads a request to the page or to what is for programs; web sockets to none."""

    def __init__(self, programs: ASGIApp, page: ASGIApp | None, tools: Tools) -> None:
        self._programs = programs
        self._page = page
        self._tools = tools

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            # The page is the one that does something at the start.
            async with self._tools.running():
                await (self._page or self._programs)(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close"})
        elif scope["path"] == TOOLS:
            await self._tools(scope, receive, send)
        elif self._page is None or _is_for_programs(scope["path"]):
            await self._programs(scope, receive, send)
        else:
            scope["dateline.page"] = True
            await self._page(scope, receive, send)


def _is_for_programs(path: str) -> bool:
    return any(path == room or path.startswith(f"{room}/") for room in _PROGRAMS)


def _programs(
    archive: Archive, sessions: Sessions | None, seats: Seats, metrics: Metrics
) -> FastAPI:
    answering = Answering(archive, seats, metrics, logs=archive.settings.log_questions)
    app = FastAPI(
        docs_url=None,
        redoc_url=None,
        openapi_url=DESCRIPTION,
        redirect_slashes=False,
        telemetry=_UNTOLD,
    )
    routers = (
        asking(answering),
        searching(archive, seats),
        articles(archive),
        changing(archive),
        feedback_route(archive),
        completions(answering),
        models(archive.voices),
        health(archive),
        metrics_route(archive, metrics),
        login(sessions),
    )
    for router in routers:
        app.include_router(router)
    add_problems(app, Methods(routers))
    describe(app, routers)
    return app


def _page(
    archive: Archive, sessions: Sessions | None, metrics: Metrics, *, locked: bool
) -> FastAPI:
    """The page with its own routes; a reader of the bundled articles has no suites to review."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, telemetry=_UNTOLD)
    desk = None if archive.is_seeds else Desk(archive.folder / SUITES)
    return mount_page(
        app,
        archive,
        desk,
        may_write=archive.settings.readers_write or not locked,
        may_leave=locked and sessions is not None,
        watch=metrics.watching,
    )
