"""The page as a reader uses it: ask, check the quote, ask on, begin anew."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, expect

from .chat import (
    PERU,
    REFUSAL,
    SIZE,
    SIZE_QUOTE,
    ask,
    finished,
    markers,
    newest,
    send,
    serious,
    shown_quote,
)
from .conftest import Steps, Watched, opened


def posted(home: str, question: str) -> dict[str, Any]:
    """What a program gets that posts a question."""
    body = json.dumps({"data": [question]}).encode()
    headers = {"Content-Type": "application/json"}
    with urlopen(Request(f"{home}gradio_api/call/ask", body, headers)) as accepted:
        event = json.load(accepted)["event_id"]
    with urlopen(f"{home}gradio_api/call/ask/{event}") as stream:
        last = stream.read().decode().strip().split("\n\n")[-1]
    assert last.startswith("event: complete"), last
    answer = json.loads(last.split("data: ", 1)[1])[0]
    assert isinstance(answer, dict)
    return answer


def test_answer_is_a_quote_with_its_source(seeds: Watched) -> None:
    """A question is answered with a quoted sentence, its verdict, its source and its coverage."""
    ask(seeds.page, SIZE)

    said = newest(seeds.page)
    expect(said.locator("blockquote").first).to_contain_text(SIZE_QUOTE)
    expect(said).to_contain_text("Supported")
    expect(said).to_contain_text("Dateline, 13 Sep 2023")
    expect(said).to_contain_text("Searched 2 articles of 1 publisher")


def test_seeds_note_is_shown(seeds: Watched) -> None:
    """A reader is told that the bundled articles are asked."""
    expect(seeds.page.locator(".masthead")).to_contain_text("bundled seed articles")


def test_marker_shows_the_highlighted_quote(seeds: Watched) -> None:
    """A marker leads to its quote, highlighted in its passage, with title, publisher and date."""
    ask(seeds.page, SIZE)

    markers(seeds.page).first.click()

    card = seeds.page.locator("#evidence .card.shown")
    expect(shown_quote(seeds.page)).to_contain_text(SIZE_QUOTE)
    expect(shown_quote(seeds.page)).to_be_in_viewport()
    expect(card).to_be_focused()
    expect(card).to_contain_text("Dateline · 13 Sep 2023")


def test_keyboard_reaches_the_quote_and_comes_back(seeds: Watched) -> None:
    """Without a mouse: Enter on a marker shows its quote, "Back to the answer" returns to it."""
    ask(seeds.page, SIZE)
    marker = markers(seeds.page).first
    marker.focus()
    seeds.page.keyboard.press("Enter")
    expect(seeds.page.locator("#evidence .card.shown")).to_be_focused()

    seeds.page.locator("#evidence .card.shown").get_by_text("Back to the answer").press("Enter")

    expect(marker).to_be_focused()


def test_older_marker_restores_its_evidence(seeds: Watched) -> None:
    """A marker of an earlier answer brings back the evidence of that answer."""
    ask(seeds.page, SIZE)
    ask(seeds.page, "Which professor said North Korea lags behind in reconnaissance satellites?")
    expect(seeds.page.locator("#evidence .asked")).to_contain_text("professor")

    markers(seeds.page).first.click()

    expect(seeds.page.locator("#evidence .asked")).to_contain_text(SIZE)
    expect(shown_quote(seeds.page)).to_contain_text(SIZE_QUOTE)


def test_clicking_an_older_answer_restores_its_evidence(seeds: Watched) -> None:
    """Clicking an earlier answer anywhere brings back its evidence."""
    ask(seeds.page, SIZE)
    ask(seeds.page, "Who met at the Vostochny Cosmodrome?")

    seeds.page.locator("#chat .user-row").first.get_by_text(SIZE).click()

    expect(seeds.page.locator("#evidence .asked")).to_contain_text(SIZE)


def test_follow_up_shows_how_it_was_understood(seeds: Watched) -> None:
    """A follow-up is answered from the conversation and shows the standalone question."""
    ask(seeds.page, SIZE)

    ask(seeds.page, "When did it begin operating?")

    expect(newest(seeds.page)).to_contain_text("Understood as")
    expect(newest(seeds.page)).to_contain_text("2016")


def test_off_topic_is_refused(seeds: Watched) -> None:
    """What the articles do not hold is refused, with what was searched and nothing quoted."""
    ask(seeds.page, PERU)

    expect(newest(seeds.page)).to_contain_text(REFUSAL)
    expect(newest(seeds.page)).to_contain_text("Searched 2 articles")
    expect(seeds.page.locator("#evidence mark")).to_have_count(0)


def test_example_is_asked_by_a_click(seeds: Watched) -> None:
    """An example in the empty chat is asked when it is clicked."""
    seeds.page.get_by_role("button", name=SIZE).click()

    finished(seeds.page)
    expect(newest(seeds.page).locator("blockquote").first).to_contain_text(SIZE_QUOTE)


def test_new_chat_begins_anew(seeds: Watched) -> None:
    """New chat empties the chat and the evidence, and the box has the cursor."""
    ask(seeds.page, SIZE)

    seeds.page.get_by_role("button", name="New chat").click()

    expect(seeds.page.locator("#chat .user-row")).to_have_count(0)
    expect(seeds.page.locator("#evidence .card")).to_have_count(0)
    expect(seeds.page.get_by_label("Your question")).to_be_focused()


def test_retry_asks_the_same_again(seeds: Watched) -> None:
    """Retry answers the last question once more, in its place."""
    ask(seeds.page, SIZE)
    marker = markers(seeds.page).first
    before = marker.get_attribute("href")

    seeds.page.get_by_label("Retry").last.click()

    expect(marker).not_to_have_attribute("href", before or "")
    finished(seeds.page)
    expect(seeds.page.locator("#chat .user-row")).to_have_count(1)


def test_undo_gives_the_question_back(seeds: Watched) -> None:
    """Undo takes the last exchange away and puts its question back into the box."""
    ask(seeds.page, SIZE)

    seeds.page.get_by_label("Undo").last.click()

    expect(seeds.page.locator("#chat .user-row")).to_have_count(0)
    expect(seeds.page.get_by_label("Your question")).to_have_value(SIZE)


def test_edited_question_is_asked_instead(seeds: Watched) -> None:
    """An edited question replaces the one it was, and is asked."""
    ask(seeds.page, PERU)

    seeds.page.get_by_label("Edit").last.click()
    seeds.page.locator("#chat textarea").fill(SIZE)
    seeds.page.locator("#chat").get_by_label("Submit").click()

    expect(seeds.page.locator("#chat .user-row")).to_contain_text(SIZE)
    expect(newest(seeds.page).locator("blockquote").first).to_contain_text(SIZE_QUOTE)


def test_question_that_cannot_be_asked_gets_a_line(seeds: Watched) -> None:
    """A wordless or endless question gets one line in the chat, and the page goes on."""
    for question in ("?!", "word " * 20_000):
        ask(seeds.page, question)

        expect(newest(seeds.page)).to_contain_text("Not answered")
        expect(seeds.page.locator("body")).not_to_contain_text("Traceback")

    ask(seeds.page, SIZE)
    expect(newest(seeds.page)).to_contain_text(SIZE_QUOTE)


def test_stop_stops(browser: Browser, steps: Steps) -> None:
    """Stop ends an answer under way, says that it is not complete, and the page goes on."""
    with opened(browser, steps.url) as watched:
        page = watched.page
        send(page, SIZE)
        expect(newest(page)).to_contain_text("Searching")

        page.locator("#question").get_by_role("button", name="Stop").click()

        expect(newest(page)).to_contain_text("Stopped. What stands above is not complete.")
        expect(page.locator("#chat")).not_to_contain_text("Error")
        steps.archive.finish()
        page.wait_for_timeout(1_000)  # longer than the rest of the answer takes
        expect(newest(page)).not_to_contain_text("Supported")
        ask(page, SIZE)
    assert watched.complaints == []


def test_steps_are_seen(browser: Browser, steps: Steps) -> None:
    """The reader sees the search, then what it found, then each sentence with its verdict."""
    with opened(browser, steps.url) as watched:
        page = watched.page
        send(page, SIZE)

        expect(newest(page)).to_contain_text("Searching the archive")
        steps.archive.go_on()
        expect(newest(page)).to_contain_text("Searching 2 articles")
        steps.archive.go_on()
        expect(newest(page)).to_contain_text(re.compile(r"\d+ passages of 2 articles, 13 Sep 2023"))
        expect(newest(page)).not_to_contain_text("Supported")
        steps.archive.go_on()
        expect(newest(page)).to_contain_text("Supported")
        expect(newest(page)).not_to_contain_text("Searched")
        steps.archive.finish()
        finished(page)


def test_article_is_read_at_the_quote(seeds: Watched) -> None:
    """From a quote to its whole article, at the highlighted place, and back."""
    ask(seeds.page, SIZE)

    seeds.page.locator("#evidence .card").first.get_by_text("Read the article").click()

    quote = seeds.page.locator("#evidence .reader mark")
    expect(quote).to_contain_text(SIZE_QUOTE)
    expect(quote).to_be_in_viewport()
    expect(seeds.page.locator("#evidence .reader")).to_be_focused()
    seeds.page.get_by_text("Back to the evidence").click()
    expect(seeds.page.locator("#evidence .asked")).to_contain_text(SIZE)


def test_search_is_limited_to_dates(seeds: Watched) -> None:
    """A limit is shown above the question, decides what is searched, and is said with it."""
    seeds.page.locator("#limits > button").click()
    since = seeds.page.locator("#limits").get_by_label("Since")
    since.fill("2024")
    since.press("Tab")
    expect(seeds.page.locator("#chips")).to_contain_text("since Jan 2024")

    ask(seeds.page, SIZE)

    expect(newest(seeds.page)).to_contain_text("Only articles since 1 Jan 2024")
    expect(newest(seeds.page)).to_contain_text(REFUSAL)
    expect(newest(seeds.page)).to_contain_text("Searched 0 articles")


def test_search_is_limited_to_publishers(seeds: Watched) -> None:
    """The publishers to choose from are the archive's, and the choice is said."""
    seeds.page.locator("#limits > button").click()
    seeds.page.locator("#limits").get_by_label("Publishers").click()
    seeds.page.get_by_role("option", name="Dateline").click()
    expect(seeds.page.locator("#chips")).to_contain_text("by Dateline")

    ask(seeds.page, SIZE)

    expect(newest(seeds.page)).to_contain_text("Only articles by Dateline")
    expect(newest(seeds.page).locator("blockquote").first).to_contain_text(SIZE_QUOTE)


