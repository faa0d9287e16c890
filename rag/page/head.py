"""The head of the document: titled, in the reader's language, without the cards of the toolkit."""

from __future__ import annotations

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.page.held import held
from rag.page.readers import opens_page
from rag.page.tongue import understood

TITLE = "Dateline"

# Gradio's own name and picture, which whoever previews a link to the page would show.
_CARDS = re.compile(rb'\s*<meta\s+(?:property="og:|name="twitter:)[^>]*>')
_LANGUAGE = re.compile(rb'(<html\b[^>]*?\blang=")[^"]*(")')
_HEAD = b"<head>"


class Head:
    """Puts right the head of the page, which Gradio writes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not opens_page(scope):
            await self._app(scope, receive, send)
            return
        language = understood(Headers(scope=scope).get("accept-language"))

        async def send_mended(start: Message, document: bytes) -> None:
            own = mended(document, language)
            MutableHeaders(scope=start)["Content-Length"] = str(len(own))
            await send(start)
            await send({"type": "http.response.body", "body": own})

        await self._app(scope, receive, held(send, _is_plain_html, send_mended))


def mended(document: bytes, language: str) -> bytes:
    """The document in this language, with the product's title and without the toolkit's cards."""
    own = _CARDS.sub(b"", document)
    named = _LANGUAGE.sub(rb"\g<1>" + language.encode() + rb"\2", own, count=1)
    return named.replace(_HEAD, _HEAD + f"<title>{TITLE}</title>".encode(), 1)


def _is_plain_html(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return headers.get("content-type", "").startswith("text/html") and (
        "content-encoding" not in headers
    )
