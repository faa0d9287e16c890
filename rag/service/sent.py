"""Articles as programs send them: as JSON, or as files in a form."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import PurePosixPath
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from rag.reading import File
from rag.service import samples
from rag.service.filters import Day, Name, Text
from rag.service.kinds import FORM, JSON, kind_of
from rag.service.problems import Problem

_MOST_SENT = 10_000
_MOST_FILES = 100


class SentArticle(BaseModel):
    """An article to add. Without id and url it is known by its words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Text = Field(min_length=1)
    id: Name | None = None
    title: Text | None = None
    publisher: Text | None = None
    published: Day | None = None
    url: Name | None = None
    author: Text | None = None
    modified: Day | None = None
    language: Text | None = None


class SentArticles(BaseModel):
    """Articles to add; those that are there already with the same content stay as they are."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    articles: list[SentArticle] = Field(min_length=1, max_length=_MOST_SENT)


def _schema() -> dict[str, Any]:
    """The schema of what is sent as JSON, whole: nothing else of the description refers to it."""
    whole = SentArticles.model_json_schema()
    whole["properties"]["articles"]["items"] = whole.pop("$defs")[SentArticle.__name__]
    return whole


# What a request to add articles holds, for the description of the service.
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {"schema": _schema(), "example": {"articles": [samples.SENT_ARTICLE]}},
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


async def files(request: Request) -> list[File]:
    """What was sent, as files to read.

    Raises:
        Problem, RequestValidationError: it is neither JSON nor a form with files.
    """
    kind = kind_of(request)
    if kind == JSON:
        body = await request.body()
        # Many articles take a while to read, in which others are answered.
        return [await run_in_threadpool(lambda: _as_file(_sent(body).articles))]
    if kind != FORM:
        raise Problem(415, "format", f"Send {JSON}, or files as {FORM}.")
    async with _form(request) as form:
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


@asynccontextmanager
async def _form(request: Request) -> AsyncIterator[FormData]:
    try:
        form = await request.form(max_files=_MOST_FILES)
    except HTTPException as error:
        raise Problem(400, "malformed", f"The form cannot be read: {error.detail}") from error
    try:
        yield form
    finally:
        await form.close()


def _name(upload: UploadFile) -> str:
    """The name that the sender gave the file, without folders of theirs and what is no letter."""
    shown = "".join(letter for letter in upload.filename or "" if letter.isprintable())
    return PurePosixPath(shown.replace("\\", "/")).name or "upload"
