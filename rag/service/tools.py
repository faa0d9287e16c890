"""`/mcp`: the archive's tools for programs that speak the Model Context Protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, TypeVar

from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.errors import DatelineError
from rag.records import Answer, Article, Filters, Hit
from rag.service.problems import Problem, problem_of
from rag.toolbox import toolbox

if TYPE_CHECKING:
    from rag.archive import Archive
    from rag.service.metrics import Metrics
    from rag.service.seats import Seats

_Item = TypeVar("_Item")

PATH = "/mcp"


class Tools:
    """The tools over HTTP; each request stands alone, so that any worker or replica serves it."""

    def __init__(self, archive: Archive, seats: Seats, metrics: Metrics) -> None:
        self._server = toolbox(Seated(archive, seats, metrics))
        self._app: ASGIApp = self._server.streamable_http_app(
            streamable_http_path=PATH,
            stateless_http=True,
            json_response=True,
            # The doors look at hosts and origins already, and know the names it is reached by.
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            await self._app(scope, receive, send)
            return
        # To GET the library would open a stream on which nothing ever comes.
        detail = f"{scope['method']} does nothing here."
        refusal = Problem(405, "method", detail, headers={"Allow": "POST"})
        await refusal.response(scope)(scope, receive, send)

    def running(self) -> AbstractAsyncContextManager[None]:
        """To be held as long as the application serves."""
        return self._server.session_manager.run()


class Seated:
    """Reads the archive for many: a question takes a seat, like any other, and is counted."""

    def __init__(self, archive: Archive, seats: Seats, metrics: Metrics) -> None:
        self._archive = archive
        self._seats = seats
        self._metrics = metrics

    async def ask(self, question: str, filters: Filters) -> Answer:
        return await self._last(
            lambda: self._metrics.watching(self._archive.stream(question, filters=filters))
        )

    async def search(self, words: str, limit: int, filters: Filters) -> tuple[Hit, ...]:
        return await self._last(
            lambda: iter([self._archive.search(words, limit=limit, filters=filters)])
        )

    async def article(self, article_id: str) -> Article:
        try:
            return await asyncio.to_thread(self._archive.article, article_id)
        except DatelineError as error:
            raise _told(error) from error

    async def _last(self, items: Callable[[], Iterator[_Item]]) -> _Item:
        try:
            return await self._seats.last(items)
        except (Problem, DatelineError) as error:
            raise _told(error) from error


def _told(error: Problem | DatelineError) -> ToolError:
    """The error in the words that any caller may read."""
    return ToolError(problem_of(error).detail)
