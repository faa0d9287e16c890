"""Logging in, asking behind the doors, and logging out again, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr

from rag.archive import Archive
from rag.settings import Settings

from .chat import ask, serious
from .conftest import _served

PASSWORD = "an open secret"


@pytest.fixture(scope="module")
def locked_url(news: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that asks for a password."""
    folder = tmp_path_factory.mktemp("behind-doors") / "index"
    with Archive(folder, Settings(password=SecretStr(PASSWORD))) as archive:
        archive.ingest(news)
        with _served(archive) as url:
            yield url


@pytest.fixture
def locale() -> str:
    """What the reader's browser is set to."""
    return "en-US"


@pytest.fixture
def reader(browser: Browser, locked_url: str, locale: str) -> Iterator[Page]:
    """A reader who has logged in."""
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.goto(locked_url)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.locator("#question textarea").wait_for()
    yield page
    context.close()


@pytest.mark.parametrize(("locale", "said"), [("en-US", "Log out"), ("ko-KR", "로그아웃")])
def test_a_reader_logs_out(reader: Page, locked_url: str, said: str) -> None:
    """The button is seen and pressed by keyboard; afterwards the page asks for the password."""
    button = reader.get_by_role("button", name=said, exact=True)
    expect(button).to_be_visible()

    button.press("Enter")

    reader.wait_for_url("**/login")
    reader.goto(locked_url)
    expect(reader.locator("#password")).to_be_focused()


def test_the_way_out_is_for_everybody(reader: Page, axe: str) -> None:
    """The head with the button has no serious fault of accessibility."""
    reader.locator(".leave button").wait_for()
    reader.evaluate(axe)

    assert serious(reader) == []


def test_nobody_leaves_where_nobody_logged_in(browser: Browser, seeds_url: str) -> None:
    """A page that asks for no password shows no way out."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(seeds_url)
    page.locator("#question textarea").wait_for()

    expect(page.locator(".leave")).to_have_count(0)
    context.close()


def test_answers_of_the_page_are_counted(reader: Page, locked_url: str) -> None:
    """An answer that a reader got in the page is in the metrics, with its stages."""
    before = _answers(reader, locked_url)

    ask(reader, "How many tonnes of apples are expected?")

    assert _answers(reader, locked_url) == before + 1


def _answers(page: Page, url: str) -> float:
    """How many questions the metrics say were answered."""
    text = page.request.get(f"{url}metrics").text()
    lines = [line for line in text.splitlines() if line.startswith("dateline_answers_total")]
    return sum(float(line.rpartition(" ")[2]) for line in lines)
