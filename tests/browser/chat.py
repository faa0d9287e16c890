"""The chat as a reader uses it: what is typed, waited for and seen."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from .conftest import left_over

SIZE = "How large is the Vostochny Cosmodrome?"
SIZE_QUOTE = re.compile(r"551\.5")
REFUSAL = "The archive does not say."
WHO = "Who met at the Vostochny Cosmodrome?"
PERU = "What is the capital of Peru?"
# Whether the tab knows which conversation it shows, or that it shows none.
_KNOWS = """() => {
  const shown = document.querySelector("#kept [data-conversation]")?.dataset.conversation;
  return (sessionStorage.getItem("dateline-conversation") ?? "") === (shown ?? "");
}"""


def ask(page: Page, question: str) -> None:
    """Type the question, send it and wait until its answer is complete."""
    before = page.locator("#chat .user-row").count()
    send(page, question)
    expect(page.locator("#chat .user-row")).to_have_count(before + 1)
    finished(page)


def finished(page: Page) -> None:
    """Wait until the answer is complete and the box is ready for the next question."""
    expect(newest(page)).to_contain_text(re.compile(r"Searched|Not answered"))
    expect(page.locator("#question").get_by_role("button", name="Ask")).to_be_visible()
    rested(page)


def rested(page: Page) -> None:
    """Wait until the answering has ended; a question sent a moment before is not taken.

    While it goes on, the buttons of the chat cannot be pressed; one without a name is an ornament.
    """
    expect(page.locator("#chat .bot-row button:disabled:not([aria-label=''])")).to_have_count(0)


def send(page: Page, question: str) -> None:
    """Type the question and send it."""
    box = page.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")


def newest(page: Page) -> Locator:
    return page.locator("#chat .bot-row").last


def markers(page: Page) -> Locator:
    return page.locator("#chat .bot-row a", has_text=re.compile(r"^\[\d+\]$"))


def shown_quote(page: Page) -> Locator:
    return page.locator("#evidence .card.shown mark")


def fold(page: Page) -> Locator:
    """The list of conversations, opened."""
    listed = page.locator("#conversation-list")
    if not listed.is_visible():
        page.get_by_role("button", name="Conversations", exact=True).click()
        listed.wait_for()
    return listed


def titles(page: Page) -> Locator:
    return fold(page).locator("button.title")


def begin(page: Page, question: str) -> None:
    """A new conversation with this question."""
    page.get_by_role("button", name="New chat").click()
    expect(page.locator("#chat .user-row")).to_have_count(0)
    ask(page, question)


def reopen(page: Page) -> None:
    """Load the page again and wait until it knows what it showed."""
    page.wait_for_function(_KNOWS)
    reload(page)


def reload(page: Page) -> None:
    page.reload()
    page.locator("#kept [data-lost]").wait_for(state="attached")


def serious(page: Page) -> list[str]:
    """What axe calls serious or critical, with the element it means."""

    def found() -> list[str]:
        return [
            f"{violation['id']}: {violation['nodes'][0]['html']}"
            for violation in page.evaluate("axe.run()")["violations"]
            if violation["impact"] in ("serious", "critical")
        ]

    return left_over(page, found)
