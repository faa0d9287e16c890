"""Twenty people who ask at the same moment, each in a browser of their own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from statistics import median

import pytest
from playwright.sync_api import Browser, Page, expect

from rag.archive import open_archive

from . import crowd
from .conftest import _served, together
from .crowd import FACTS, Fact
from .test_conversations import titles
from .test_page import finished, markers, newest, shown_quote

# What the slowest of all may wait for the whole answer, on a machine with nothing else to do.
_SECONDS_PROMISED = 3.0
# What one who asks alone waits on such a machine (two cores, median of three). A machine that is
# slower or busy at the moment is given the longer for the crowd the longer this takes there.
_SECONDS_ALONE = 0.35
_MS_TO_GET_READY = 500  # until all pages have their moment to press Ask
_MS_AT_MOST = 60_000

# Presses Ask at a moment given in ms since 1970; gives the ms from then to the whole answer.
_PRESS = """
([moment, most]) => {
  const chat = document.querySelector("#chat");
  window.waited = new Promise((resolve, reject) => {
    const before = chat.querySelectorAll(".user-row").length;
    const look = () => {
      const said = [...chat.querySelectorAll(".bot-row")].at(-1)?.textContent ?? "";
      const asked = chat.querySelectorAll(".user-row").length > before;
      if (asked && /Searched \\d+ articles/.test(said)) resolve(Date.now() - moment);
    };
    new MutationObserver(look).observe(
      chat, { subtree: true, childList: true, characterData: true }
    );
    const press = () => document.querySelector("#question button.submit-button").click();
    setTimeout(press, moment - Date.now());
    setTimeout(() => reject(new Error("no answer")), most);
  });
}
"""


@pytest.fixture(scope="module")
def ledger_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of twenty articles that have nothing to do with each other."""
    folder = crowd.write(tmp_path_factory.mktemp("ledger"))
    with open_archive(tmp_path_factory.mktemp("ledger-index")) as archive:
        archive.ingest(folder)
        with _served(archive) as url:
            yield url


def waited(pages: Sequence[Page], questions: Sequence[str]) -> list[float]:
    """The seconds that each waits for its whole answer, when all press Ask at one moment."""
    for page, question in zip(pages, questions, strict=True):
        page.get_by_label("Your question").fill(question)
    moment = time.time() * 1_000 + _MS_TO_GET_READY
    for page in pages:
        page.evaluate(_PRESS, [moment, _MS_AT_MOST])
    return [page.evaluate("window.waited") / 1_000 for page in pages]


def test_twenty_ask_at_once(
    browser: Browser, ledger_url: str, record_property: Callable[[str, object], None]
) -> None:
    """Each gets the whole answer to their own question soon, and nobody sees another's."""
    with together(browser, ledger_url, len(FACTS) + 1) as (single, *people):
        busy = os.getloadavg()[0]
        alone = median(waited([single.page], [fact.question])[0] for fact in FACTS[:3])

        seconds = waited([one.page for one in people], [fact.question for fact in FACTS])

        for person, fact in zip(people, FACTS, strict=True):
            assert_own(person.page, fact)
        record_property("seconds alone", alone)
        record_property("seconds of the slowest", max(seconds))
        record_property("load of the machine before", busy)
        print(f"alone {alone:.2f} s, of {len(people)}: {sorted(seconds)}; load before {busy:.1f}")
        assert max(seconds) < _SECONDS_PROMISED * max(1, alone / _SECONDS_ALONE)


def assert_own(page: Page, fact: Fact) -> None:
    """The answer is this person's, whole, with its evidence; nothing here is anybody else's."""
    finished(page)
    expect(page.locator("#chat .user-row")).to_have_text([fact.question])
    expect(newest(page).locator("blockquote")).to_contain_text([fact.sentence])
    expect(newest(page)).to_contain_text("Supported")
    expect(newest(page)).to_contain_text(f"Searched {len(FACTS)} articles")
    expect(page.locator("#evidence .asked")).to_contain_text(fact.question)
    markers(page).first.click()
    expect(shown_quote(page)).to_have_text(fact.sentence)
    said = page.locator("#chat").inner_text()
    assert [other.words for other in FACTS if other != fact and other.words in said] == []
    assert [other.question for other in FACTS if other != fact and other.question in said] == []
    expect(titles(page)).to_have_text([fact.question])
