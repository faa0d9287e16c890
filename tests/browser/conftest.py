"""A real browser against a real server on loopback, asking the bundled seed articles."""

from __future__ import annotations

import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from listening import listening
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from rag import bundle, settings
from rag.archive import Archive
from rag.records import Answer
from rag.service import build_app

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The browser is to speak to the page alone.
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Read here, because the tests run without the settings of whoever runs them.
_SCREENSHOTS = os.environ.get("RAG_SCREENSHOTS")
# What Gradio says of a request under way when its page is left, before and after it is.
_ABORTED = re.compile(r"^AbortError|errored out|ERR_ABORTED|Failed to fetch")
_SECONDS_TO_STOP = 1
_STEPS_AT_MOST = 1_000  # no answer has as many
_SECONDS_TO_LET_GO = 60
# How long anything may take to appear on a busy machine; nothing waits longer than it must.
_MS_TO_APPEAR = 60_000
# How long what a page shows while it works, moves or fades may stay, and how often it is looked at.
_SECONDS_TO_REST = 20
_MS_BETWEEN_LOOKS = 250


def left_over(page: Page, found: Callable[[], list[str]]) -> list[str]:
    """What is still found when the page has come to rest; what shows while it works is not meant.

    A page at rest is one in which nothing is found; it is given as long as an answer takes.
    """
    due = time.monotonic() + _SECONDS_TO_REST
    while (what := found()) and time.monotonic() < due:
        page.wait_for_timeout(_MS_BETWEEN_LOOKS)
    return what


@dataclass
class Watched:
    """A page and what went wrong while it was used."""

    page: Page
    home: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    is_left: bool = False

    def __post_init__(self) -> None:
        self.page.on("console", self.said)
        self.page.on("pageerror", lambda error: self.complained(str(error)))
        self.page.on("request", self.asked_for)
        self.page.on("domcontentloaded", self.arrived)

    def said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complained(message.text)

    def complained(self, words: str) -> None:
        # A page that is left for its reload says of each request under way that it is aborted.
        if not self.is_left:
            self.complaints.append(words)

    def arrived(self, _: Page) -> None:
        self.is_left = False

    def asked_for(self, request: Request) -> None:
        if request.is_navigation_request():
            self.is_left = True
            self.complaints[:] = [said for said in self.complaints if not _ABORTED.search(said)]
        if not request.url.startswith((self.home, "data:", "blob:")):
            self.strangers.append(request.url)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Headless Chromium; tests that need it are skipped where it is absent.

    It ends with this folder: Playwright keeps an event loop running, beside which the tests of
    other folders could not run theirs.
    """
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        pytest.skip("Chromium is not installed")
    expect.set_options(timeout=_MS_TO_APPEAR)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def seeds_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that asks the bundled articles."""
    folder = tmp_path_factory.mktemp("seeds-index")
    with Archive(folder, settings.load(), is_seeds=True) as archive:
        archive.ingest(bundle.folder("seeds"))
        with _served(archive) as url:
            yield url


class Stepwise(Archive):
    """An archive that shows a snapshot, and the next when it is told to go on."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._leave = threading.Semaphore(0)

    def go_on(self, steps: int = 1) -> None:
        """Let so many further snapshots be shown."""
        self._leave.release(steps)

    def finish(self) -> None:
        """Let all the rest of the answer be shown."""
        self.go_on(_STEPS_AT_MOST)

    def begin_anew(self) -> None:
        """Let go of whoever still waits, and hold the next answer at its first snapshot."""
        held, self._leave = self._leave, threading.Semaphore(0)
        held.release(_STEPS_AT_MOST)

    def stream(self, *asked: Any, **limits: Any) -> Iterator[Answer]:
        leave = self._leave
        for snapshot in super().stream(*asked, **limits):
            yield snapshot
            leave.acquire(timeout=_SECONDS_TO_LET_GO)

    def ask(self, *asked: Any, **limits: Any) -> Answer:
        """What is asked for suggestions takes no step from an answer that is looked at."""
        *_, last = super().stream(*asked, **limits)
        return last


@dataclass(frozen=True)
class Steps:
    """A server of the bundled articles that answers step by step, and its archive."""

    archive: Stepwise
    url: str


@pytest.fixture(scope="package")
def _stepwise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Steps]:
    folder = tmp_path_factory.mktemp("stepwise-index")
    with Stepwise(folder, settings.load()) as archive:
        archive.ingest(bundle.folder("seeds"))
        with _served(archive) as url:
            yield Steps(archive, url)


@pytest.fixture
def steps(_stepwise: Steps) -> Iterator[Steps]:
    """A server that shows the next step of an answer when it is told to."""
    _stepwise.archive.begin_anew()
    yield _stepwise
    _stepwise.archive.begin_anew()


@contextmanager
def _served(archive: Archive) -> Iterator[str]:
    config = uvicorn.Config(
        build_app(archive),
        log_level="warning",
        timeout_graceful_shutdown=_SECONDS_TO_STOP,  # a page left open would hold it up
    )
    with listening(config) as home:
        yield f"{home}/"


@contextmanager
def opened(
    browser: Browser, url: str, *, width: int = 1280, height: int = 800, dark: bool = False
) -> Iterator[Watched]:
    """The page, open and ready for a question, in a browser profile of its own.

    It must not complain until it is closed, nor ask a stranger for anything.
    """
    with opened_in_trouble(browser, url, width=width, height=height, dark=dark) as watched:
        yield watched
        assert watched.complaints == []
    assert watched.strangers == []


@contextmanager
def opened_in_trouble(
    browser: Browser, url: str, *, width: int = 1280, height: int = 800, dark: bool = False
) -> Iterator[Watched]:
    """The page where something is to go wrong that the browser itself reports as an error."""
    watched = _begun(browser, url, width=width, height=height, dark=dark)
    try:
        watched.page.get_by_label("Your question").wait_for()
        watched.page.locator("#kept [data-lost]").wait_for(state="attached")
        yield watched
    finally:
        watched.page.context.close()


@contextmanager
def together(browser: Browser, url: str, number: int) -> Iterator[list[Watched]]:
    """So many browser profiles, each with the page open and ready; they load at the same time."""
    everybody = [_begun(browser, url) for _ in range(number)]
    try:
        for watched in everybody:
            watched.page.get_by_label("Your question").wait_for()
            watched.page.locator("#kept [data-lost]").wait_for(state="attached")
        yield everybody
    finally:
        for watched in everybody:
            watched.page.context.close()
    for watched in everybody:
        assert watched.complaints == []
        assert watched.strangers == []


def _begun(
    browser: Browser, url: str, *, width: int = 1280, height: int = 800, dark: bool = False
) -> Watched:
    """A page that has begun to load."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    watched = Watched(context.new_page(), url)
    watched.page.goto(url, wait_until="commit")
    return watched


@pytest.fixture
def seeds(browser: Browser, seeds_url: str) -> Iterator[Watched]:
    """A laptop's window on the seed articles."""
    with opened(browser, seeds_url) as watched:
        yield watched


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    """Where pictures for a person to look at are written: `RAG_SCREENSHOTS`, or nowhere lasting."""
    folder = Path(_SCREENSHOTS or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker, as a script for the page."""
    package = resources.files(pytest.importorskip("axe_core_python"))
    return package.joinpath("axe.min.js").read_text("utf-8")
