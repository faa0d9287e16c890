"""Problems: every error of the service as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

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
# OpenAI's clients read this member of an error; RFC 9457 lets a problem have more members.
_OPENAI_PATHS = ("/v1/chat/", "/v1/models", "/v1/completions", "/v1/embeddings", "/v1/responses")


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


def problem_of(error: BaseException) -> Problem:
    """An error as a problem; what would tell of this machine goes to the log alone."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, asyncio.CancelledError):
        return _later("stopping", "The server is being stopped.")
    if isinstance(error, QuestionError):
        return Problem(422, "question", str(error))
    if isinstance(error, ReadError):
        return Problem(422, "unreadable", str(error))
    if isinstance(error, MissingPackage):
        return Problem(415, "format", str(error))
    if isinstance(error, IndexBusy):
        return _later("busy", "Somebody else is changing the archive: try again in a moment.")
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
    if isinstance(error, IndexUnavailable):
        return _later("unavailable", "The archive cannot be reached now: try again in a moment.")
    return Problem(500, "archive", "The archive cannot be used; the server's log says why.")


def _later(kind: str, detail: str) -> Problem:
    return Problem(503, kind, detail, headers={"Retry-After": str(SECONDS_UNTIL_BACK)})
