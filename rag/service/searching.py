"""`/v1/search`: the best passages for a few words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError
from pydantic_core import to_jsonable_python

from rag.asking.understanding import LONGEST_QUESTION as LONGEST_ASKED
from rag.records import Filters, Hit
from rag.service import samples
from rag.service.failures import worded
from rag.service.filters import WITHOUT_NUL, Day, Limits, Name
from rag.service.openapi import record, refusals, says
from rag.service.problems import Problem
from rag.service.turns import LONGEST_QUESTION

if TYPE_CHECKING:
    from rag.archive import Archive
    from rag.service.seats import Seats

_MOST_HITS = 100
_HITS = {
    "type": "object",
    "required": ["hits"],
    "properties": {"hits": {"type": "array", "items": record(Hit)}},
}


def asked_filters(
    since: Day | None = None,
    until: Day | None = None,
    publisher: Annotated[list[Name], Query(description="any of these")] = [],  # noqa: B006
) -> Filters:
    """The filters of a query string.

    Raises:
        Problem: they contradict each other, or are too many.
    """
    try:
        return Limits(since=since, until=until, publishers=tuple(publisher)).filters()
    except ValidationError as error:
        raise Problem(422, "invalid", worded(error.errors()[0])) from error


Narrowed = Annotated[Filters, Depends(asked_filters)]


def searching(archive: Archive, seats: Seats) -> APIRouter:
    """The route of `/v1/search`."""
    router = APIRouter()

    @router.get(
        "/v1/search",
        summary="Find passages",
        description="The best passages for a question or a few words, best first.",
        responses={
            **refusals(504),
            200: says("What was found.", _HITS, {"hits": [samples.HIT]}),
        },
        response_class=Response,
    )
    async def search(
        narrowed: Narrowed,
        q: Annotated[
            str,
            Query(
                max_length=LONGEST_QUESTION,
                json_schema_extra={"maxLength": LONGEST_ASKED},
                description="a question or words",
                openapi_examples={"apples": {"value": "apple harvest"}},
            ),
            WITHOUT_NUL,
        ],
        limit: Annotated[int, Query(ge=1, le=_MOST_HITS)] = 10,
    ) -> Response:
        def found() -> Iterator[list[Any]]:
            yield to_jsonable_python(archive.search(q, limit=limit, filters=narrowed))

        return JSONResponse({"hits": await seats.last(found)})

    return router
