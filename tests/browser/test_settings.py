"""The settings of a question: set, seen as chips, taken off, kept with the conversation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from rag.archive import open_archive
from rag.settings import Settings

from .chat import REFUSAL, SIZE, SIZE_QUOTE, ask, finished, newest, serious
from .conftest import Watched, _served, opened

# Answered with a confidence between the balanced threshold and the strict one.
LIKELY_AT_BEST = "Where will the next summit take place?"


@pytest.fixture(scope="module")
def written_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose answers a chat model writes, unless quotes are asked for."""
    folder = tmp_path_factory.mktemp("written")
    article, reply = folder / "mill.md", folder / "reply.script"
    article.write_text("The mill at Langport was built in 1911 by Anton Farrow.\n", "utf-8")
    reply.write_text("Anton Farrow built the mill at Langport [1].", "utf-8")
    with open_archive(folder / "index", Settings(chat_model=f"scripted:{reply}")) as archive:
        archive.ingest(article)
        with _served(archive) as url:
            yield url


def chips(page: Page) -> Locator:
    return page.locator("#chips li")


def set_since(page: Page, day: str) -> None:
    """Open the settings and type the day."""
    if page.locator("#show-settings").get_attribute("aria-expanded") != "true":
        page.locator("#show-settings").click()
    since = page.locator("#settings").get_by_label("Since")
    since.fill(day)
    since.press("Tab")


def test_usual_settings_show_no_chip(seeds: Watched) -> None:
    """Nothing is said of settings that are as usual, and their fields are hidden."""
    expect(seeds.page.locator("#settings")).to_be_hidden()
    expect(seeds.page.locator("#show-settings")).to_have_attribute("aria-expanded", "false")

    expect(chips(seeds.page)).to_have_count(0)


def test_chip_is_taken_off_by_keyboard(seeds: Watched) -> None:
    """Each chip says what its button removes; the cursor goes on to the next, then to the box."""
    page = seeds.page
    set_since(page, "2023-09")
    page.locator("#settings").get_by_label("Passages read").fill("3")
    page.keyboard.press("Tab")
    expect(chips(page)).to_have_text([re.compile("since Sep 2023"), re.compile("3 passages read")])

    page.get_by_role("button", name="Remove: since Sep 2023").press("Enter")

    expect(chips(page)).to_have_text([re.compile("3 passages read")])
    expect(page.get_by_role("button", name="Remove: 3 passages read")).to_be_focused()
    expect(page.locator("#settings").get_by_label("Since")).to_have_value("")
    page.keyboard.press("Enter")
    expect(chips(page)).to_have_count(0)
    expect(page.get_by_label("Your question")).to_be_focused()


def test_escape_closes_the_settings(seeds: Watched) -> None:
    """Escape hides the fields again and gives the cursor back to their button."""
    set_since(seeds.page, "2023")

    seeds.page.keyboard.press("Escape")

    expect(seeds.page.locator("#settings")).to_be_hidden()
    expect(seeds.page.locator("#show-settings")).to_be_focused()


def test_number_of_passages_is_observed(seeds: Watched) -> None:
    """No more passages are read than were asked for."""
    seeds.page.locator("#show-settings").click()
    seeds.page.locator("#settings").get_by_label("Passages read").fill("2")

    ask(seeds.page, SIZE)

    expect(newest(seeds.page)).to_contain_text("2 passages of")


def test_impossible_number_is_said(seeds: Watched) -> None:
    """A number of passages that cannot be read is said, and a question with it gets a line."""
    seeds.page.locator("#show-settings").click()
    seeds.page.locator("#settings").get_by_label("Passages read").fill("1000")
    seeds.page.keyboard.press("Tab")
    expect(seeds.page.locator("#chips [role=alert]")).to_contain_text("ask for 1 to 100")

    ask(seeds.page, SIZE)

    expect(newest(seeds.page)).to_contain_text("Not answered. 1000 passages cannot be read")