def test_unreadable_limit_is_said(seeds: Watched) -> None:
    """A date that cannot be read is said at once, and a question asked with it gets a line."""
    seeds.page.locator("#limits > button").click()
    since = seeds.page.locator("#limits").get_by_label("Since")
    since.fill("yesterday")
    since.press("Tab")
    expect(seeds.page.locator("#chips [role=alert]")).to_contain_text("is not a date")

    ask(seeds.page, SIZE)

    expect(newest(seeds.page)).to_contain_text("Not answered. 'yesterday' is not a date")


def test_articles_are_listed_searched_and_read(seeds: Watched) -> None:
    """The second tab lists the articles, finds them by their words and opens them to be read."""
    page = seeds.page
    page.get_by_role("tab", name="Articles").click()
    listed = page.locator("#articles")
    expect(listed).to_contain_text("2 articles")
    expect(listed.locator(".timeline")).to_contain_text("Sep 2023")

    page.get_by_label("Search the articles").fill("Baikonur")
    page.get_by_label("Search the articles").press("Enter")
    expect(listed).to_contain_text("found")
    listed.get_by_text("Read the article").first.click()

    expect(page.locator("#reading .reader")).to_contain_text("Baikonur")
    expect(page.locator("#reading .reader")).to_be_focused()


def test_many_readers_are_answered_at_once(seeds: Watched) -> None:
    """Twenty who ask at the same time each get the whole answer to their own question."""
    wanted = {
        SIZE: "551.5",
        "When did Vostochny begin operating as Russia's main spaceport?": "2016",
        PERU: REFUSAL,
    }
    questions = list(wanted) * 7

    with ThreadPoolExecutor(20) as readers:
        answers = list(readers.map(lambda question: posted(seeds.home, question), questions[:20]))

    for question, answer in zip(questions, answers, strict=False):
        assert wanted[question] in answer["text"]
        assert answer["complete"] is True


