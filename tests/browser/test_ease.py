"""What makes the page easy to use: places kept, words to take away, names that can be heard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from rag.archive import open_archive

from . import articles
from .chat import SIZE, ask, finished, newest
from .conftest import Watched, _served, left_over, opened

LEAST = 24  # pixels of a side of what is pressed: WCAG 2.2, 2.5.8
# The whole of WCAG 2.2 at level AA, as axe names its rules.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HEARD = """
() => [...document.querySelectorAll("button, svg, input, [role=log], .panel-wrap")]
  .filter((part) => part.checkVisibility() && !part.parentElement.closest("button"))
  .flatMap((part) => [part.getAttribute("aria-label"), part.getAttribute("title")])
  .filter((said) => said && /[A-Za-z]{3}/.test(said))
"""


@pytest.fixture(scope="module")
def newsroom_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of more articles than a window holds."""
    folder: Path = tmp_path_factory.mktemp("ease")
    articles.write(folder / "articles")
    with open_archive(folder / "index") as archive:
        archive.ingest(folder / "articles")
        with _served(archive) as url:
            yield url


def chat_button(page: Page, name: str) -> None:
    """Press a button of the chat by the keyboard."""
    button = page.locator("#chat").get_by_role("button", name=name).last
    button.focus()
    button.press("Enter")


def test_copied_answer_reads_as_it_is_shown(browser: Browser, seeds_url: str) -> None:
    """What is copied are the sentences with their sources, without marks of the page's making."""
    with opened(browser, seeds_url) as watched:
        page = watched.page
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        ask(page, SIZE)

        page.locator("#chat").get_by_role("button", name="Copy message").last.click()

        page.wait_for_function(
            "async () => (await navigator.clipboard.readText()).includes('Supported')"
            " && !(await navigator.clipboard.readText()).includes('](#')"
        )
        copied = page.evaluate("navigator.clipboard.readText()")
        assert "551.5" in copied
        assert "Dateline, 13 Sep 2023" in copied
        assert "feedback" not in copied


def test_escape_leaves_a_question_as_it_was(seeds: Watched) -> None:
    """Escape ends the rewording of a question, and the cursor is where the next one is typed."""
    page = seeds.page
    ask(page, SIZE)
    chat_button(page, "Edit")
    page.locator("#chat textarea").fill("something else")

    page.locator("#chat textarea").press("Escape")

    expect(page.locator("#chat textarea")).to_have_count(0)
    expect(page.locator("#chat .user-row")).to_contain_text(SIZE)
    expect(page.get_by_label("Your question")).to_be_focused()


@pytest.mark.parametrize("button", ["Retry", "Undo"])
def test_cursor_goes_on_when_its_button_goes(seeds: Watched, button: str) -> None:
    """After a button that is drawn anew, the cursor is in the question box, and not lost."""
    ask(seeds.page, SIZE)

    chat_button(seeds.page, button)

    expect(seeds.page.get_by_label("Your question")).to_be_focused()


def test_nothing_typed_asks_nothing(seeds: Watched) -> None:
    """Enter in an empty box leaves the chat as it is."""
    box = seeds.page.get_by_label("Your question")
    for typed in ("", "   "):
        box.fill(typed)
        box.press("Enter")

    # The box is deaf while it is being told so; an example is heard at any time.
    seeds.page.locator("#chat .example").first.click()

    finished(seeds.page)
    expect(seeds.page.locator("#chat .user-row")).to_have_count(1)
    expect(seeds.page.locator("#chat")).not_to_contain_text("Not answered")


def test_steps_say_whether_they_are_open(seeds: Watched) -> None:
    """The step of the search is a button that shows what was found, and says so aloud."""
    ask(seeds.page, SIZE)
    step = newest(seeds.page).get_by_role("button", name=re.compile("passages? of"))
    expect(step).to_have_attribute("aria-expanded", "false")

    step.press("Enter")

    expect(step).to_have_attribute("aria-expanded", "true")
    expect(newest(seeds.page).locator(".thought-group li").first).to_be_visible()


