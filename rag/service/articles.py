"""`/v1/articles`: listed, read, added, removed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import to_jsonable_python
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from rag.errors import IndexBusy, ReadError
from rag.ingest import IngestReport
from rag.reading import File
from rag.records import Article
from rag.service import samples
from rag.service.callers import must_write
from rag.service.filters import LONGEST_NAME, Name, Text
from rag.service.kinds import FORM, JSON, kind_of
from rag.service.openapi import record, refusals, says
from rag.service.problems import Problem
from rag.service.searching import Narrowed

if TYPE_CHECKING:
    from rag.archive import Archive

_MOST_LISTED = 200
_FARTHEST = 10_000_000
_MOST_SENT = 10_000
_MOST_FILES = 100

_LISTED = {
    "type": "object",
    "required": ["total", "articles", "next"],
    "properties": {
        "total": {"type": "integer"},
        "articles": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["source", "version", "passages"],
                "properties": {
                    "source": {"$ref": "#/components/schemas/Source"},
                    "version": {"type": "integer"},
                    "passages": {"type": "integer"},
                    "stored": {"type": ["string", "null"]},
                    "copies": {
                        "type": "array",
                        "items": {"$ref": "#/components/schemas/Source"},
                    },
                },
            },
        },
        "next": {"type": ["integer", "null"], "description": "`skip` of the next page"},
    },
}
_REMOVED = {
    "type": "object",
    "required": ["removed"],
    "properties": {"removed": {"type": "array", "items": {"type": "string"}}},
}

ArticleId = Annotated[
    str,
    Path(
        description="the id, or the address; slashes and all",
        openapi_examples={"apples": {"value": "harvest"}},
    ),
]


class SentArticle(BaseModel):
    """An article to add. Without id and url it is known by its words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Text = Field(min_length=1)
    id: Name | None = None
    title: Text | None = None
    publisher: Text | None = None
    published: date | None = None
    url: Name | None = None
    author: Text | None = None
    modified: date | None = None
    language: Text | None = None


class SentArticles(BaseModel):
    """Articles to add; those that are there already with the same content stay as they are."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    articles: tuple[SentArticle, ...] = Field(min_length=1, max_length=_MOST_SENT)


_SENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {
                "schema": SentArticles.model_json_schema(
                    ref_template="#/components/schemas/{model}"
                ),
                "example": {"articles": [samples.SENT_ARTICLE]},
            },
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "description": "files of any kind that `rag ingest` reads",
                        }
                    },
                },
            },
        },
    }
}
_SENT["requestBody"]["content"][JSON]["schema"]["$defs"] = {}


def article_routes(archive: Archive) -> APIRouter:
    """The routes of `/v1/articles`."""
    router = APIRouter()
    writing = threading.Lock()

    @router.get(
        "/v1/articles",
        summary="List articles",
        description="Newest first, a page at a time.",
        responses={
            **refusals(),
            200: says(
                "A page.",
                _LISTED,
                {
                    "total": 1,
                    "articles": [
                        {
                            "source": samples.SOURCE,
                            "version": 1,
                            "passages": 1,
                            "stored": "2024-09-20T08:00:00",
                            "copies": [],
                        }
                    ],
                    "next": None,
                },
            ),
        },
        response_class=Response,
    )
    def listed(
        narrowed: Narrowed,
        q: Annotated[
            Text, Query(max_length=500, description="words that title or text must hold")
        ] = "",
        limit: Annotated[int, Query(ge=1, le=_MOST_LISTED)] = 50,
        skip: Annotated[int, Query(ge=0, le=_FARTHEST)] = 0,
    ) -> Response:
        total, page = archive.listing(narrowed, q, limit=limit, skip=skip)
        plain = [
            {
                "source": one.source,
                "version": one.version,
                "passages": one.passages,
                "stored": one.stored,
                "copies": one.copies,
            }
            for one in page
        ]
        after = skip + len(page)
        following = after if page and after < total else None
        return JSONResponse(
            to_jsonable_python({"total": total, "articles": plain, "next": following})
        )

    @router.get(
        "/v1/articles/{article_id:path}",
        summary="Read an article",
        responses={
            **refusals(404),
            200: says("The newest version.", record(Article), samples.ARTICLE),
        },
        response_class=Response,
    )
    def read(article_id: ArticleId) -> Response:
        with _there(article_id):
            article = archive.article(archive.identified(article_id))
        return JSONResponse(to_jsonable_python(article))

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
        openapi_extra=_SENT,
    )
    async def add(request: Request) -> Response:
        must_write(request.scope)
        _own(archive)
        files = await _files(request)
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
        with _alone(writing), _there(article_id):
            removed = await run_in_threadpool(archive.remove, article_id)
        return JSONResponse({"removed": list(removed)})

    return router


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


@contextmanager
def _there(article_id: str) -> Iterator[None]:
    try:
        if "\0" in article_id or len(article_id) > LONGEST_NAME:
            raise ReadError("no id is like that")
        yield
    except ReadError as error:
        detail = f"There is no article {article_id[:200]!r} in this archive."
        raise Problem(404, "not-found", detail) from error


def _own(archive: Archive) -> None:
    if archive.is_seeds:
        raise Problem(
            409,
            "seeds",
            "These are the bundled articles, for trying it out: start the server with an archive"
            " of your own (`rag serve --index FOLDER`).",
        )


async def _files(request: Request) -> list[File]:
    """What was sent, as files to read.

    Raises:
        Problem: it is neither JSON nor a form with files.
    """
    kind = kind_of(request)
    if kind == JSON:
        body = await request.body()
        # Many articles take a while to read, in which others are answered.
        return [await run_in_threadpool(lambda: _as_file(_sent(body).articles))]
    if kind != FORM:
        raise Problem(415, "format", f"Send {JSON}, or files as {FORM}.")
    async with request.form(max_files=_MOST_FILES) as form:
        uploads = [part for _, part in form.multi_items() if isinstance(part, UploadFile)]
        if not uploads:
            raise Problem(422, "invalid", "The form holds no file.")
        return [File.of_bytes(_name(part), await part.read()) for part in uploads]


def _sent(body: bytes) -> SentArticles:
    try:
        plain = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "malformed", "The body is not JSON.") from error
    try:
        return SentArticles.model_validate(plain)
    except ValidationError as error:
        raise RequestValidationError(
            [{**item, "loc": ("body", *item["loc"])} for item in error.errors()]
        ) from error


def _as_file(articles: Iterable[SentArticle]) -> File:
    lines = (one.model_dump_json(exclude_none=True) for one in articles)
    return File.of_bytes("articles.jsonl", "\n".join(lines).encode())


def _name(upload: UploadFile) -> str:
    """The name that the sender gave the file, without folders of theirs."""
    return PurePosixPath((upload.filename or "").replace("\\", "/")).name or "upload"
