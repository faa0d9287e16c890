"""Signs of life: that the process answers, and that it could answer a question."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from rag.service.openapi import refusals, says

if TYPE_CHECKING:
    from rag.archive import Archive

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
        description="Searches the store and the index; 503 while one of them is away.",
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
            DatelineError: it cannot.
        """
        with self._turn:
            if time.monotonic() - self._seen >= _SECONDS_BETWEEN:
                self._archive.probe()
                self._seen = time.monotonic()
