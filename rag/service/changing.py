"""`/v1/articles`: added and removed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic_core import to_jsonable_python
from starlette.concurrency import run_in_threadpool

from rag.errors import IndexBusy
from rag.ingest import IngestReport
from rag.service import samples, sent
from rag.service.articles import ArticleId, there
from rag.service.callers import must_write
from rag.service.openapi import record, refusals, says
from rag.service.problems import Problem

if TYPE_CHECKING:
    from rag.archive import Archive

_REMOVED = {
    "type": "object",
    "required": ["removed"],
    "properties": {"removed": {"type": "array", "items": {"type": "string"}}},
}


def changing(archive: Archive) -> APIRouter:
    """The routes that change the archive, one request after the other."""
    router = APIRouter()
    writing = threading.Lock()

    @router.post(
        "/v1/articles",
        summary="Add articles",
        description=(
            "As JSON, or as files in a form. Sending the same twice changes nothing; a changed"
            " article becomes a new version."
        ),
        responses={
            **refusals(400, 409, 415),
            200: says("What was done.", record(IngestReport), samples.REPORT),
        },
        response_class=Response,
        openapi_extra=sent.BODY,
    )
    async def add(request: Request) -> Response:
        must_write(request.scope)
        _own(archive)
        files = await sent.files(request)
        with _alone(writing):
            report = await run_in_threadpool(archive.ingest, files)
        if report.failures and not report.added + report.updated + report.unchanged:
            wrong = [{"where": one.path, "what": one.reason} for one in report.failures]
            raise Problem(422, "unreadable", "Nothing of this can be read.", errors=wrong)
        return JSONResponse(to_jsonable_python(report))

    @router.delete(
        "/v1/articles/{article_id:path}",
        summary="Remove an article",
        description="It is neither read nor found any more; its versions stay in its history.",
        responses={
            **refusals(404, 409),
            200: says("The ids of what was removed.", _REMOVED, {"removed": ["harvest"]}),
        },
        response_class=Response,
    )
    async def remove(request: Request, article_id: ArticleId) -> Response:
        must_write(request.scope)
        _own(archive)
        with _alone(writing), there(article_id):
            removed = await run_in_threadpool(archive.remove, article_id)
        return JSONResponse({"removed": list(removed)})

    return router


def _own(archive: Archive) -> None:
    if archive.is_seeds:
        raise Problem(
            409,
            "seeds",
            "These are the bundled articles, for trying it out: start the server with an archive"
            " of your own (`rag serve --index FOLDER`).",
        )


@contextmanager
def _alone(writing: threading.Lock) -> Iterator[None]:
    """Change the archive while no other request does.

    Raises:
        IndexBusy: one does.
    """
    if not writing.acquire(blocking=False):
        raise IndexBusy("another request is changing the archive")
    try:
        yield
    finally:
        writing.release()