def test_place_in_the_list_is_kept(browser: Browser, newsroom_url: str) -> None:
    """An article opens beside the list, which stays where it is; the way back leads to its line."""
    with opened(browser, newsroom_url) as watched:
        page = watched.page
        page.get_by_role("tab", name="Articles").click()
        pressed = page.locator("#articles [data-article]").nth(40)
        pressed.scroll_into_view_if_needed()
        at = page.evaluate("scrollY")

        pressed.click()

        expect(page.locator("#reading .reader")).to_be_focused()
        expect(page.locator("#reading .reader h2")).to_be_in_viewport()
        page.wait_for_function("at => scrollY === at", arg=at)
        assert at > 0
        page.get_by_role("link", name="Back to the articles").press("Enter")
        expect(pressed).to_be_focused()
        expect(pressed).to_be_in_viewport()


def test_empty_reader_says_what_to_do(browser: Browser, newsroom_url: str) -> None:
    """Before an article is chosen, a line says what to do."""
    with opened(browser, newsroom_url) as watched:
        watched.page.get_by_role("tab", name="Articles").click()

        expect(watched.page.locator("#reading")).to_contain_text("Choose an article")


def test_everything_pressed_is_large_enough(browser: Browser, seeds_url: str) -> None:
    """On a phone every button and link under an answer can be met with a thumb."""
    with opened(browser, seeds_url, width=390, height=844) as watched:
        page = watched.page
        ask(page, SIZE)

        small = page.evaluate(
            """(least) => [...document.querySelectorAll("#chat button, #chat a, #evidence button")]
              .filter((part) => part.checkVisibility())
              .filter((part) => Math.min(
                part.getBoundingClientRect().width, part.getBoundingClientRect().height) < least)
              .map((part) => part.outerHTML.slice(0, 120))""",
            LEAST,
        )
        assert small == []


def test_korean_reader_hears_korean(browser: Browser, seeds_url: str) -> None:
    """The names of Gradio's own parts are Korean too; nothing stands about that is not ours."""
    context = browser.new_context(locale="ko-KR")
    page = context.new_page()
    page.goto(seeds_url)
    page.locator("#question textarea").fill(SIZE)
    page.locator("#question textarea").press("Enter")
    copy = page.locator("#chat .bot-row").get_by_role("button", name="메시지 복사")
    expect(copy.last).to_be_visible()

    page.wait_for_function(f"() => ({HEARD})().length === 0")

    expect(page.locator("#chat").get_by_role("button", name="대화 지우기")).to_be_hidden()
    context.close()


@pytest.mark.parametrize(("asked", "language"), [("ko-KR,ko", "ko"), ("de", "en")])
def test_head_is_the_products_own(seeds_url: str, asked: str, language: str) -> None:
    """The document has its language and title before any script; no card of a toolkit is in it."""
    with urlopen(Request(seeds_url, headers={"Accept-Language": asked})) as answer:
        document = answer.read().decode()

    assert re.search(rf'<html\s+lang="{language}"', document)
    assert "<title>Dateline</title>" in document
    assert 'property="og:' not in document
    assert 'name="twitter:' not in document


def test_icon_is_the_products_own(seeds_url: str) -> None:
    """The picture in the browser's tab is not the toolkit's."""
    with urlopen(f"{seeds_url}favicon.ico") as answer:
        assert b"#7a1f1f" in answer.read()


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_folds_pass_the_whole_check(
    browser: Browser, newsroom_url: str, axe: str, width: int, dark: bool
) -> None:
    """axe finds nothing at all with conversations, settings, feedback or a removal open."""
    with opened(browser, newsroom_url, width=width, dark=dark) as watched:
        page = watched.page
        page.evaluate(axe)
        ask(page, articles.TUNNEL)
        page.get_by_role("button", name="Conversations").click()
        expect(page.locator("#conversation-list .conversation").first).to_be_visible()
        assert violations(page) == []
        page.get_by_role("button", name="Settings").click()
        expect(page.locator("#settings")).to_be_visible()
        page.get_by_text("Give feedback").last.click()
        expect(page.locator("#feedback h2")).to_be_focused()
        assert violations(page) == []

        page.get_by_role("tab", name="Articles").click()
        page.locator("#articles [data-article]").first.click()
        page.get_by_role("button", name=re.compile("Remove this article")).click()
        expect(page.locator("#confirm")).to_be_focused()
        assert violations(page) == []


def violations(page: Page) -> list[str]:
    """What the accessibility checker says against the page as it is."""
    run = "(tags) => axe.run(document, {runOnly: [...tags, 'best-practice']})"

    def found() -> list[str]:
        violations = page.evaluate(run, TAGS)["violations"]
        return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in violations]

    return left_over(page, found)
