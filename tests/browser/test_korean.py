"""The page as a Korean reader sees it: what is fixed, what is said, and every step between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect

from .chat import SIZE, rested
from .conftest import left_over

# Names that are the same in both languages, and what Gradio says in English whatever the language.
SAME = {"Dateline", "Markdown", "HTML", "JSON"}
GRADIOS = {"chatbot conversation", "Copy message", "undo", "Scroll down"}
# Everything a reader sees or hears of the page, without what is an article's or the reader's own.
LEFT_OVERS = """() => {
  const own = "blockquote, mark, .reader h2, h3, h4, code, .byline, .user-row, .title, " +
    ".example, .next li, " +
    ".asked, .thought-group li, script, style, .facts, .conversation button.title, .endings";
  const said = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const box = node.parentElement;
    if (box.closest(own) || !box.checkVisibility()) continue;
    said.push(node.textContent.trim());
  }
  document.querySelectorAll("[aria-label], [placeholder]").forEach((box) => {
    if (box.closest(own) || !box.checkVisibility()) return;
    said.push(box.getAttribute("aria-label") || "", box.getAttribute("placeholder") || "");
  });
  return said.filter((text) => /[A-Za-z]{2,}/.test(text) && !/[가-힣]/.test(text));
}"""


@contextmanager
def korean(browser: Browser, url: str) -> Iterator[Page]:
    """The page in a Korean reader's browser."""
    context = browser.new_context(
        locale="ko-KR", viewport={"width": 1280, "height": 800}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(url)
    page.locator("#question textarea").wait_for()
    yield page
    context.close()


def ask(page: Page, question: str) -> None:
    box = page.locator("#question textarea")
    box.fill(question)
    box.press("Enter")
    expect(page.locator("#chat .bot-row").last).to_contain_text("검색 대상")
    expect(page.locator("#question").get_by_role("button", name="질문하기")).to_be_visible()
    rested(page)


def english(page: Page) -> list[str]:
    """What is said in English alone, though it is not an article's."""

    def found() -> list[str]:
        return [text for text in page.evaluate(LEFT_OVERS) if text not in SAME | GRADIOS]

    return left_over(page, found)


def test_korean_reader_is_answered_in_korean(browser: Browser, seeds_url: str) -> None:
    """Head, fields, tabs, counts and dates are Korean; the articles' own words are not touched."""
    with korean(browser, seeds_url) as page:
        expect(page.locator(".holdings")).to_contain_text("기사 2건")
        expect(page.locator(".holdings")).to_contain_text("2023년 9월 13일")
        expect(page.locator("html")).to_have_attribute("lang", "ko")
        expect(page.locator("#chat .placeholder")).to_contain_text("기사에 대해 질문하세요")
        assert english(page) == []

        ask(page, SIZE)

        card = page.locator("#evidence .card").first
        expect(card).to_contain_text("551.5")
        expect(card).to_contain_text("2023년 9월 13일")
        expect(page.locator("#evidence [role=tab]").first).to_contain_text("인용")
        said = page.locator("#chat .bot-row").last
        expect(said).to_contain_text("근거 있음, 원문 그대로 인용")
        expect(said).to_contain_text("2023년 9월 13일")
        expect(page.locator("#follow-ups button").first).to_be_visible()
        assert english(page) == []


def test_korean_reader_sets_reads_and_browses(browser: Browser, seeds_url: str) -> None:
    """Settings, chips, a refusal, the reader, feedback, conversations and articles are Korean."""
    with korean(browser, seeds_url) as page:
        page.locator("#show-settings").click()
        since = page.locator("#settings").get_by_label("시작일")
        since.fill("2023-09")
        since.press("Tab")
        expect(page.locator("#chips")).to_contain_text("2023년 9월부터")
        page.get_by_role("radio", name=re.compile("^엄격")).check()
        expect(page.get_by_role("button", name="해제: 엄격")).to_be_visible()
        assert english(page) == []

        ask(page, "What is the capital of Peru?")
        expect(page.locator("#chat .bot-row").last).to_contain_text("아카이브에는 답이 없습니다.")
        expect(page.locator("#chat .bot-row").last).to_contain_text("2023년 9월 1일부터 기사만")
        assert english(page) == []

        ask(page, SIZE)
        page.get_by_text("의견 보내기").last.click()
        expect(page.locator("#feedback h2")).to_contain_text("어떻게 생각하세요")
        page.locator("#evidence").get_by_text("기사 읽기").first.click()
        expect(page.locator("#evidence .reader")).to_be_visible()
        page.get_by_role("button", name="대화 목록").click()
        expect(page.locator("#conversation-list .conversation").first).to_contain_text("질문 2개")
        assert english(page) == []

        page.get_by_role("tab", name="기사", exact=True).first.click()
        expect(page.locator("#articles h2").last).to_contain_text("기사 2건")
        assert english(page) == []


def test_english_reader_is_answered_in_english(browser: Browser, seeds_url: str) -> None:
    """Who does not ask for Korean first reads English, whatever comes second."""
    context = browser.new_context(locale="de-DE", extra_http_headers={"Accept-Language": "de,ko"})
    page = context.new_page()
    page.goto(seeds_url)

    expect(page.locator(".holdings")).to_contain_text("2 articles")
    expect(page.get_by_label("Your question")).to_be_visible()
    context.close()
