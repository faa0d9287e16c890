"""The page as a Korean reader sees it: what is fixed, what is said, and every step between."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from .test_page import SIZE


def test_korean_reader_is_answered_in_korean(browser: Browser, seeds_url: str) -> None:
    """Head, fields, tabs, counts and dates are Korean; the articles' own words are not touched."""
    context = browser.new_context(locale="ko-KR", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(seeds_url)
    expect(page.locator(".holdings")).to_contain_text("기사 2건")
    expect(page.locator(".holdings")).to_contain_text("2023년 9월 13일")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    box = page.locator("#question textarea")
    expect(page.locator("#question label")).to_contain_text("질문")

    box.fill(SIZE)
    box.press("Enter")

    card = page.locator("#evidence .card").first
    expect(card).to_contain_text("551.5", timeout=30_000)
    expect(card).to_contain_text("2023년 9월 13일")
    expect(page.locator("#evidence [role=tab]").first).to_contain_text("인용")
    expect(page.locator("#chat .bot-row").last).to_contain_text("2023년 9월 13일")
    page.get_by_role("tab", name=re.compile("기사|Articles")).first.click()
    expect(page.locator("#articles h2").last).to_contain_text("기사 2건")
    context.close()


def test_english_reader_is_answered_in_english(browser: Browser, seeds_url: str) -> None:
    """Who does not ask for Korean first reads English, whatever comes second."""
    context = browser.new_context(locale="de-DE", extra_http_headers={"Accept-Language": "de,ko"})
    page = context.new_page()
    page.goto(seeds_url)

    expect(page.locator(".holdings")).to_contain_text("2 articles")
    expect(page.get_by_label("Your question")).to_be_visible()
    context.close()
