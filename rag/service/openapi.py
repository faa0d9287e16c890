"""The description of the service for programs: OpenAPI, with an example of everything."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from rag.ingest import IngestReport
from rag.records import Answer, Article, Citation, Hit, Source
from rag.service import problems

_VERSION = "1"
_ABOUT = (
    "Answers from a news archive: every sentence is an exact quote from a dated article, or the"
    " plain statement that the archive does not say. Errors are `application/problem+json`."
)
_RECORDS = (Answer, Article, Hit, Source, IngestReport)
_REFS = "#/components/schemas/{model}"

Responses = dict[int | str, dict[str, Any]]

_PROBLEM: Mapping[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "What went wrong (RFC 9457); `type` ends in a name for programs.",
    "required": ["type", "title", "status", "detail", "instance", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"where": {"type": "string"}, "what": {"type": "string"}},
            },
        },
        "error": {"type": "object", "description": "for OpenAI's clients"},
    },
}
# By status: when it comes, what it is called in `type`, and what it says.
_STATUSES: Mapping[int, tuple[str, str, str]] = {
    400: ("The body is not JSON.", "malformed", "The body is not JSON."),
    401: ("No key, or one that is not good (any more).", "key", "This key is not known here, …"),
    403: ("The caller may not do this.", "read-only", "This needs a key that may write: …"),
    404: ("It is not there.", "not-found", "There is no article 'harvest' in this archive."),
    405: ("Another method is meant.", "method", "PUT does nothing here."),
    408: ("The request came too slowly.", "slow", "The rest of the request did not come in time."),
    409: ("The archive is not one's own.", "seeds", "These are the bundled articles: …"),
    413: ("The request is too long.", "too-long", "The request is longer than the 2,000,000 …"),
    415: ("The body is of another kind.", "format", "Send application/json."),
    421: ("The server does not go by that name.", "host", "This server does not go by that …"),
    422: ("The request cannot be understood.", "question", "the question holds no words: '?'"),
    429: ("Too many requests; `Retry-After` says when.", "rate", "This key is good for 60 …"),
    431: ("The head is too long.", "head-too-long", "A head may have 64,000 bytes."),
    500: ("The server is at fault.", "unforeseen", "Something went wrong; the server's log …"),
    503: ("Not now; `Retry-After` says when.", "unavailable", "The archive cannot be reached …"),
    504: ("It took too long.", "too-slow", "The answer took too long and was given up."),
}
# What may be said to any request.
_ALWAYS = (401, 403, 408, 413, 421, 422, 429, 431, 500, 503)


def refusals(*statuses: int) -> Responses:
    """The problems that an operation may answer with, beside those that any may."""
    return {status: _refusal(status) for status in sorted({*_ALWAYS, *statuses})}


def says(description: str, schema: Mapping[str, Any], example: Any) -> dict[str, Any]:
    """A response of JSON values."""
    return {
        "description": description,
        "content": {"application/json": {"schema": dict(schema), "example": example}},
    }


def record(kind: type) -> dict[str, str]:
    """The schema of a record of the house, by reference."""
    return {"$ref": _REFS.format(model=kind.__name__)}


def describe(app: FastAPI, routers: Iterable[APIRouter]) -> None:
    """Let the application describe itself, made of these routers, its records included."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            plain = get_openapi(
                title="Dateline", version=_VERSION, description=_ABOUT, routes=app.routes
            )
            _restore(plain, routers)
            components = plain.setdefault("components", {})
            schemas = components.setdefault("schemas", {})
            schemas.update(_schemas())
            components["securitySchemes"] = {
                "bearer": {"type": "http", "scheme": "bearer"},
                "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
                "login": {"type": "apiKey", "in": "cookie", "name": "dateline_session"},
            }
            plain["security"] = [{}, {"bearer": []}, {"key": []}, {"login": []}]
            app.openapi_schema = plain
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _restore(plain: dict[str, Any], routers: Iterable[APIRouter]) -> None:
    """Put back what the responses are said to hold: FastAPI drops every null of an example."""
    for route in (route for router in routers for route in router.routes):
        if isinstance(route, APIRoute) and route.include_in_schema:
            for method in route.methods or ():
                told = plain["paths"][route.path_format][method.lower()]["responses"]
                for status, response in route.responses.items():
                    told[str(status)]["content"] = response["content"]


def _refusal(status: int) -> dict[str, Any]:
    description, kind, detail = _STATUSES[status]
    example = problems.Problem(status, kind, detail).as_dict(
        {"path": "/v1/ask", "state": {"request_id": "5f0c6a4be3a14f6f9d2b7f5d8f1a2c3e"}}
    )
    described: dict[str, Any] = {
        "description": description,
        "content": {
            problems.MEDIA_TYPE: {"schema": _ref("Problem"), "example": example},
        },
    }
    if status in (429, 503):
        described["headers"] = {
            "Retry-After": {"description": "seconds", "schema": {"type": "string"}}
        }
    return described


def _schemas() -> dict[str, Any]:
    """The schemas of the records as JSON has them, and of problems."""
    found: dict[str, Any] = {"Problem": dict(_PROBLEM)}
    for kind in _RECORDS:
        schema = TypeAdapter(kind).json_schema(ref_template=_REFS, mode="serialization")
        found.update(schema.pop("$defs", {}))
        found[kind.__name__] = schema
    # What `Answer.to_dict` says beside the fields.
    found["Citation"]["properties"]["source"] = _ref("Source")
    extra = {
        "text": {"type": "string", "description": "the claims with their markers"},
        "citations": {"type": "array", "items": _ref(Citation.__name__)},
    }
    found["Answer"]["properties"].update(extra)
    found["Answer"]["required"] = [field.name for field in dataclasses.fields(Answer)] + [*extra]
    return found


def _ref(name: str) -> dict[str, str]:
    return {"$ref": _REFS.format(model=name)}
