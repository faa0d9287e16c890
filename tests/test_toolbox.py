"""The tools of the Model Context Protocol, called by the protocol's own client."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from rag.archive import Archive, open_archive
from rag.toolbox import PAGE, Alone, toolbox

QUESTION = "How large is the Vostochny Cosmodrome?"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("toolbox")
    long = "The harbour was dredged on Monday. " * 1000
    (folder / "long.md").write_text(f"---\ntitle: Dredging\n---\n{long}", encoding="utf-8")
    with open_archive(folder / "index") as opened:
        opened.ingest(["seeds", folder / "long.md"])
        yield opened


def _called(archive: Archive, tool: str, **arguments: Any) -> Any:
    async def call() -> Any:
        async with Client(toolbox(Alone(archive))) as client:
            return await client.call_tool(tool, arguments)

    return asyncio.run(call())


def test_ask_carries_quotes_and_dates(archive: Archive) -> None:
    """Each sentence of a reply brings its exact quote with publisher and date."""
    given = _called(archive, "ask", question=QUESTION).structured_content

    assert given["answered"]
    (cited, *_) = given["sentences"][0]["quotes"]
    article = archive.article(cited["source"]["article_id"])
    assert article.text[cited["start"] : cited["end"]] == cited["quote"]
    assert cited["source"]["published"] == "2023-09-13"
    assert given["text"] == archive.ask(QUESTION).text


def test_ask_says_when_the_archive_does_not(archive: Archive) -> None:
    """A question that no article answers comes back as not answered."""
    given = _called(archive, "ask", question="What is the capital of Peru?").structured_content

    assert not given["answered"]
    assert given["text"] == "The archive does not say."


def test_dates_limit_what_is_asked(archive: Archive) -> None:
    """An answer as of a day before every article is that the archive does not say."""
    given = _called(archive, "ask", question=QUESTION, as_of="2001-01-01").structured_content

    assert not given["answered"]


@pytest.mark.parametrize(("tool", "words"), [("ask", "question"), ("search", "words")])
def test_dates_in_the_wrong_order_are_told(archive: Archive, tool: str, words: str) -> None:
    """A model that mixes them up does not hear that the archive does not say."""
    dates = {"since": "2024-02-01", "until": "2024-01-01"}

    given = _called(archive, tool, **{words: QUESTION}, **dates)

    assert given.is_error
    assert "`until` lies before `since`" in given.content[0].text


def test_search_gives_passages(archive: Archive) -> None:
    """Passages come best first, as many as were asked for, each with its card."""
    found = _called(archive, "search", words=QUESTION, limit=2).structured_content["result"]

    assert len(found) == 2
    assert found[0]["score"] >= found[1]["score"]
    article = archive.article(found[0]["source"]["article_id"])
    assert article.text[found[0]["start"] : found[0]["end"]] == found[0]["text"]


def test_an_article_is_read_page_by_page(archive: Archive) -> None:
    """The pages of a long article make up its whole text."""
    text = ""
    start: int | None = 0
    while start is not None:
        page = _called(archive, "read_article", article_id="long.md", start=start)
        assert len(page.structured_content["text"]) <= PAGE
        text += page.structured_content["text"]
        start = page.structured_content["next_start"]

    assert text == archive.article("long.md").text


def test_an_error_is_told_in_words(archive: Archive) -> None:
    """An id that the archive does not hold gives the archive's own line, marked as an error."""
    given = _called(archive, "read_article", article_id="nowhere")

    assert given.is_error
    assert "there is no article 'nowhere'" in given.content[0].text


def test_standard_input_and_output(archive: Archive) -> None:
    """`rag mcp` offers the three tools to a client that starts it."""
    index = str(archive.folder)
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "rag", "mcp", "--index", index], cwd=str(Path.cwd())
    )

    async def listed() -> list[str]:
        async with Client(stdio_client(server)) as client:
            return [tool.name for tool in (await client.list_tools()).tools]

    assert asyncio.run(listed()) == ["ask", "search", "read_article"]
