"""What a request's body may be."""

from __future__ import annotations

from email.message import Message

from fastapi import Request

from rag.service.problems import Problem

JSON = "application/json"
FORM = "multipart/form-data"


def kind_of(request: Request) -> str:
    """The media type of the body, in lower case, without its parameters."""
    stated = Message()
    stated["content-type"] = request.headers.get("content-type", "")
    return stated.get_content_type() if request.headers.get("content-type") else ""


def json_only(request: Request) -> None:
    """See that the body is JSON. A page of another site cannot send that without being asked.

    Raises:
        Problem: it is something else.
    """
    if kind_of(request) != JSON:
        raise Problem(415, "format", f"Send {JSON}.")
