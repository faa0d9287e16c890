"""Conversations as a reader keeps them: they are there again, found, named, deleted, taken away."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Page, expect

from rag import bundle, settings
from rag.archive import Archive

from .chat import (
    PERU,
    SIZE,
    SIZE_QUOTE,
    WHO,
    ask,
    begin,
    finished,
    fold,
    markers,
    newest,
    reload,
    reopen,
    send,
    serious,
    shown_quote,
    titles,
)
from .conftest import Steps, Watched, _served, opened


@contextmanager
def another(context: BrowserContext, url: str) -> Iterator[Page]:
    """A new tab of the same browser."""
    page = context.new_page()
    page.goto(url)
    page.locator("#kept [data-lost]").wait_for(state="attached")
    yield page
    page.close()


def test_reload_shows_it_again(seeds: Watched) -> None:
    """After a reload the conversation is there with its answers, and can be gone on with."""
    page = seeds.page
    ask(page, SIZE)
    ask(page, WHO)

    reopen(page)

    expect(page.locator("#chat .user-row")).to_have_count(2)
    expect(page.locator("#chat .bot-row blockquote").first).to_contain_text(SIZE_QUOTE)
    ask(page, "When did it begin operating?")
    expect(newest(page)).to_contain_text("2016")
    expect(page.locator("#chat .user-row")).to_have_count(3)


def test_evidence_of_an_old_turn_is_shown_again(seeds: Watched) -> None:
    """A marker of a restored answer leads to its quote, and on to the article."""
    page = seeds.page
    ask(page, SIZE)
    ask(page, WHO)
    reopen(page)

    markers(page).first.click()

    expect(page.locator("#evidence .asked")).to_contain_text(SIZE)
    expect(shown_quote(page)).to_contain_text(SIZE_QUOTE)
    page.locator("#evidence .card").first.get_by_text("Read the article").click()
    expect(page.locator("#evidence .reader mark")).to_contain_text(SIZE_QUOTE)


def test_new_tab_shows_the_last_one(seeds: Watched) -> None:
    """Who opens the page again finds the conversation that was open last."""
    ask(seeds.page, SIZE)

    with another(seeds.page.context, seeds.home) as page:
        expect(page.locator("#chat .user-row")).to_contain_text(SIZE)


def test_new_chat_stays_new(seeds: Watched) -> None:
    """A tab in which a new chat was begun does not go back to the old one by a reload."""
    page = seeds.page
    ask(page, SIZE)
    page.get_by_role("button", name="New chat").click()
    expect(page.locator("#chat .user-row")).to_have_count(0)

    reopen(page)

    expect(page.locator("#chat .user-row")).to_have_count(0)
    expect(titles(page)).to_have_text([SIZE])


def test_listed_by_first_question(seeds: Watched) -> None:
    """Conversations are named by their first question, the newest first, and opened by a click."""
    page = seeds.page
    ask(page, SIZE)
    ask(page, WHO)
    begin(page, PERU)
    expect(titles(page)).to_have_text([PERU, SIZE])
    expect(fold(page)).to_contain_text("2 questions")
    expect(titles(page).first).to_have_attribute("aria-current", "true")

    titles(page).last.click()

    expect(page.locator("#chat .user-row")).to_have_count(2)
    expect(page.locator("#evidence .asked")).to_contain_text(WHO)
    expect(titles(page).last).to_have_attribute("aria-current", "true")


def test_renamed_by_keyboard(seeds: Watched) -> None:
    """Without a mouse: open the list, rename a conversation, and the new name stays."""
    page = seeds.page
    ask(page, SIZE)
    page.get_by_role("button", name="Conversations", exact=True).press("Enter")
    page.get_by_role("button", name=f"Rename: {SIZE}").press("Enter")
    box = page.get_by_label("New name")
    expect(box).to_be_focused()

    page.keyboard.type("The <b>spaceport</b>")
    page.keyboard.press("Enter")

    expect(titles(page)).to_have_text(["The <b>spaceport</b>"])
    expect(fold(page)).to_contain_text("Renamed.")
    reopen(page)
    expect(titles(page)).to_have_text(["The <b>spaceport</b>"])


def test_deleted_when_confirmed(seeds: Watched) -> None:
    """Deleting asks first; what is kept stays, what is deleted is gone for good."""
    page = seeds.page
    ask(page, SIZE)
    begin(page, PERU)
    fold(page).get_by_role("button", name=f"Delete: {PERU}").click()
    expect(fold(page)).to_contain_text("It cannot be brought back.")

    fold(page).get_by_role("button", name="Keep it").click()
    expect(titles(page)).to_have_text([PERU, SIZE])
    fold(page).get_by_role("button", name=f"Delete: {PERU}").click()
    fold(page).get_by_role("button", name="Delete it").click()

    expect(titles(page)).to_have_text([SIZE])
    expect(page.locator("#chat .user-row")).to_have_count(0)
    reopen(page)
    expect(page.locator("#chat .user-row")).to_have_count(0)
    expect(titles(page)).to_have_text([SIZE])


def test_searched(seeds: Watched) -> None:
    """The list is searched by words of titles, questions and answers, as they are typed."""
    page = seeds.page
    ask(page, SIZE)
    begin(page, PERU)
    search = page.locator("#search-conversations textarea, #search-conversations input")
    expect(titles(page)).to_have_count(2)

    search.fill("551.5")
    expect(titles(page)).to_have_text([SIZE])
    search.fill("peru CAPITAL")
    expect(titles(page)).to_have_text([PERU])
    search.fill("zeppelin")
    expect(fold(page)).to_contain_text("No conversation holds these words.")
    search.fill("")
    expect(titles(page)).to_have_count(2)


def test_taken_away_with_the_proof(seeds: Watched) -> None:
    """A conversation is saved with every quote and its source, in three forms."""
    page = seeds.page
    ask(page, SIZE)
    ask(page, WHO)

    saved = {form: taken_away(page, form) for form in ("Markdown", "HTML", "JSON")}

    assert [
        name.removeprefix("How large is the Vostochny Cosmodrome") for name, _ in saved.values()
    ] == [".md", ".html", ".json"]
    for _, text in saved.values():
        assert SIZE in text
        assert WHO in text
        assert re.search(SIZE_QUOTE, text)
        assert "Dateline" in text
    assert [answer["receipt"]["corpus"] for answer in json.loads(saved["JSON"][1])]


def taken_away(page: Page, form: str) -> tuple[str, str]:
    """The name and the text of the file in which the conversation is saved."""
    with page.expect_download() as saving:
        fold(page).get_by_role("link", name=f"Save “{SIZE}” as {form}").click()
    return saving.value.suggested_filename, Path(saving.value.path()).read_text("utf-8")


def test_nobody_sees_anothers(browser: Browser, seeds_url: str) -> None:
    """Two browsers do not see each other's conversations, not even by their address."""
    with opened(browser, seeds_url) as mine, opened(browser, seeds_url) as yours:
        ask(mine.page, SIZE)
        ask(yours.page, PERU)
        expect(titles(mine.page)).to_have_text([SIZE])
        expect(titles(yours.page)).to_have_text([PERU])
        key = mine.page.locator("#kept [data-conversation]").get_attribute("data-conversation")
        assert key

        address = f"{seeds_url}conversations/{key}.json"
        assert mine.page.request.get(address).status == 200
        assert yours.page.request.get(address).status == 404
        yours.page.evaluate("key => sessionStorage.setItem('dateline-conversation', key)", key)
        reload(yours.page)

        expect(yours.page.locator("#chat .user-row")).to_have_count(0)
        expect(titles(yours.page)).to_have_text([PERU])


