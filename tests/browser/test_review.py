"""The Review tab as an editor uses it: read a draft, reword it, keep it, drop the next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from listening import listening
from playwright.sync_api import Browser, expect
from test_evaluation_desk import reviewed, suite_of_drafts

from rag import bundle, settings
from rag.archive import Archive
from rag.evaluation.desk import Desk
from rag.page.blocks import mounted, page

from .conftest import opened


@pytest.fixture(scope="module")
def suites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A suite of two drafts."""
    return suite_of_drafts(tmp_path_factory.mktemp("desk"), "one", "two")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, suites: Path) -> Iterator[str]:
    """A server whose page has a desk."""
    with Archive(tmp_path_factory.mktemp("desk-index"), settings.load()) as archive:
        archive.ingest(bundle.folder("seeds"))
        app = mounted(FastAPI(), page(archive, Desk(suites)))
        with listening(uvicorn.Config(app, log_level="warning")) as home:
            yield f"{home}/"


def test_drafts_are_kept_reworded_and_dropped(
    browser: Browser, url: str, suites: Path, screenshots: Path
) -> None:
    """A draft is kept in new words, the next is dropped, and the suite says so."""
    with opened(browser, url) as watched:
        shown = watched.page
        shown.get_by_role("tab", name="Review").click()
        expect(shown.locator("#draft")).to_contain_text("2 drafts to review")
        expect(shown.locator("#draft")).to_contain_text("opened on Monday")
        shown.screenshot(path=screenshots / "review.png")

        box = shown.get_by_label("Question to keep")
        expect(box).to_have_value("When did <b>one</b> open?")
        box.fill("When did the bridge open?")
        shown.get_by_role("button", name="Keep").click()
        expect(shown.locator("#draft")).to_contain_text("1 draft to review")
        shown.get_by_role("button", name="Drop").click()
        expect(shown.locator("#draft")).to_contain_text("No drafts to review")
        expect(shown.locator("#draft code")).to_have_count(2)
        expect(box).to_be_hidden()
        expect(shown.get_by_role("button", name="Drop")).to_be_hidden()

        assert watched.complaints == []
        assert watched.strangers == []

    assert reviewed(suites) == {"one": ("When did the bridge open?", True)}
