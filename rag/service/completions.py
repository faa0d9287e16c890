"""`/v1/chat/completions`: the archive asked as a chat model is, by OpenAI's clients."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from rag.records import Answer, Citation
from rag.render import card, flat
from rag.service import events
from rag.service.kinds import json_only
from rag.service.messages import SOURCES, Completion
from rag.service.models import MODEL
from rag.service.openapi import refusals, says
from rag.service.problems import problem_of

if TYPE_CHECKING:
    from rag.service.asking import Answering

_REPLACED = "\n\nThis was replaced by:\n\n"

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


def completions(answering: Answering) -> APIRouter:
    """The route that OpenAI's clients ask."""
    router = APIRouter()

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
        asked = sent.asked(answering.voices)
        if not sent.stream:
            answer = await answering.whole(request, asked)
            return JSONResponse(_whole(answer, sent.model))
        snapshots = answering.growing(request, asked)
        first = await anext(snapshots)
        return StreamingResponse(
            _chunks(request, first, snapshots, sent),
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
    return answer.text + (SOURCES + "\n".join(lines) if lines else "")


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


def _head(kind: str, model: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": kind,
        "created": int(time.time()),
        "model": model,
    }


def _whole(answer: Answer, model: str) -> dict[str, Any]:
    message = {
        "role": "assistant",
        "content": _content(answer),
        "refusal": None,
        "citations": _citations(answer),
    }
    choice = {"index": 0, "finish_reason": "stop", "logprobs": None, "message": message}
    return {**_head("chat.completion", model), "choices": [choice], "usage": _usage(answer)}


async def _chunks(
    request: Request,
    first: Answer | None,
    rest: AsyncGenerator[Answer | None, None],
    sent: Completion,
) -> AsyncGenerator[bytes, None]:
    head, told, last = _head("chat.completion.chunk", sent.model), "", first
    wants_usage = sent.stream_options is not None and sent.stream_options.include_usage

    def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return events.message({**head, "choices": [choice]})

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
                if said != told:
                    new = said[len(told) :] if said.startswith(told) else _REPLACED + said
                    told = said
                    yield chunk({"content": new})
        assert last is not None
        yield chunk({"citations": _citations(last)}, "stop")
        if wants_usage:
            yield events.message({**head, "choices": [], "usage": _usage(last)})
        yield b"data: [DONE]\n\n"
    except (Exception, asyncio.CancelledError) as error:
        yield events.message(problem_of(error).as_dict(request.scope))
