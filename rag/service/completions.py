"""`/v1/chat/completions` and `/v1/models`: the archive as a model, for OpenAI's clients."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from rag.records import Answer, Citation
from rag.render import card, flat
from rag.service import events
from rag.service.asking import Asked
from rag.service.filters import Text
from rag.service.kinds import json_only
from rag.service.openapi import refusals, says
from rag.service.problems import Problem, problem_of
from rag.service.turns import MOST_TURNS, SentTurn

if TYPE_CHECKING:
    from rag.service.asking import Answering

MODEL = "dateline"
_SOURCES = "\n\nSources:\n"
_REPLACED = "\n\nThis was replaced by:\n\n"
_MOST_MESSAGES = 200
_LONGEST_ASKED = 2_000  # characters read of earlier questions
_LONGEST = 100_000  # characters of a message: answers with their sources come back

_SAMPLE: dict[str, Any] = {
    "model": MODEL,
    "messages": [{"role": "user", "content": "How many tonnes of apples are expected?"}],
}
_COMPLETION = {
    "type": "object",
    "required": ["id", "object", "created", "model", "choices", "usage"],
    "properties": {
        "id": {"type": "string"},
        "object": {"const": "chat.completion"},
        "created": {"type": "integer"},
        "model": {"type": "string"},
        "choices": {"type": "array", "items": {"type": "object"}},
        "usage": {"type": "object"},
    },
}
_COMPLETED: dict[str, Any] = {
    "id": "chatcmpl-5f0c6a4b",
    "object": "chat.completion",
    "created": 1726800000,
    "model": MODEL,
    "choices": [
        {
            "index": 0,
            "finish_reason": "stop",
            "message": {
                "role": "assistant",
                "content": "The growers' association expects 9,200 tonnes, … [1]",
                "citations": [{"marker": 1, "article_id": "harvest", "quote": "The growers' …"}],
            },
        }
    ],
    "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
}
_MODEL = {"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}
_MODELS = {
    "type": "object",
    "required": ["object", "data"],
    "properties": {
        "object": {"const": "list"},
        "data": {"type": "array", "items": {"type": "object"}},
    },
}


class Part(BaseModel):
    """A part of a message; only texts are read."""

    type: str
    text: Text = Field(default="", max_length=_LONGEST)


class Message(BaseModel):
    """A message; those of the system are not for an archive, and are passed over."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: (
        Annotated[Text, Field(max_length=_LONGEST)]
        | Annotated[tuple[Part, ...], Field(max_length=_MOST_MESSAGES)]
        | None
    ) = None

    @property
    def text(self) -> str:
        """The words of the message."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or () if part.type == "text")


class Wanted(BaseModel):
    """What to stream beside the answer."""

    include_usage: bool = False


class Completion(BaseModel):
    """What OpenAI's clients send; what means nothing to an archive is passed over."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SAMPLE]})

    model: Text = Field(max_length=200)
    messages: tuple[Message, ...] = Field(min_length=1, max_length=_MOST_MESSAGES)
    stream: bool = False
    stream_options: Wanted | None = None

    def asked(self) -> Asked:
        """The last message as a question, those before it as turns.

        Raises:
            Problem: the last message is not the user's, or has no words of theirs.
        """
        said = [message for message in self.messages if message.role in ("user", "assistant")]
        if not said or said[-1].role != "user":
            raise Problem(422, "messages", "The last message must be the user's question.")
        turns = [
            SentTurn.model_construct(
                question=asked.text[:_LONGEST_ASKED], answer=answered.text.split(_SOURCES)[0]
            )
            for asked, answered in pairwise(said)
            if (asked.role, answered.role) == ("user", "assistant")
        ]
        # Longer questions are refused by the archive itself, with what to do.
        return Asked.model_construct(question=said[-1].text, turns=tuple(turns[-MOST_TURNS:]))


