"""Questions to click: of the reader's own articles, and to go on with after an answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from measuring import least
from playwright.sync_api import Browser, Page, expect

from rag.archive import open_archive

from .chat import SIZE, ask, finished, newest
from .conftest import Watched, _served, opened

OWN = {
    "bridge.md": "---\ntitle: The bridge\npublisher: Coast Gazette\npublished: 2021-03-04\n---\n"
    "Marta Lindqvist opened the bridge at Oberhaven on Thursday. The ferry of Oberhaven carried "
    "320 passengers on its last day.\n",
    "harbour.md": "---\ntitle: A harbour\npublisher: Langport Post\npublished: 2022-05-06\n---\n"
    "Anton Farrow signed the contract for the harbour of Langport. The first harbour of Langport "
    "was built in 1911.\n",
}
SECONDS_TO_FIRST_PAINT = 2.0  # from a warm server


@pytest.fixture(scope="module")
def own_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that asks articles of a reader's own."""
    folder = tmp_path_factory.mktemp("own")
    for name, text in OWN.items():
        (folder / name).write_text(text, encoding="utf-8")
    with open_archive(folder / "index") as archive:
        archive.ingest([folder / name for name in OWN])
        with _served(archive) as url:
            yield url


def answered(page: Page) -> None:
    """The newest answer is one."""
    finished(page)
    expect(newest(page).locator("blockquote").first).to_be_visible()


def test_own_articles_give_examples(browser: Browser, own_url: str) -> None:
    """The empty chat offers questions of the articles there are, and each is answered."""
    with opened(browser, own_url) as watched:
        page = watched.page
        example = page.locator("#chat .example").first
        expect(example).to_be_visible(timeout=15_000)
        question = example.inner_text().strip()

        example.click()

        answered(page)
        expect(page.locator("#chat .user-row")).to_contain_text(question)
    assert watched.complaints == []


def test_answer_leads_on(seeds: Watched) -> None:
    """Under a finished answer stand questions; one that is pressed is asked, and answered."""
    page = seeds.page
    ask(page, SIZE)
    further = page.locator("#follow-ups button").first
    expect(further).to_be_visible()
    question = further.inner_text()

    further.press("Enter")

    expect(page.locator("#chat .user-row")).to_have_count(2)
    expect(page.locator("#chat .user-row").last).to_contain_text(question)
    answered(page)


def test_refusal_leads_nowhere(seeds: Watched) -> None:
    """A refusal offers nothing to go on with, and what was offered before is gone."""
    page = seeds.page
    ask(page, SIZE)
    expect(page.locator("#follow-ups button").first).to_be_visible()

    ask(page, "What is the capital of Peru?")

    page.wait_for_timeout(1_500)  # longer than it takes to make some
    expect(page.locator("#follow-ups button")).to_have_count(0)


def test_reload_brings_them_back(seeds: Watched) -> None:
    """A conversation that is opened again leads on from its last answer too."""
    ask(seeds.page, SIZE)
    expect(seeds.page.locator("#follow-ups button").first).to_be_visible()

    seeds.page.reload()

    expect(seeds.page.locator("#follow-ups button").first).to_be_visible()


def test_first_paint_is_soon(browser: Browser, own_url: str) -> None:
    """The question box is there soon; the suggestions do not keep it waiting.

    Of up to three first visits the quickest counts: what else the machine does only adds to one.
    """
    with opened(browser, own_url):
        pass  # the server is warm now

    painted = least(lambda: first_paint(browser, own_url), SECONDS_TO_FIRST_PAINT)

    assert painted < SECONDS_TO_FIRST_PAINT


def first_paint(browser: Browser, url: str) -> float:
    """The seconds until somebody who comes for the first time sees something."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(url, wait_until="commit")
    page.get_by_label("Your question").wait_for()
    painted = page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000"
    )
    context.close()
    return float(painted)