def test_token_is_out_of_reach(seeds: Watched) -> None:
    """The browser's token is in a cookie that no script and no other page can use."""
    (cookie,) = [c for c in seeds.page.context.cookies() if c["name"] == "dateline_reader"]

    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert cookie["value"] not in seeds.page.evaluate("document.cookie")


def test_retry_and_undo_are_kept(seeds: Watched) -> None:
    """What is asked again replaces what was, and what is taken back does not come back."""
    page = seeds.page
    ask(page, PERU)
    ask(page, SIZE)
    before = markers(page).first.get_attribute("href")
    page.get_by_label("Retry").last.click()
    expect(markers(page).first).not_to_have_attribute("href", before or "")
    finished(page)
    reopen(page)
    expect(page.locator("#chat .user-row")).to_have_count(2)

    page.get_by_label("Undo").last.click()
    expect(page.locator("#chat .user-row")).to_have_count(1)
    reopen(page)

    expect(page.locator("#chat .user-row")).to_have_count(1)
    expect(page.locator("#chat .user-row")).to_contain_text(PERU)


def test_stopped_answer_is_kept_as_stopped(browser: Browser, steps: Steps) -> None:
    """An answer that was stopped says so after a reload too."""
    with opened(browser, steps.url) as watched:
        page = watched.page
        send(page, SIZE)
        expect(newest(page)).to_contain_text("Searching")
        page.locator("#question").get_by_role("button", name="Stop").click()
        expect(newest(page)).to_contain_text("Stopped.")

        reopen(page)

        expect(newest(page)).to_contain_text("Stopped. What stands above is not complete.")