def completions(answering: Answering) -> APIRouter:
    """The routes that OpenAI's clients ask."""
    router = APIRouter()

    @router.get(
        "/v1/models",
        summary="List models",
        description="There is one: the archive.",
        responses={
            **refusals(),
            200: says("The models.", _MODELS, {"object": "list", "data": [_MODEL]}),
        },
        response_class=Response,
    )
    def models() -> Response:
        return JSONResponse({"object": "list", "data": [_MODEL]})

    @router.get(
        f"/v1/models/{MODEL}",
        summary="Describe the model",
        responses={**refusals(), 200: says("The model.", {"type": "object"}, _MODEL)},
        response_class=Response,
    )
    def model() -> Response:
        return JSONResponse(_MODEL)

    @router.post(
        "/v1/chat/completions",
        summary="Ask as a chat model is asked",
        description=(
            "OpenAI's protocol. The content is the answer with its markers and a list of the"
            " sources; `citations` of the message hold the same for programs."
        ),
        responses={**refusals(400, 404, 415, 504), 200: _completion_response()},
        response_class=Response,
        dependencies=[Depends(json_only)],
    )
    async def complete(request: Request, sent: Completion) -> Response:
        if sent.model != MODEL:
            raise Problem(404, "model", f"There is one model here: {MODEL!r}.")
        asked = sent.asked()
        if not sent.stream:
            answer = await answering.whole(request, asked)
            return JSONResponse(_whole(answer))
        snapshots = answering.growing(request, asked)
        first = await anext(snapshots)
        wants_usage = bool(sent.stream_options and sent.stream_options.include_usage)
        return StreamingResponse(
            _chunks(request, first, snapshots, wants_usage),
            media_type=events.MEDIA_TYPE,
            headers=events.HEADERS,
        )

    return router


def _completion_response() -> dict[str, Any]:
    described = says("The answer.", _COMPLETION, _COMPLETED)
    described["content"][events.MEDIA_TYPE] = {"schema": events.SCHEMA}
    return described


def _content(answer: Answer) -> str:
    """The answer in words, with the sources it cites."""
    said = {claim.text for claim in answer.claims}
    lines = [_source(citation, said) for citation in answer.citations]
    return answer.text + (_SOURCES + "\n".join(lines) if lines else "")


def _source(citation: Citation, said: Collection[str]) -> str:
    """The source's card, with the quote unless the answer says that already."""
    line = f"[{citation.marker}] {card(citation.source)}"
    quote = citation.quote.text
    return line if quote in said else f"{line}: “{flat(quote)}”"


def _citations(answer: Answer) -> list[dict[str, Any]]:
    return [
        {
            "marker": one.marker,
            "quote": one.quote.text,
            "article_id": one.source.article_id,
            "title": one.source.title,
            "publisher": one.source.publisher,
            "published": one.source.published and one.source.published.isoformat(),
            "url": one.source.url,
        }
        for one in answer.citations
    ]


def _usage(answer: Answer) -> dict[str, int]:
    """The tokens that a chat model took; without one none are."""
    used = answer.usage
    read, written = (used.read, used.written) if used else (0, 0)
    return {
        "prompt_tokens": read,
        "completion_tokens": written,
        "total_tokens": read + written,
    }


def _head(kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": kind,
        "created": int(time.time()),
        "model": MODEL,
    }


def _whole(answer: Answer) -> dict[str, Any]:
    message = {
        "role": "assistant",
        "content": _content(answer),
        "refusal": None,
        "citations": _citations(answer),
    }
    choice = {"index": 0, "finish_reason": "stop", "logprobs": None, "message": message}
    return {**_head("chat.completion"), "choices": [choice], "usage": _usage(answer)}


async def _chunks(
    request: Request,
    first: Answer | None,
    rest: AsyncGenerator[Answer | None, None],
    wants_usage: bool,
) -> AsyncGenerator[bytes, None]:
    head, sent, last = _head("chat.completion.chunk"), "", first

    def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _data({**head, "choices": [choice]})

    try:
        yield chunk({"role": "assistant", "content": ""})
        async with aclosing(rest):
            async for snapshot in rest:
                if snapshot is None:
                    yield events.ALIVE
                    continue
                last = snapshot
                # Whether it abstains, and what its sources are, is known at the end.
                said = _content(snapshot) if snapshot.complete else snapshot.text
                if not snapshot.complete and snapshot.abstained:
                    continue
                if said != sent:
                    new = said[len(sent) :] if said.startswith(sent) else _REPLACED + said
                    sent = said
                    yield chunk({"content": new})
        assert last is not None
        yield chunk({"citations": _citations(last)}, "stop")
        if wants_usage:
            yield _data({**head, "choices": [], "usage": _usage(last)})
        yield b"data: [DONE]\n\n"
    except Exception as error:
        yield _data(problem_of(error).as_dict(request.scope))


def _data(plain: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(plain, ensure_ascii=False)}\n\n".encode()
