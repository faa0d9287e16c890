"""The conversation that was open last, there again when the page is opened."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag.conversation import Conversation
from rag.errors import DatelineError
from rag.page import evidence, settings
from rag.page.chip_row import Wanted, restored
from rag.page.drawn import ASK, Parts, drawn
from rag.page.kept import kept_line
from rag.page.listeners import QUIET, whole_page
from rag.page.readers import reader_of
from rag.page.tongue import spoken, tr

if TYPE_CHECKING:
    from rag.archive import Archive

# Asks the page's script which conversation this tab, or the browser, had open last. Null stands for
# the session's own state, which the server fills in.
_RECALL = "() => [window.dateline.recalled(), null]"


def wire_recall(archive: Archive, parts: Parts, wanted: Wanted) -> None:
    """See to it that opening the page brings the conversation back, and words in one language."""

    def recalled(request: gr.Request, remembered: str, current: Conversation) -> tuple[Any, ...]:
        """The conversation; nothing but words changes where there is none, or one was begun."""
        if current.exchanges:
            return tuple(gr.skip() for _ in [*parts.all, *wanted.all])
        # What was typed before the page was opened anew stays in the box.
        ready = gr.Textbox(submit_btn=tr(ASK))
        found = _found(archive, remembered, reader_of(request))
        if found is None:
            unchanged = gr.skip()
            begun = (unchanged, unchanged, evidence.empty(), unchanged, ready)
            return *begun, kept_line(None), unchanged, *(unchanged for _ in wanted.all)
        conversation, messages, cards, key, _, *lines = drawn(found)
        again = (conversation, messages, cards, key, ready, *lines)
        return *again, *restored(archive, wanted, found)

    def worded() -> tuple[Any, Any]:
        return settings.worded(archive)

    page = whole_page()
    from_browser = gr.Textbox(visible=False)
    known = [from_browser, parts.conversation]
    page.load(spoken(recalled), known, [*parts.all, *wanted.all], js=_RECALL, **QUIET)
    page.load(spoken(worded), None, [wanted.fields.voice, wanted.fields.strictness], **QUIET)


def _found(archive: Archive, remembered: str, reader: str | None) -> Conversation | None:
    """The reader's conversation that the browser remembers; None where it cannot be had."""
    if remembered and reader:
        with suppress(DatelineError):
            return archive.conversations.open(remembered, reader)
    return None
