"""Feedback as a reader gives it: a reason, a sentence, a remark; and what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from typer.testing import CliRunner

from rag import bundle, settings
from rag.archive import Archive
from rag.cli_eval import app as evaluate
from rag.remarks import Reason

from .chat import PERU, SIZE, ask, reopen, serious
from .conftest import Watched, _served, opened


@dataclass
class Own:
    """An archive of the reader's own, and the address of its page."""

    archive: Archive
    url: str


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Own]:
    """The bundled articles as an archive that is not the bundled one: it has drafts to review."""
    with Archive(tmp_path_factory.mktemp("own"), settings.load()) as archive:
        archive.ingest(bundle.folder("seeds"))
        with _served(archive) as url:
            yield Own(archive, url)


@pytest.fixture
def page(browser: Browser, own: Own) -> Iterator[Page]:
    with opened(browser, own.url) as watched:
        yield watched.page
    assert watched.complaints == []
    assert watched.strangers == []


def form(page: Page) -> Locator:
    """The form of the newest answer, opened."""
    page.locator("#chat").get_by_role("link", name="Give feedback").last.click()
    opened_form = page.locator("#feedback form")
    opened_form.wait_for()
    return opened_form


def test_reason_sentence_and_remark(page: Page, own: Own) -> None:
    """A reason, the sentence meant and a remark are kept with the answer and its receipt."""
    ask(page, SIZE)
    said = form(page)
    expect(said).to_contain_text(SIZE)
    expect(said.get_by_role("heading")).to_be_focused()

    said.get_by_label("The quote does not support this").check()
    said.get_by_label("What you mean").select_option(index=1)
    said.get_by_label("Remark").fill("It says <b>covers</b>.")
    said.get_by_role("button", name="Send").click()

    expect(page.locator("#feedback")).to_contain_text("Thank you.")
    kept = own.archive.feedback.all()[-1]
    assert (kept.reason, kept.question) == (Reason.UNSUPPORTED, SIZE)
    assert kept.words == "It says <b>covers</b>."
    assert "551.5" in (kept.claim or "")
    assert kept.answer is not None
    assert kept.answer.receipt is not None


def test_every_reason_can_be_chosen_by_keyboard(page: Page, own: Own) -> None:
    """Without a mouse: from the link through the reasons to Send; a refusal can be meant too."""
    ask(page, PERU)
    page.locator("#chat").get_by_role("link", name="Give feedback").last.press("Enter")
    page.locator("#feedback form").wait_for()
    expect(page.locator("#feedback").get_by_role("radio")).to_have_count(len(Reason))

    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("An article is missing")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Peru 2024")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("#feedback .thanks")).to_be_focused()
    kept = own.archive.feedback.all()[-1]
    assert (kept.reason, kept.words, kept.claim) == (Reason.MISSING, "Peru 2024", None)
    assert kept.answer is not None
    assert kept.answer.abstained


def test_nothing_is_sent_without_a_reason(page: Page, own: Own) -> None:
    """Without a reason the form stays; Cancel closes it and keeps nothing."""
    before = len(own.archive.feedback.all())
    ask(page, SIZE)
    said = form(page)

    said.get_by_role("button", name="Send").click()
    expect(said).to_be_visible()
    said.get_by_role("button", name="Cancel").click()

    expect(page.locator("#feedback form")).to_have_count(0)
    assert len(own.archive.feedback.all()) == before


def test_older_answer_is_meant(page: Page, own: Own) -> None:
    """The link of an earlier answer opens the form for that one, after a reload too."""
    ask(page, SIZE)
    ask(page, PERU)
    reopen(page)
    expect(page.locator("#chat .user-row")).to_have_count(2)

    page.locator("#chat").get_by_role("link", name="Give feedback").first.click()

    expect(page.locator("#feedback form")).to_contain_text(SIZE)


def test_feedback_becomes_a_case(browser: Browser, own: Own) -> None:
    """What readers said becomes drafts by a command, and the Review tab shows them."""
    with opened(browser, own.url) as watched:
        page = watched.page
        ask(page, "When did Vostochny begin operating as Russia's main spaceport?")
        said = form(page)
        said.get_by_label("Helpful").check()
        said.get_by_role("button", name="Send").click()
        expect(page.locator("#feedback")).to_contain_text("Thank you.")

        done = CliRunner().invoke(evaluate, ["drafts", "--index", str(own.archive.folder)])
        assert done.exit_code == 0, done.output
        assert re.search(r"\d+ new drafts? of", done.output)
        page.get_by_role("tab", name="Review").click()

        draft = page.locator("#draft")
        for left in range(len(own.archive.feedback.all()), 0, -1):
            # Until it begins so, a clock stands before it: the server is still asked.
            begins = re.compile(rf"^\s*{left} drafts? to review", re.IGNORECASE)
            expect(draft).to_have_text(begins, use_inner_text=True)
            if draft.get_by_text("When did Vostochny begin").is_visible():
                break
            page.get_by_role("button", name="Later").click()
        expect(draft).to_contain_text("2016")
        expect(draft).to_contain_text("feedback")
    assert watched.complaints == []


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_form_fits_and_is_pictured(
    browser: Browser, own: Own, screenshots: Path, width: int, dark: bool
) -> None:
    """The form fits on a phone, and axe finds nothing serious in it."""
    name = f"{width}-{'dark' if dark else 'light'}"
    with opened(browser, own.url, width=width, height=844, dark=dark) as watched:
        page = watched.page
        ask(page, SIZE)
        said = form(page)
        said.get_by_label("Out of date").check()
        axe = pytest.importorskip("axe_core_python")
        page.evaluate((Path(axe.__path__[0]) / "axe.min.js").read_text("utf-8"))
        found = serious(page)
        page.screenshot(path=screenshots / f"{name}-feedback.png")

        assert found == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert watched.complaints == []


def test_label_is_no_quote(seeds: Watched) -> None:
    """A screen reader hears what the link is for, not that it shows a quote."""
    ask(seeds.page, SIZE)

    link = seeds.page.locator("#chat").get_by_role("link", name="Give feedback")

    expect(link).to_have_count(1)
