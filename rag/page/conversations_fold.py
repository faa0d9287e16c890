"""The fold with the reader's conversations, and what happens when one is chosen there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag.conversation import Conversation
from rag.errors import DatelineError
from rag.page.conversations import Doing, listed
from rag.page.listeners import QUIET, told
from rag.page.readers import reader_of
from rag.page.tongue import label, spoken, tr

if TYPE_CHECKING:
    from rag.archive import Archive

# Tells the server which button was pressed, and the name that was typed into a form.
_CHOSEN = """
element.addEventListener("click", (event) => {
  const pressed = event.target.closest("button");
  if (pressed && Object.keys(pressed.dataset).length) trigger("select", { ...pressed.dataset });
});
element.addEventListener("submit", (event) => {
  event.preventDefault();
  const given = Object.fromEntries(new FormData(event.target));
  trigger("select", { ...event.target.dataset, ...given });
});
"""

Drawn = Callable[[Conversation], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Fold:
    """The button that opens it, the words searched for in it, and the list.

    What is folded is drawn from the beginning and hidden by the page's script: an update of what
    is not drawn yet would be lost.
    """

    button: gr.Button
    search: gr.Textbox
    shown: gr.HTML


def conversations_fold() -> Fold:
    """The fold, closed; the list comes when it is opened."""
    button = gr.Button(label("Conversations"), elem_id="show-conversations", size="sm")
    with gr.Column(elem_id="conversations", min_width=160):
        search = gr.Textbox(
            label=label("Search the conversations"),
            show_label=False,
            placeholder=label("Search the conversations"),
            elem_id="search-conversations",
            lines=1,
            max_lines=1,
        )
        shown = gr.HTML(elem_id="conversation-list", js_on_load=_CHOSEN, apply_default_css=False)
    return Fold(button, search, shown)


def wire_fold(
    archive: Archive, fold: Fold, conversation: gr.State, outputs: list[Any], drawn: Drawn
) -> Callable[..., str]:
    """See to it that the fold does what it says; gives what lists the conversations anew.

    `outputs` are the parts that `drawn` draws of a conversation that is chosen.
    """

    def fresh(search: str | None, current: Conversation, request: gr.Request) -> str:
        return _listed(archive, reader_of(request), current, search or "")

    def chosen(
        event: gr.EventData, search: str | None, current: Conversation, request: gr.Request
    ) -> tuple[Any, ...]:
        wanted = told(event)
        reader, words = reader_of(request), search or ""
        try:
            opened, said = _done(archive, wanted, reader, current)
        except DatelineError as error:
            opened, said = None, str(error)
        shown = _listed(archive, reader, opened or current, words, doing=_doing(wanted), said=said)
        parts = drawn(opened) if opened is not None else tuple(gr.skip() for _ in outputs)
        return (shown, *parts)

    given = [fold.search, conversation]
    listing = spoken(fresh)
    fold.button.click(listing, given, fold.shown, **QUIET)
    fold.search.change(listing, given, fold.shown, trigger_mode="always_last", **QUIET)
    fold.shown.select(spoken(chosen), given, [fold.shown, *outputs], **QUIET)
    return listing


def _listed(
    archive: Archive,
    reader: str | None,
    current: Conversation,
    search: str,
    *,
    doing: Doing | None = None,
    said: str = "",
) -> str:
    try:
        headings = archive.conversations.list(reader, search) if reader else ()
    except DatelineError as error:
        headings, said = (), str(error)
    return listed(headings, current.id, searched=search.strip(), doing=doing, said=said)


def _doing(wanted: dict[str, str]) -> Doing | None:
    """What is asked for and has to be confirmed or filled in first."""
    for action in ("rename", "delete"):
        if action in wanted:
            return Doing(action, wanted[action])
    return None


def _done(
    archive: Archive, wanted: dict[str, str], reader: str | None, current: Conversation
) -> tuple[Conversation | None, str]:
    """The conversation to be shown now, None for the one that is, and a line on what was done.

    Raises:
        DatelineError: the store cannot be read or written.
    """
    if reader is None:
        return None, ""
    kept = archive.conversations
    running = current.last is not None and current.last.running
    if running and ({"open", "deleted"} & wanted.keys()):
        return None, tr("An answer is under way: wait for it, or stop it first.")
    if "open" in wanted:
        opened = kept.open(wanted["open"], reader)
        return opened, "" if opened else tr("This conversation is not there any more.")
    if "renamed" in wanted:
        done = kept.rename(wanted["renamed"], wanted.get("title", ""), reader)
        return None, tr("Renamed.") if done else tr("Not renamed: give it a name.")
    if "deleted" in wanted:
        kept.delete(wanted["deleted"], reader)
        shown = Conversation() if wanted["deleted"] == current.id else None
        return shown, tr("Deleted.")
    return None, ""
