"""`/v1/ask`: a question answered, at once or as it grows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from datetime import date
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from rag.asking.understanding import LONGEST_QUESTION as LONGEST_ASKED
from rag.records import Answer
from rag.service import events, samples
from rag.service.filters import Day, Limits, Text
from rag.service.kinds import JSON, json_only
from rag.service.openapi import record, refusals, says
from rag.service.options import SentOptions
from rag.service.problems import problem_of
from rag.service.turns import LONGEST_QUESTION, MOST_TURNS, SentTurn, turns_of

if TYPE_CHECKING:
    from rag.archive import Archive
    from rag.service.metrics import Metrics
    from rag.service.seats import Seats

# Days that "last week" can be counted from; calendars end near both ends of the years.
_FIRST_DAY, _LAST_DAY = date(1000, 1, 1), date(9000, 1, 1)

_ANSWER = says("The answer.", record(Answer), samples.ANSWER)
_ANSWER["content"][events.MEDIA_TYPE] = {
    "schema": events.SCHEMA,
    "example": samples.EVENTS,
}


class Asked(BaseModel):
    """A question with what it is asked under."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [samples.ASKED]}
    )

    question: Text = Field(
        max_length=LONGEST_QUESTION, json_schema_extra={"maxLength": LONGEST_ASKED}
    )
    turns: tuple[SentTurn, ...] = Field(
        default=(), max_length=MOST_TURNS, description="the exchanges before it, oldest first"
    )
    filters: Limits = Limits()
    options: SentOptions = SentOptions()
    today: Day | None = Field(
        default=None,
        ge=_FIRST_DAY,
        le=_LAST_DAY,
        description='the day that "last week" counts from; by default the server\'s',
    )
    stream: StrictBool = Field(default=False, description="send events as the answer grows")


class Answering:
    """Answers questions of requests: each takes a seat, and is told to the metrics."""

    def __init__(self, archive: Archive, seats: Seats, metrics: Metrics, *, logs: bool) -> None:
        self._archive = archive
        self._seats = seats
        self._metrics = metrics
        self._logs = logs

    @property
    def voices(self) -> tuple[str, ...]:
        """Who may be asked to answer; the first one does unless told."""
        return self._archive.voices

    async def whole(self, request: Request, asked: Asked) -> Answer:
        """The answer.

        Raises:
            DatelineError, Problem: there is none.
        """
        return await self._seats.last(self._snapshots(request, asked))

    async def growing(self, request: Request, asked: Asked) -> AsyncGenerator[Answer | None, None]:
        """Ever more complete snapshots; None where there is nothing new for long.

        The first comes when the question is understood.

        Raises:
            DatelineError, Problem: there is no answer.
        """
        async with aclosing(self._seats.each(self._snapshots(request, asked))) as snapshots:
            async for snapshot in snapshots:
                if snapshot is None or snapshot.coverage is not None:
                    yield snapshot

    def _snapshots(self, request: Request, asked: Asked) -> Callable[[], Iterator[Answer]]:
        if self._logs:
            request.scope["state"]["question"] = asked.question
        turns = turns_of(asked.turns)
        options = asked.options.options(self.voices)

        def made() -> Iterator[Answer]:
            return self._metrics.watching(
                self._archive.stream(
                    asked.question,
                    turns=turns,
                    filters=asked.filters.filters(),
                    today=asked.today,
                    options=options,
                )
            )

        return made


def asking(answering: Answering) -> APIRouter:
    """The route of `/v1/ask`."""
    router = APIRouter()

    @router.post(
        "/v1/ask",
        summary="Ask a question",
        description=(
            "As JSON the whole answer. With `Accept: text/event-stream` or `stream`, events:"
            " each `answer` holds the members that are new or have changed, so that all of them"
            " put together, later ones over earlier ones, are the answer; then `done`. What goes"
            " wrong on the way is an event `error` with the problem."
        ),
        responses={**refusals(400, 415, 504), 200: _ANSWER},
        response_class=Response,
        dependencies=[Depends(json_only)],
    )
    async def ask(request: Request, asked: Asked) -> Response:
        if not (asked.stream or events.MEDIA_TYPE in request.headers.get("accept", "")):
            answer = await answering.whole(request, asked)
            return Response(json.dumps(answer.to_dict(), ensure_ascii=False), media_type=JSON)
        snapshots = answering.growing(request, asked)
        # Whatever is wrong with the question is known by now, and told by the status.
        first = await anext(snapshots)
        return StreamingResponse(
            _events(request, first, snapshots),
            media_type=events.MEDIA_TYPE,
            headers=events.HEADERS,
        )

    return router


async def _events(
    request: Request, first: Answer | None, rest: AsyncGenerator[Answer | None, None]
) -> AsyncGenerator[bytes, None]:
    sent: dict[str, Any] = {}

    def told(snapshot: Answer | None) -> bytes:
        nonlocal sent
        if snapshot is None:
            return events.ALIVE
        plain = snapshot.to_dict()
        new, sent = events.changes(sent, plain), plain
        return events.event("answer", new)

    try:
        yield told(first)
        async with aclosing(rest):
            async for snapshot in rest:
                yield told(snapshot)
        yield events.event("done", {"request_id": request.scope["state"]["request_id"]})
    except (Exception, asyncio.CancelledError) as error:
        # The status is sent already.
        yield events.event("error", problem_of(error).as_dict(request.scope))
