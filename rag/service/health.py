"""Signs of life: that the process answers, and that it could answer a question."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from rag.errors import DatelineError
from rag.service.openapi import refusals, says
from rag.service.problems import SECONDS_UNTIL_BACK, Problem

if TYPE_CHECKING:
    from rag.archive import Archive

_log = logging.getLogger(__name__)

_SECONDS_BETWEEN = 1.0
_STATUS = {
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"type": "string"}},
}


def health(archive: Archive) -> APIRouter:
    """`/healthz` and `/readyz`; neither asks who is there."""
    router = APIRouter()
    looked = _Looked(archive)

    @router.get(
        "/healthz",
        summary="Is it alive?",
        description="Asks neither the store nor the index.",
        responses={200: says("It is.", _STATUS, {"status": "ok"}), **refusals()},
        response_class=Response,
    )
    async def healthz() -> Response:
        return JSONResponse({"status": "ok"})

    @router.get(
        "/readyz",
        summary="Can it answer?",
        description="Searches the store and the index; 503 while one of them is away, and which.",
        responses={200: says("It can.", _STATUS, {"status": "ready"}), **refusals()},
        response_class=Response,
    )
    def readyz() -> Response:
        looked.see()
        return JSONResponse({"status": "ready"})

    return router


class _Looked:
    """Looks whether the archive can answer; a second later at the earliest once more.

    Everybody may ask, and looking costs a search.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._seen = float("-inf")
        self._turn = threading.Lock()

    def see(self) -> None:
        """See that it can.

        Raises:
            Problem: it cannot; says which part is away, and not where it is.
        """
        with self._turn:
            if time.monotonic() - self._seen < _SECONDS_BETWEEN:
                return
            with _looking("The store of articles cannot be read"):
                self._archive.generation()
            with _looking("The articles are there, but cannot be searched"):
                self._archive.probe()
            self._seen = time.monotonic()


@contextmanager
def _looking(what: str) -> Iterator[None]:
    try:
        yield
    except DatelineError as error:
        _log.error("not ready: %s: %s", type(error).__name__, error)
        later = {"Retry-After": str(SECONDS_UNTIL_BACK)}
        detail = f"{what} now; the server's log says why."
        raise Problem(503, "unavailable", detail, headers=later) from error
