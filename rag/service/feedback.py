"""`/v1/feedback`: a reader's word on an answer."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from rag import recorded
from rag.errors import ReadError
from rag.records import Answer
from rag.remarks import Reason, Remark
from rag.service.callers import caller_of
from rag.service.filters import Text
from rag.service.kinds import json_only
from rag.service.openapi import refusals, says
from rag.service.problems import Problem
from rag.service.turns import LONGEST_QUESTION, sane

if TYPE_CHECKING:
    from rag.archive import Archive

_LONGEST = 10_000  # characters
_GIVEN = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}


class Why(enum.StrEnum):
    """Why a reader speaks up."""

    HELPFUL = "helpful"
    UNSUPPORTED = "unsupported"  # the quote does not support this
    MISSING = "missing"  # an article is missing
    OUTDATED = "outdated"
    WRONG = "wrong"


class SentRemark(BaseModel):
    """A remark on an answer, or on the one `claim` of it that is meant."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "question": "Who captains the ferry?",
                    "reason": "outdated",
                    "remark": "Leo Marsh retired in May.",
                }
            ]
        },
    )

    question: Text = Field(min_length=1, max_length=LONGEST_QUESTION)
    reason: Why
    remark: Text = Field(default="", max_length=_LONGEST)
    claim: Text | None = Field(default=None, max_length=_LONGEST, description="its text")
    answer: Annotated[dict[str, Any] | None, AfterValidator(sane)] = Field(
        default=None, description="as `/v1/ask` gave it, with its receipt"
    )

    def record(self) -> Remark:
        """The record of the house.

        Raises:
            Problem: the answer is none of ours.
        """
        return Remark(
            reason=Reason[self.reason.name],
            question=self.question,
            answer=_answer(self.answer) if self.answer else None,
            claim=self.claim,
            words=self.remark,
        )


def feedback_route(archive: Archive) -> APIRouter:
    """The route of `/v1/feedback`."""
    router = APIRouter()

    @router.post(
        "/v1/feedback",
        summary="Say what you think of an answer",
        responses={
            **refusals(400, 415),
            201: says("It is kept.", _GIVEN, {"id": "9f86d081884c7d65"}),
        },
        status_code=201,
        response_class=Response,
        dependencies=[Depends(json_only)],
    )
    def give(request: Request, sent: SentRemark) -> Response:
        given = archive.feedback.give(sent.record(), reader=caller_of(request.scope).name)
        return JSONResponse({"id": given}, 201)

    return router


def _answer(plain: dict[str, Any]) -> Answer:
    try:
        return recorded.answer(plain)
    except ReadError as error:
        raise Problem(422, "answer", "The answer is not as `/v1/ask` gives it.") from error