def test_strictness_decides(seeds: Watched) -> None:
    """What a strict reader is refused is shown to one who is content with the usual."""
    page = seeds.page
    page.locator("#show-settings").click()
    page.get_by_role("radio", name=re.compile("^Strict")).check()
    expect(chips(page)).to_have_text([re.compile("strict")])
    ask(page, LIKELY_AT_BEST)
    expect(newest(page)).to_contain_text(REFUSAL)

    page.get_by_role("button", name="Remove: strict").click()
    expect(page.get_by_role("radio", name="Balanced")).to_be_checked()
    page.get_by_label("Retry").last.click()

    expect(newest(page).locator("blockquote").first).to_be_visible()


def test_settings_count_for_retry_and_edit(seeds: Watched) -> None:
    """A question that is asked again or edited is asked under the settings that are shown."""
    page = seeds.page
    ask(page, SIZE)
    set_since(page, "2024")
    expect(chips(page)).to_have_count(1)

    page.get_by_label("Retry").last.click()
    expect(newest(page)).to_contain_text(REFUSAL)
    finished(page)

    page.get_by_role("button", name=re.compile("^Remove: since")).click()
    expect(chips(page)).to_have_count(0)
    page.get_by_label("Edit").last.click()
    page.locator("#chat").get_by_label("Submit").click()
    expect(newest(page).locator("blockquote").first).to_contain_text(SIZE_QUOTE)


def test_settings_come_back_with_the_conversation(seeds: Watched) -> None:
    """After a reload the settings are those of the last question, as chips and in the fields."""
    page = seeds.page
    set_since(page, "2023-09")
    page.get_by_role("radio", name=re.compile("^Strict")).check()
    expect(chips(page)).to_have_count(2)
    ask(page, SIZE)

    page.reload()

    expect(page.locator("#chat .user-row")).to_have_count(1)
    expect(chips(page)).to_have_text([re.compile("since Sep 2023"), re.compile("strict")])
    page.locator("#show-settings").click()
    expect(page.locator("#settings").get_by_label("Since")).to_have_value("2023-09-01")
    expect(page.get_by_role("radio", name=re.compile("^Strict"))).to_be_checked()


def test_quotes_can_be_chosen_over_a_chat_model(browser: Browser, written_url: str) -> None:
    """Where a chat model answers, a reader may ask for quotes alone."""
    with opened(browser, written_url) as watched:
        page = watched.page
        page.locator("#show-settings").click()
        page.get_by_label("Quotes, without a chat model").check()
        expect(chips(page)).to_have_text([re.compile("Quotes, without a chat model")])

        ask(page, "Who built the mill at Langport?")

        expect(newest(page)).to_contain_text("built in 1911 by Anton Farrow")
        expect(newest(page)).not_to_contain_text("Written by")
        page.get_by_role("button", name="Remove: Quotes, without a chat model").click()
        expect(chips(page)).to_have_count(0)
        ask(page, "Who built the mill at Langport?")
        expect(newest(page)).to_contain_text("Anton Farrow built the mill at Langport")
    assert watched.complaints == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
def test_settings_are_for_everyone(
    browser: Browser, seeds_url: str, axe: str, screenshots: Path, width: int, dark: bool
) -> None:
    """axe finds nothing serious with settings, chips and follow-ups; nothing scrolls sideways."""
    with opened(browser, seeds_url, width=width, dark=dark) as watched:
        page = watched.page
        set_since(page, "2023-09")
        page.get_by_role("radio", name=re.compile("^Strict")).check()
        expect(chips(page)).to_have_count(2)
        ask(page, SIZE)
        expect(page.locator("#follow-ups button").first).to_be_visible()
        page.evaluate(axe)

        assert serious(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        name = f"{width}-{'dark' if dark else 'light'}-settings.png"
        page.screenshot(path=screenshots / name, full_page=True)
    assert watched.complaints == []
