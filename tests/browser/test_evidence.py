"""The evidence as a reader looks through it: cited, found, left out, disagreeing, corrected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rag.archive import open_archive

from . import articles
from .chat import ask, markers, serious, shown_quote
from .conftest import Watched, _served, opened


@pytest.fixture(scope="module")
def newsroom_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of articles that disagree; one was corrected, three are one report."""
    folder = articles.write(tmp_path_factory.mktemp("newsroom"))
    with open_archive(tmp_path_factory.mktemp("newsroom-index")) as archive:
        archive.ingest(folder)
        archive.ingest(articles.tunnel(folder, articles.AFTER, "2023-05-05"))
        with _served(archive) as url:
            yield url


@pytest.fixture
def newsroom(browser: Browser, newsroom_url: str) -> Iterator[Watched]:
    with opened(browser, newsroom_url) as watched:
        yield watched
    assert watched.complaints == []
    assert watched.strangers == []


def since(page: Page, day: str) -> None:
    """Limit the search to articles since a day."""
    page.locator("#limits > button").click()
    field = page.locator("#limits").get_by_label("Since")
    field.fill(day)
    field.press("Tab")
    expect(page.locator("#chips")).to_contain_text("since")


def tab(page: Page, name: str) -> None:
    page.locator("#evidence").get_by_role("tab", name=name).click()


def test_tabs_are_used_by_mouse_and_keyboard(newsroom: Watched) -> None:
    """Three tabs; the arrow keys go round, one panel is seen, and the cursor stays on its tab."""
    page = newsroom.page
    ask(page, articles.TUNNEL)
    cited = page.locator("#evidence").get_by_role("tab", name=re.compile("^Cited"))
    expect(cited).to_have_attribute("aria-selected", "true")

    cited.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#evidence [role=tabpanel]:visible")).to_have_count(1)
    expect(page.locator("#evidence [role=tab]:focus")).to_contain_text("Found, not cited")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#evidence [role=tabpanel]:visible")).to_contain_text("Not read")
    expect(page.locator("#evidence [role=tab]:focus")).to_contain_text("Left out, and why")

    page.keyboard.press("ArrowRight")
    expect(page.locator("#evidence [role=tab]:focus")).to_contain_text("Cited")
    expect(page.locator("#evidence .card").first).to_be_visible()


def test_marker_opens_the_tab_of_its_card(newsroom: Watched) -> None:
    """A marker shows its card also when another tab was open."""
    ask(newsroom.page, articles.TUNNEL)
    tab(newsroom.page, "Found, not cited")
    expect(newsroom.page.locator("#evidence .card").first).to_be_hidden()

    markers(newsroom.page).first.click()

    expect(shown_quote(newsroom.page)).to_be_in_viewport()


def test_disagreement_is_a_line_of_time(newsroom: Watched) -> None:
    """Sides that disagree stand in the order of their dates, each with its quote and article."""
    ask(newsroom.page, articles.TUNNEL)

    sides = newsroom.page.locator("#evidence .sides > li")
    expect(sides.nth(0)).to_contain_text("The Gazette · 2 May 2023 · corrected on 5 May 2023")
    expect(sides.nth(0)).to_contain_text(articles.AFTER)
    expect(sides.nth(1)).to_contain_text("12 days later")
    expect(sides.nth(1)).to_contain_text("480 million")
    sides.nth(1).get_by_text("Read the article").click()

    expect(newsroom.page.locator("#evidence .reader mark")).to_contain_text("480 million")


def test_left_out_says_what_and_why(newsroom: Watched) -> None:
    """Undated and older articles are counted and the best of them shown, each with its reason."""
    page = newsroom.page
    since(page, "2023-05-10")
    ask(page, articles.TUNNEL)

    tab(page, "Left out, and why")

    out = page.locator("#evidence [role=tabpanel]:visible")
    expect(out).to_contain_text("Searched were only articles since 10 May 2023.")
    expect(out).to_contain_text("1 article without a date, because a date was asked for")
    expect(out).to_contain_text("61 articles outside the dates asked for")
    plans = out.locator("li", has_text="Old plans for a harbour tunnel")
    expect(plans).to_contain_text("Left out: it states no date, and a date was asked for.")
    gazette = out.locator("li", has_text="Harbour tunnel opens to traffic")
    expect(gazette).to_contain_text("Left out: it is older than what was asked for.")