def test_other_hosts_are_forbidden(seeds: Watched) -> None:
    """Even a script that got into the page could not reach another host."""
    policy = urlopen(seeds.home).headers["Content-Security-Policy"]

    assert "connect-src 'self'" in policy
    assert "img-src 'self' data: blob:" in policy


def test_programs_ask_one_typed_endpoint(seeds: Watched) -> None:
    """`ask` is the page's only public endpoint, and health is beside it."""
    described = json.load(urlopen(f"{seeds.home}gradio_api/info"))
    health = json.load(urlopen(f"{seeds.home}healthz"))

    assert list(described["named_endpoints"]) == ["/ask"]
    assert described["unnamed_endpoints"] == {}
    assert health == {"status": "ok"}


def test_endpoint_says_what_is_wrong(seeds: Watched) -> None:
    """A question that cannot be asked is an error for a program too, in words."""
    with pytest.raises(AssertionError, match="question"):
        posted(seeds.home, "  ")


@pytest.mark.parametrize("dark", [False, True])
def test_everyone_can_use_it(browser: Browser, seeds_url: str, dark: bool) -> None:
    """axe finds nothing serious on the empty chat, an answer, the reader and the articles."""
    axe = resources.files(pytest.importorskip("axe_core_python")).joinpath("axe.min.js")
    with opened(browser, seeds_url, dark=dark) as watched:
        page = watched.page
        page.evaluate(axe.read_text("utf-8"))
        found = serious(page)
        page.locator("#limits > button").click()
        ask(page, SIZE)
        step = page.locator("#chat .thought-group")
        expect(step.locator("li")).to_have_count(0)  # it closes by itself, and opens by a click
        found += serious(page)
        step.locator(".title").click()
        expect(step.locator("li").first).to_be_visible()
        found += serious(page)
        page.get_by_text("Read the article").first.click()
        page.locator("#evidence .reader").wait_for()
        found += serious(page)
        page.get_by_role("tab", name="Articles").click()
        page.locator("#articles .timeline").wait_for()
        found += serious(page)

    assert found == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_page_fits_and_is_pictured(
    browser: Browser, seeds_url: str, screenshots: Path, width: int, dark: bool
) -> None:
    """On a laptop and a phone, light and dark, nothing scrolls sideways; pictures are written."""
    name = f"{width}-{'dark' if dark else 'light'}"
    height = 800 if width > 500 else 844
    with opened(browser, seeds_url, width=width, height=height, dark=dark) as watched:
        page = watched.page
        page.screenshot(path=screenshots / f"{name}-empty.png")
        ask(page, SIZE)
        page.screenshot(path=screenshots / f"{name}-answer.png", full_page=True)
        markers(page).first.click()
        expect(shown_quote(page)).to_be_in_viewport()
        page.screenshot(path=screenshots / f"{name}-quote.png")
        ask(page, PERU)
        page.screenshot(path=screenshots / f"{name}-refusal.png", full_page=True)
        page.get_by_role("tab", name="Articles").click()
        page.locator("#articles .timeline").wait_for()
        page.locator("#articles").get_by_text("Read the article").first.click()
        page.locator("#reading .reader").wait_for()
        page.screenshot(path=screenshots / f"{name}-articles.png", full_page=True)

        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert watched.complaints == []
    assert watched.strangers == []
