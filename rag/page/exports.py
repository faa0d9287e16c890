"""Conversations to take away, each answer with its proof: Markdown, HTML, JSON."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import FastAPI, Request, Response

from rag.conversation import Conversation
from rag.export import FORMATS
from rag.page.conversations import EXPORTS
from rag.page.readers import reader_of

if TYPE_CHECKING:
    from rag.archive import Archive

_KINDS: Mapping[str, str] = {
    ".md": "text/markdown; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
}


def add_exports(app: FastAPI, archive: Archive) -> None:
    """Serve each reader's own conversations, by id and ending, as files to be saved."""

    @app.get(f"{EXPORTS}/{{name}}", include_in_schema=False)
    def taken_away(name: str, request: Request) -> Response:
        asked = PurePosixPath(name)
        reader = reader_of(request)
        found = archive.conversations.open(asked.stem, reader) if reader else None
        if found is None or not found.exchanges or asked.suffix not in FORMATS:
            return Response("There is no such conversation.", 404, media_type="text/plain")
        return _file(found, asked.suffix)


def _file(conversation: Conversation, ending: str) -> Response:
    """The answers that were given; questions that were not answered prove nothing."""
    answers = [exchange.answer for exchange in conversation.exchanges if exchange.answer]
    name = f"{conversation.exchanges[0].question[:60].strip(' ?.!')}{ending}"
    return Response(
        FORMATS[ending](answers),
        media_type=_KINDS[ending],
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "Cache-Control": "no-store",
        },
    )
