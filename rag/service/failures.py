"""Failures of the routes for programs: each is answered with a problem."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from rag.errors import DatelineError
from rag.service.methods import Methods
from rag.service.problems import Problem, problem_of, problem_of_status

_MOST_SHOWN = 20  # of what is wrong
_WHERE_SHOWN = 200  # characters of the place in the request that is wrong
_NOT_JSON = "The body is not JSON."


def add_problems(app: FastAPI, methods: Methods) -> None:
    """Let the application answer every error with a problem; its addresses know these methods."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if isinstance(error, Problem):
            return error.response(request.scope)
        headers = dict(error.headers or {})
        if error.status_code == 405 and (known := methods.of(request.scope["path"])):
            headers["Allow"] = ", ".join(known)
        # The framework itself reads nothing but JSON here.
        detail = _NOT_JSON if error.status_code == 400 else str(error.detail)
        return problem_of_status(request.scope, error.status_code, detail, headers).response(
            request.scope
        )

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(DatelineError, _failed)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wrong = [
        {"where": ".".join(map(str, item["loc"]))[:_WHERE_SHOWN], "what": worded(item)}
        for item in error.errors()[:_MOST_SHOWN]
    ]
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return Problem(400, "malformed", _NOT_JSON).response(request.scope)
    detail = "; ".join(f"{item['where']}: {item['what']}" for item in wrong)
    # A message may repeat what was sent, which need not be text that can be sent back.
    wrong = [{name: _sendable(text) for name, text in item.items()} for item in wrong]
    return Problem(422, "invalid", _sendable(detail), errors=wrong).response(request.scope)


def worded(wrong: Mapping[str, Any]) -> str:
    """What is wrong with a value, of the framework's or in the words of our own check."""
    return str(wrong["msg"]).removeprefix("Value error, ")


async def _failed(request: Request, error: Exception) -> Response:
    return problem_of(error).response(request.scope)


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
