"""Problems: every error of the service as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from rag.errors import (
    DatelineError,
    IndexBusy,
    IndexUnavailable,
    MissingPackage,
    QuestionError,
    ReadError,
)

MEDIA_TYPE = "application/problem+json"
SECONDS_UNTIL_BACK = 5  # for a store or an index that is away or being written
_log = logging.getLogger(__name__)

# Kinds of problems are named, not located: there is no page to look at behind them.
_TYPE = "urn:dateline:problem:"
_MOST_SHOWN = 20  # of what is wrong
_WHERE_SHOWN = 200  # characters of the place in the request that is wrong
# OpenAI's clients read this member of an error; RFC 9457 lets a problem have more members.
_OPENAI_PATHS = ("/v1/chat/", "/v1/models")


class Problem(HTTPException):
    """What went wrong with a request, as its sender may know it; `kind` names it for programs."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[Mapping[str, str]] = (),
    ) -> None:
        super().__init__(status, detail, dict(headers or {}))
        self.kind = kind
        self.errors = tuple(errors)

    def as_dict(self, scope: Scope) -> dict[str, Any]:
        """The members of the problem, for a request."""
        plain: dict[str, Any] = {
            "type": _TYPE + self.kind,
            "title": HTTPStatus(self.status_code).phrase,
            "status": self.status_code,
            "detail": self.detail,
            "instance": scope.get("path", ""),
            "request_id": scope.get("state", {}).get("request_id", ""),
        }
        if self.errors:
            plain["errors"] = list(self.errors)
        if plain["instance"].startswith(_OPENAI_PATHS):
            plain["error"] = {"message": self.detail, "type": self.kind, "code": self.kind}
        return plain

    def response(self, scope: Scope) -> Response:
        """The problem as a response, which is an ASGI application too."""
        return JSONResponse(
            self.as_dict(scope), self.status_code, self.headers, media_type=MEDIA_TYPE
        )


def problem_of(error: Exception) -> Problem:
    """An error as a problem; what would tell of this machine goes to the log alone."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, QuestionError):
        return Problem(422, "question", str(error))
    if isinstance(error, ReadError):
        return Problem(422, "unreadable", str(error))
    if isinstance(error, MissingPackage):
        return Problem(415, "format", str(error))
    if isinstance(error, DatelineError):
        _log.error("%s: %s", type(error).__name__, error)
        return _of_archive(error)
    _log.error("unforeseen", exc_info=error)
    return Problem(500, "unforeseen", "Something went wrong; the server's log says what.")


def problem_of_status(
    scope: Scope, status: int, detail: str, headers: Mapping[str, str] | None = None
) -> Problem:
    """A refusal of the framework as a problem, in our words where there are some."""
    kinds = {404: "not-found", 405: "method", 400: "malformed"}
    details = {
        404: "There is nothing at this address.",
        405: f"{scope['method']} does nothing here.",
    }
    kind = kinds.get(status, "refused")
    return Problem(status, kind, details.get(status, detail), headers=headers)


def _of_archive(error: DatelineError) -> Problem:
    later = {"Retry-After": str(SECONDS_UNTIL_BACK)}
    if isinstance(error, IndexBusy):
        detail = "Somebody else is changing the archive: try again in a moment."
        return Problem(503, "busy", detail, headers=later)
    if isinstance(error, IndexUnavailable):
        detail = "The archive cannot be reached now: try again in a moment."
        return Problem(503, "unavailable", detail, headers=later)
    return Problem(500, "archive", "The archive cannot be used; the server's log says why.")


def add_problems(app: FastAPI) -> None:
    """Let the application answer every error with a problem."""
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(DatelineError, _failed)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if not isinstance(error, Problem):
        error = problem_of_status(
            request.scope, error.status_code, str(error.detail), error.headers
        )
    return error.response(request.scope)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wrong = [
        {"where": ".".join(map(str, item["loc"]))[:_WHERE_SHOWN], "what": str(item["msg"])}
        for item in error.errors()[:_MOST_SHOWN]
    ]
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return Problem(400, "malformed", "The body is not JSON.").response(request.scope)
    detail = "; ".join(f"{item['where']}: {item['what']}" for item in wrong)
    # A message may repeat what was sent, which need not be text that can be sent back.
    wrong = [{name: _sendable(text) for name, text in item.items()} for item in wrong]
    return Problem(422, "invalid", _sendable(detail), errors=wrong).response(request.scope)


async def _failed(request: Request, error: Exception) -> Response:
    return problem_of(error).response(request.scope)


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
