"""The tools of the Model Context Protocol over HTTP, by the protocol's own client."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from starlette.testclient import TestClient

from rag.archive import Archive
from rag.errors import IndexUnavailable
from rag.service import build_app
from service.serving import Held, Opens, served

QUESTION = "How many tonnes of apples are expected?"


def called(address: str, tool: str, **arguments: Any) -> Any:
    """What the tool gives to the protocol's own client."""

    async def call() -> Any:
        async with Client(streamable_http_client(f"{address}/mcp")) as client:
            return await client.call_tool(tool, arguments)

    return asyncio.run(call())


def test_the_tools_are_called_over_http(archive: Archive) -> None:
    """A client finds the tools at /mcp, and what it asks is answered with quotes."""
    with served(archive) as address:

        async def listed() -> list[str]:
            async with Client(streamable_http_client(f"{address}/mcp")) as client:
                return [tool.name for tool in (await client.list_tools()).tools]

        names = asyncio.run(listed())
        asked = called(address, "ask", question=QUESTION).structured_content
        found = called(address, "search", words="apples", limit=1).structured_content["result"]
        read = called(address, "read_article", article_id="harvest").structured_content
        counted = httpx.get(f"{address}/metrics").text

    assert names == ["ask", "search", "read_article"]
    assert asked["text"] == archive.ask(QUESTION).text
    assert found[0]["source"]["article_id"] == read["source"]["article_id"] == "harvest"
    assert 'dateline_answers_total{said="something"} 1.0' in counted


def test_a_call_takes_a_seat(opens: Opens) -> None:
    """While all seats are taken the model is told to come again; then it is answered."""
    with opens(Held, answers_at_once=1, answers_waiting=0) as archive, served(archive) as address:
        assert isinstance(archive, Held)
        with ThreadPoolExecutor(1) as threads:
            first = threads.submit(
                httpx.post, f"{address}/v1/ask", json={"question": QUESTION}, timeout=60
            )
            assert archive.asked.wait(30)

            refused = [
                called(address, "ask", question=QUESTION),
                called(address, "search", words="apples"),
            ]
            archive.free.set()
            assert first.result().status_code == httpx.codes.OK
        answered = called(address, "ask", question=QUESTION)

    for one in refused:
        assert one.is_error
        assert "try again" in one.content[0].text
    assert answered.structured_content["answered"]


class Away(Archive):
    """An archive whose store is away, which says where it was."""

    def search(self, *asked: Any, **limits: Any) -> Any:
        raise IndexUnavailable("the store /secret/place cannot be used")


def test_a_failure_is_told_without_places(opens: Opens) -> None:
    """What goes wrong inside is told to a model as to anybody else."""
    with opens(Away) as archive, served(archive) as address:
        given = called(address, "search", words="apples")

    assert given.is_error
    assert "cannot be reached" in given.content[0].text
    assert "secret" not in given.content[0].text


def test_calls_count_against_the_limits_of_a_key(locked: Archive) -> None:
    """Each request of the protocol is one; the one too many is a problem with its status."""
    key = locked.keys.add("tools", per_minute=1)
    client = TestClient(build_app(locked, page=False))
    headers = {"Authorization": f"Bearer {key}"}

    with client:
        first, second = (client.post("/mcp", json={}, headers=headers) for _ in range(2))

    assert first.status_code == httpx.codes.BAD_REQUEST
    assert second.status_code == httpx.codes.TOO_MANY_REQUESTS
    assert int(second.headers["retry-after"]) > 0


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_tools_are_only_called(client: TestClient, method: str) -> None:
    """No stream is opened on which nothing would come: such streams would hold up a stop."""
    refused = client.request(method, "/mcp", headers={"Accept": "text/event-stream"})

    assert refused.status_code == httpx.codes.METHOD_NOT_ALLOWED
    assert refused.headers["allow"] == "POST"
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
def test_the_doors_stand_before_the_tools(locked: Archive, headers: dict[str, str]) -> None:
    """Where a key is asked for, nobody calls a tool without one."""
    client = TestClient(build_app(locked, page=False))

    given = client.post("/mcp", json={}, headers=headers)

    assert given.status_code == httpx.codes.UNAUTHORIZED
    assert given.headers["content-type"] == "application/problem+json"