def test_left_out_article_is_read_and_left_again(newsroom: Watched) -> None:
    """From what was left out to its article and back to the same place, by keyboard."""
    page = newsroom.page
    since(page, "2023-05-10")
    ask(page, articles.TUNNEL)
    tab(page, "Left out, and why")

    page.locator("#evidence .omitted").get_by_text("Read the article").first.press("Enter")
    expect(page.locator("#evidence .reader")).to_be_focused()
    expect(page.locator("#evidence .reader mark")).to_contain_text("harbour tunnel")
    page.get_by_text("Back to the evidence").press("Enter")

    expect(page.locator("#evidence .omitted").first).to_be_visible()
    expect(page.locator("#evidence .omitted button:focus")).to_have_text("Read the article")


def test_copies_are_named(newsroom: Watched) -> None:
    """Articles that carry the same report are read once, and both tabs name the others."""
    page = newsroom.page
    ask(page, "For how many years has Ana Lind served as captain of the ferry?")
    expect(page.locator("#evidence .card").first).to_contain_text("Also in 2 other articles")

    tab(page, "Left out, and why")

    out = page.locator("#evidence .omitted", has_text="Copies of one report")
    expect(out).to_contain_text("Read once, though it is also in 2 other articles")


def test_corrected_article_shows_its_versions(newsroom: Watched) -> None:
    """A corrected article says when, what changed, and gives its old text to read."""
    page = newsroom.page
    ask(page, articles.TUNNEL)
    card = page.locator("#evidence .card", has_text="Harbour tunnel opens to traffic")
    expect(card).to_contain_text("corrected on 5 May 2023")
    original = card.get_by_role("link", name="Open the original at the quote")
    expect(original).to_have_attribute("href", re.compile(r"^https://gazette.*#:~:text="))

    card.get_by_text("Read the article").click()
    reader = page.locator("#evidence .reader")
    expect(reader).to_contain_text("2 versions")
    reader.get_by_text("What changed").click()
    expect(reader.locator("del")).to_contain_text(articles.BEFORE)
    expect(reader.locator("ins")).to_contain_text(articles.AFTER)
    reader.get_by_role("button", name="Read version 1").click()

    expect(reader).to_contain_text("This is version 1, as it was before.")
    expect(reader.locator("blockquote")).to_contain_text(articles.BEFORE)
    reader.get_by_role("button", name="Read the newest version").click()
    expect(reader.locator("blockquote")).to_contain_text(articles.AFTER)


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_evidence_is_for_everyone(
    browser: Browser, newsroom_url: str, screenshots: Path, axe: str, width: int, dark: bool
) -> None:
    """axe finds nothing serious in any tab or version, nothing scrolls sideways; it is pictured."""
    name = f"evidence-{width}-{'dark' if dark else 'light'}"
    with opened(browser, newsroom_url, width=width, height=844, dark=dark) as watched:
        page = watched.page
        page.evaluate(axe)
        ask(page, articles.TUNNEL)
        page.screenshot(path=screenshots / f"{name}-cited.png", full_page=True)
        found = serious(page)
        tab(page, "Left out, and why")
        page.locator("#evidence .omitted").first.wait_for()
        page.screenshot(path=screenshots / f"{name}-left-out.png", full_page=True)
        found += serious(page)
        tab(page, "Cited (3)")
        gazette = page.locator("#evidence .card", has_text="Harbour tunnel opens to traffic")
        gazette.get_by_text("Read the article").click()
        page.locator("#evidence .reader").get_by_text("What changed").click()
        page.screenshot(path=screenshots / f"{name}-reader.png", full_page=True)
        found += serious(page)

        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert found == []
