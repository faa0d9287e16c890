"""Errors of the page's own framework, told as problems like all others."""

from __future__ import annotations

import json
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.page.held import held
from rag.service.kinds import JSON
from rag.service.problems import problem_of_status

_FIRST_ERROR = 400


class Typed:
    """Turns refusals of the form `{"detail": "…"}` into problems; the page's script reads both."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:

        async def send_typed(begun: Message, body: bytes) -> None:
            detail = _detail(body)
            if detail is None:
                await send(begun)
                await send({"type": "http.response.body", "body": body})
            else:
                problem = problem_of_status(scope, begun["status"], detail, _kept(begun))
                await problem.response(scope)(scope, receive, send)

        await self._app(scope, receive, held(send, _is_plain_error, send_typed))


def _is_plain_error(begun: Message) -> bool:
    kind = Headers(raw=begun["headers"]).get("content-type", "")
    return begun["status"] >= _FIRST_ERROR and kind.startswith(JSON)


def _detail(body: bytes) -> str | None:
    """What the error says, None where it is of another form."""
    try:
        plain = json.loads(body)
    except ValueError:
        return None
    if not isinstance(plain, dict) or set(plain) != {"detail"}:
        return None
    return plain["detail"] if isinstance(plain["detail"], str) else None


def _kept(begun: Message) -> Mapping[str, str]:
    """The headers that are not about the body."""
    headers = Headers(raw=begun["headers"])
    return {
        name: value for name, value in headers.items() if not name.lower().startswith("content-")
    }
