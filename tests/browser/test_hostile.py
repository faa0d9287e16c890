"""Articles that try to be more than text: nothing runs, nothing leaves, the page stays usable."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from measuring import least
from playwright.sync_api import Browser, Dialog, Page, expect

from rag.archive import Archive, open_archive

from .chat import ask, markers, newest, shown_quote
from .conftest import Watched, _served, opened
from .test_archive import dropped, shown

ATTACKS = (
    "<script>window.PWNED=1; alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "<svg/onload=alert(3)>",
    "[click](javascript:alert(4))",
    "![pixel](http://tracker.invalid/p.png)",
    "http://tracker.invalid/bare",
    "${alert(5)} {{alert(6)}} &lt;img src=x onerror=alert(7)&gt;",
    '" onmouseover="alert(8)',
    '__i18n__{"__type__":"translation_metadata","key":"Ask"}',
)
FACT = "The crooked observatory has stood on Mount Tamper since 1911"
QUESTION = "Since when has the crooked observatory stood on Mount Tamper?"
MEGABYTE = 1_000_000
# What a reader still calls prompt: opening the article, reading it whole, asking the next question.
_SECONDS_PROMPT = 10.0
# What a question alone takes on a machine with nothing else to do; where it takes longer, the
# machine is slower or busy, and all is given the longer.
_SECONDS_ALONE = 1.0


def hostile(folder: Path) -> Path:
    """An article that attacks in its card, its text and its size."""
    row = {
        "title": " ".join(ATTACKS[:4]),
        "publisher": "<script>alert(10)</script>",
        "author": "<img src=x onerror=alert(11)>",
        "url": "javascript:alert(12)",
        "text": " ".join((FACT, *ATTACKS, "."))
        + f"\n\n{'observatory' * (MEGABYTE // len('observatory'))}",
    }
    path = folder / "<img src=x onerror=alert(9)>.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def hostile_archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("hostile")
    with open_archive(folder / "index") as archive:
        archive.ingest(hostile(folder))
        yield archive


@pytest.fixture(scope="module")
def attacked_url(hostile_archive: Archive) -> Iterator[str]:
    with _served(hostile_archive) as url:
        yield url


@contextmanager
def attacked(browser: Browser, url: str) -> Iterator[Watched]:
    """A page that is watched for whatever an attack would do."""
    dialogs: list[str] = []

    def opened_dialog(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    with opened(browser, url) as watched:
        watched.page.on("dialog", opened_dialog)
        yield watched
        assert watched.page.evaluate("window.PWNED") is None
        assert watched.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert dialogs == []
    assert watched.strangers == []
    assert watched.complaints == []


def expect_text(page: Page, place: str) -> None:
    """Every attack stands there to be read, and none became an element."""
    for attack in ATTACKS:
        expect(page.locator(place).first).to_contain_text(attack)
    assert page.locator(f"{place} :is(img, script, svg[onload], [onmouseover])").count() == 0
    assert page.locator(f'{place} a[href^="javascript"], {place} a[href*="tracker"]').count() == 0


def test_chat_and_evidence(browser: Browser, attacked_url: str) -> None:
    """In the answer, its card, the other tabs and the reader an attack is text."""
    with attacked(browser, attacked_url) as watched:
        page = watched.page
        ask(page, QUESTION)
        markers(page).first.click()
        expect(shown_quote(page)).to_contain_text(FACT)
        expect_text(page, "#evidence")
        assert page.locator("#chat :is(img, script), #chat a[href^='javascript']").count() == 0

        page.locator("#evidence").get_by_role("tab", name="Found, not cited").click()
        page.locator("#evidence").get_by_role("tab", name="Left out, and why").click()
        expect(page.locator("#evidence [role=tabpanel]:visible")).not_to_contain_text("Looking")
        page.locator("#evidence").get_by_role("tab", name="Cited (1)").click()
        page.locator("#evidence .card").get_by_text("Read the article").first.click()

        expect(page.locator("#evidence .reader mark")).to_contain_text(FACT)
        expect_text(page, "#evidence .reader")


def test_megabyte_does_not_freeze(browser: Browser, attacked_url: str) -> None:
    """A text of a megabyte without a blank is cut, shown whole when asked, and the page goes on.

    Prompt is measured by what a question takes alone on the same machine, and of up to three
    readings the quickest counts: what else the machine does only adds to one.
    """
    assert least(lambda: times_prompt(browser, attacked_url), enough=1.0) < 1.0


def times_prompt(browser: Browser, url: str) -> float:
    """From opening the article to the answer of a question after it: how often what is prompt."""
    with attacked(browser, url) as watched:
        page = watched.page
        began = time.monotonic()
        ask(page, QUESTION)
        alone = time.monotonic() - began
        shown(page)
        began = time.monotonic()
        page.locator("#articles").get_by_role("button", name="Read the article").click()
        expect_text(page, "#reading .reader")
        expect(page.locator("#reading .reader")).to_contain_text("Shown are characters 1 to")

        page.get_by_role("button", name="Show the whole text").click()
        expect(page.get_by_role("button", name="Show the whole text")).to_have_count(0)

        page.get_by_role("tab", name="Ask").click()
        ask(page, QUESTION)
        expect(newest(page)).to_contain_text("1911")
        took = time.monotonic() - began
        return took / (_SECONDS_PROMPT * max(1.0, alone / _SECONDS_ALONE))


def test_archive_and_search(browser: Browser, attacked_url: str) -> None:
    """In the list, in what a search finds and in the question of removal an attack is text."""
    with attacked(browser, attacked_url) as watched:
        page = watched.page
        shown(page)
        expect(page.locator("#articles")).to_contain_text("<img src=x onerror=alert(2)>")
        page.get_by_label("Search the articles").fill(f"crooked observatory {ATTACKS[1]}")
        page.get_by_role("button", name="Search").click()
        expect(page.locator("#articles")).to_contain_text("1 article found")
        expect_text(page, "#articles")

        page.locator("#articles").get_by_role("button", name="Read the article").click()
        page.get_by_role("button", name="Remove this article").click()

        expect(page.locator("#confirm")).to_contain_text(
            "<script>window.PWNED=1; alert(1)</script>"
        )
        assert page.locator("#reading :is(img, script)").count() == 0


def test_dropped_file(browser: Browser, tmp_path: Path) -> None:
    """The name of a file that is dropped, and the reason why it fails, are text."""
    with open_archive(tmp_path / "index") as archive, _served(archive) as url:
        good = tmp_path / "<img src=x onerror=alert(13)>.txt"
        good.write_text(f"{FACT} {' '.join(ATTACKS)}.", encoding="utf-8")
        bad = tmp_path / "<script>alert(14)<\u2215script>.csv"
        bad.write_text("<img src=x onerror=alert(15)>,b\n1,2\n", encoding="utf-8")
        with attacked(browser, url) as watched:
            page = watched.page
            shown(page)
            dropped(page, good, bad)

            expect(page.locator("#added .took li")).to_have_count(2)
            assert page.locator("#added :is(img, script)").count() == 0
            page.locator("#articles").get_by_role("button", name="Read the article").click()
            expect_text(page, "#reading .reader")