def test_left_answer_is_offered_again(browser: Browser, steps: Steps) -> None:
    """A page that is closed during an answer has the question the next time, to be asked again."""
    with opened(browser, steps.url) as watched:
        page = watched.page
        send(page, SIZE)
        expect(newest(page)).to_contain_text("Searching")
        page.reload()
        expect(page.locator("#chat .user-row")).to_contain_text(SIZE)
        expect(newest(page)).to_contain_text("The answer was cut short")

        page.get_by_role("button", name="Ask again").click()
        steps.archive.finish()

        finished(page)
        expect(page.locator("#chat .user-row")).to_have_count(1)
        expect(newest(page).locator("blockquote").first).to_contain_text(SIZE_QUOTE)


def test_store_that_cannot_be_written(browser: Browser, tmp_path: Path) -> None:
    """Where nothing can be kept the page says so in one line and answers all the same."""
    with Archive(tmp_path, settings.load()) as archive:
        archive.ingest(bundle.folder("seeds"))
        with archive._parts.database.writing() as connection:
            connection.execute(sa.text("DROP TABLE exchanges"))
        with _served(archive) as url, opened(browser, url) as watched:
            ask(watched.page, SIZE)

            expect(newest(watched.page).locator("blockquote").first).to_contain_text(SIZE_QUOTE)
            expect(watched.page.locator("#kept")).to_contain_text("is not kept")
            assert watched.complaints == []


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_list_fits_and_is_pictured(
    browser: Browser, seeds_url: str, screenshots: Path, width: int, dark: bool
) -> None:
    """The list is closed at first, covers nothing and fits; axe finds nothing serious."""
    name = f"{width}-{'dark' if dark else 'light'}"
    with opened(browser, seeds_url, width=width, height=844, dark=dark) as watched:
        page = watched.page
        expect(page.locator("#conversation-list")).not_to_be_visible()
        ask(page, SIZE)
        begin(page, PERU)
        expect(titles(page)).to_have_count(2)
        page.screenshot(path=screenshots / f"{name}-conversations.png")
        expect(page.get_by_label("Your question")).to_be_visible()
        listed, chat = fold(page).bounding_box(), page.locator("#chat").bounding_box()
        assert listed is not None
        assert chat is not None
        assert listed["y"] + listed["height"] <= chat["y"]
        axe = pytest.importorskip("axe_core_python")
        page.evaluate((Path(axe.__path__[0]) / "axe.min.js").read_text("utf-8"))
        found = serious(page)
        fold(page).get_by_role("button", name=f"Rename: {SIZE}").click()
        page.get_by_label("New name").wait_for()
        found += serious(page)
        page.screenshot(path=screenshots / f"{name}-renaming.png")
        fold(page).get_by_role("button", name="Cancel").click()
        fold(page).get_by_role("button", name=f"Delete: {SIZE}").click()
        fold(page).get_by_role("button", name="Delete it").wait_for()
        found += serious(page)
        page.screenshot(path=screenshots / f"{name}-deleting.png")

        assert found == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert watched.complaints == []
