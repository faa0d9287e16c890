"""The tools of the Model Context Protocol over HTTP, by the protocol's own client."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from starlette.testclient import TestClient

from rag.archive import Archive
from rag.service import build_app
from service.serving import served

QUESTION = "How large is the Vostochny Cosmodrome?"


def test_the_tools_are_called_over_http(archive: Archive) -> None:
    """A client finds the tools at /mcp, and what it asks is answered with quotes."""
    with served(archive) as address:

        async def asked() -> Any:
            async with Client(streamable_http_client(f"{address}/mcp")) as client:
                names = [tool.name for tool in (await client.list_tools()).tools]
                return names, await client.call_tool("ask", {"question": QUESTION})

        names, given = asyncio.run(asked())

    assert names == ["ask", "search", "read_article"]
    assert given.structured_content["text"] == archive.ask(QUESTION).text


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
def test_the_doors_stand_before_the_tools(locked: Archive, headers: dict[str, str]) -> None:
    """Where a key is asked for, nobody calls a tool without one."""
    client = TestClient(build_app(locked, page=False))

    given = client.post("/mcp", json={}, headers=headers)

    assert given.status_code == httpx.codes.UNAUTHORIZED
    assert given.headers["content-type"] == "application/problem+json"
