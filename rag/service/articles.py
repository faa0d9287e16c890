"""`/v1/articles`: listed and read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse, Response
from pydantic_core import to_jsonable_python

from rag.errors import ReadError
from rag.records import Article
from rag.service import samples
from rag.service.filters import WITHOUT_NUL
from rag.service.openapi import record, refusals, says
from rag.service.problems import Problem
from rag.service.searching import Narrowed

if TYPE_CHECKING:
    from rag.archive import Archive

_MOST_LISTED = 200
_FARTHEST = 10_000_000
_LONGEST_ID = 20_000  # characters

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

ArticleId = Annotated[
    str,
    Path(
        description="the id, or the address; slashes and all",
        openapi_examples={"apples": {"value": "harvest"}},
    ),
]


def articles(archive: Archive) -> APIRouter:
    """The routes that list articles and read one."""
    router = APIRouter()

    @router.get(
        "/v1/articles",
        summary="List articles",
        description="Newest first, a page at a time.",
        responses={**refusals(), 200: says("A page.", _LISTED, samples.LISTED)},
        response_class=Response,
    )
    def listed(
        narrowed: Narrowed,
        q: Annotated[
            str,
            Query(max_length=500, description="words that title or text must hold"),
            WITHOUT_NUL,
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
        with there(article_id):
            article = archive.article(archive.identified(article_id))
        return JSONResponse(to_jsonable_python(article))

    return router


@contextmanager
def there(article_id: str) -> Iterator[None]:
    """Do something with an article of the archive.

    Raises:
        Problem: there is none of this id.
    """
    try:
        # PostgreSQL does not look for a NUL, and SQLite compares 50,000 bytes at most.
        if "\0" in article_id or len(article_id) > _LONGEST_ID:
            raise ReadError("no id is like that")
        yield
    except ReadError as error:
        detail = f"There is no article {article_id[:200]!r} in this archive."
        raise Problem(404, "not-found", detail) from error
