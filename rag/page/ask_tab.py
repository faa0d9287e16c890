"""The tab that asks: the chat, the evidence beside it, and what happens when they are used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.components.chatbot import ExampleMessage

from rag.errors import DatelineError
from rag.page import chat, evidence
from rag.page.asking import asked
from rag.page.cards import button
from rag.page.conversation import Conversation, Exchange
from rag.page.escape import from_markdown
from rag.page.limits import NO_LIMITS, limits, said
from rag.page.masthead import examples
from rag.page.reader import read
from rag.page.wording import sentence
from rag.records import Passage, Quote

if TYPE_CHECKING:
    from rag.archive import Archive

# Gradio answers one question at a time unless told otherwise.
ANSWERS_AT_ONCE = 32

# What every listener of the page has in common: no endpoint for programs, no veil while it runs.
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}

# Tells the server which of the buttons inside an HTML component was pressed.
PRESSED = """
element.addEventListener("click", (event) => {
  const pressed = event.target.closest("button[data-key], button[data-article]");
  if (pressed) trigger("select", { ...pressed.dataset });
});
"""

_ANSWERING: dict[str, Any] = {
    **QUIET,
    "concurrency_limit": ANSWERS_AT_ONCE,
    "concurrency_id": "answers",
    "trigger_mode": "once",
}
_WHERE = "Where to look: "
_ASK = "Ask"
_STOP = "Stop"

# New values of the parts, in the order of `_Parts.all`.
_Shown = tuple[Conversation, list[chat.Message], str, str | None, Any]


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a question changes: the conversation, the chat, the evidence and the question box.

    `open_key` is the key of the exchange whose evidence is open.
    """

    conversation: gr.State
    chatbot: gr.Chatbot
    cards: gr.HTML
    open_key: gr.State
    box: gr.Textbox

    @property
    def all(self) -> list[Any]:
        return [self.conversation, self.chatbot, self.cards, self.open_key, self.box]


@dataclass(frozen=True, slots=True)
class _Limits:
    """The fields that limit the search, and the fold that says in its label what is set."""

    fold: gr.Accordion
    since: gr.Textbox
    until: gr.Textbox
    publishers: gr.Dropdown

    @property
    def fields(self) -> list[Any]:
        return [self.since, self.until, self.publishers]


def ask_tab(archive: Archive) -> gr.Dropdown:
    """The tab; what a reader asks stays in the reader's own session.

    Gives the field of publishers, whose choices are the page's to refresh.
    """
    with gr.Row():
        with gr.Column(scale=3, min_width=320):
            chatbot = _chatbot(archive)
            with gr.Row(equal_height=True):
                box = _question_box()
                new = gr.Button("New chat", elem_id="new-chat", scale=0, min_width=104)
            limited = _limits()
        with gr.Column(scale=2, min_width=320):
            cards = gr.HTML(
                evidence.empty(), elem_id="evidence", elem_classes="sources", js_on_load=PRESSED
            )
    parts = _Parts(gr.State(Conversation()), chatbot, cards, gr.State(None), box)
    _wire_asking(archive, parts, limited, new)
    _wire_evidence(archive, parts)
    for field in limited.fields:
        field.change(_labelled, limited.fields, limited.fold, **QUIET)
    return limited.publishers


def _chatbot(archive: Archive) -> gr.Chatbot:
    offered: list[ExampleMessage] = [{"text": question} for question in examples(archive)]
    return gr.Chatbot(
        label="Conversation",
        show_label=False,
        elem_id="chat",
        layout="panel",
        buttons=["copy"],
        feedback_options=None,
        latex_delimiters=[],
        placeholder="Ask a question about the articles.",
        examples=offered or None,
        allow_tags=False,
        autoscroll=False,
    )


def _question_box() -> gr.Textbox:
    return gr.Textbox(
        label="Your question",
        show_label=False,
        placeholder="Ask the archive",
        elem_id="question",
        submit_btn=_ASK,
        scale=1,
        min_width=160,
        stop_btn=False,
        autofocus=True,
        lines=1,
        max_lines=6,
    )


def _limits() -> _Limits:
    with gr.Accordion(_WHERE + NO_LIMITS, open=False, elem_id="limits") as fold, gr.Row():
        since = gr.Textbox(label="Since", placeholder="2023-09", min_width=140)
        until = gr.Textbox(label="Until", placeholder="2023-09", min_width=140)
        publishers = gr.Dropdown(multiselect=True, label="Publishers", min_width=160)
    return _Limits(fold, since, until, publishers)


def _labelled(since: str, until: str, publishers: Sequence[str] | None) -> Any:
    try:
        return gr.Accordion(label=_WHERE + said(limits(since, until, publishers)))
    except DatelineError as error:
        return gr.Accordion(label=sentence(str(error)))


def _wire_asking(archive: Archive, parts: _Parts, limited: _Limits, new: gr.Button) -> None:
    def answering(conversation: Conversation, question: str, *fields: Any) -> Iterator[_Shown]:
        since, until, publishers = fields
        try:
            filters = limits(since, until, publishers)
        except DatelineError as error:
            yield _shown(conversation.plus(Exchange(question, error=str(error))))
            return
        for grown in asked(archive, conversation, question, filters):
            yield _shown(grown)

    def from_box(question: str, conversation: Conversation, *fields: Any) -> Iterator[_Shown]:
        yield from answering(conversation, question, *fields)

    def from_example(
        chosen: gr.SelectData, conversation: Conversation, *fields: Any
    ) -> Iterator[_Shown]:
        yield from answering(conversation, chosen.value["text"], *fields)

    def again(retried: gr.RetryData, conversation: Conversation, *fields: Any) -> Iterator[_Shown]:
        position = _position(conversation, retried.index)
        question = conversation.exchanges[position].question
        yield from answering(conversation.before(position), question, *fields)

    def reworded(edited: gr.EditData, conversation: Conversation, *fields: Any) -> Iterator[_Shown]:
        position = _position(conversation, edited.index)
        question = from_markdown(str(edited.value))
        yield from answering(conversation.before(position), question, *fields)

    given = [parts.conversation, *limited.fields]
    running: list[Any] = [
        parts.box.submit(from_box, [parts.box, *given], parts.all, **_ANSWERING),
        parts.chatbot.example_select(from_example, given, parts.all, **_ANSWERING),
        parts.chatbot.retry(again, given, parts.all, **_ANSWERING),
        parts.chatbot.edit(reworded, given, parts.all, **_ANSWERING),
    ]
    # Cancelling and a function in one listener leave an error over the chat.
    cancelled = parts.box.stop(None, cancels=running, **QUIET)
    cancelled.then(_stopped, parts.conversation, parts.all, **QUIET)
    parts.chatbot.undo(_taken_back, parts.conversation, parts.all, **QUIET)
    new.click(None, cancels=running, **QUIET).then(_begun_anew, None, parts.all, **QUIET)


def _wire_evidence(archive: Archive, parts: _Parts) -> None:
    def pressed(chosen: gr.EventData, conversation: Conversation) -> tuple[Any, Any]:
        """The article of a quote or hit; the evidence of its exchange on the way back."""
        wanted = dict(chosen._data or {})
        exchange = conversation.exchange(str(wanted.get("key", "")))
        if exchange is None:
            return gr.skip(), gr.skip()
        if "marker" not in wanted and "hit" not in wanted:
            return evidence.panel(exchange), exchange.key
        return _article(archive, exchange, wanted), None

    shown = [parts.cards, parts.open_key]
    parts.cards.select(pressed, parts.conversation, shown, **QUIET)
    parts.chatbot.select(_opened, [parts.conversation, parts.open_key], shown, **QUIET)


def _article(archive: Archive, exchange: Exchange, wanted: dict[str, str]) -> str:
    """The article that a marker or a hit of the exchange comes from, at its place."""
    found: Quote | Passage | None = None
    back = f'<p class="links">{button("Back to the evidence", key=exchange.key)}</p>'
    if "marker" in wanted:
        citation = exchange.citation(int(wanted["marker"]))
        found = citation.quote if citation else None
    else:
        hits = exchange.answer.hits if exchange.answer else ()
        number = int(wanted["hit"])
        found = hits[number].passage if number < len(hits) else None
    if found is None:
        return evidence.panel(exchange)
    try:
        article = archive.article(found.source.article_id)
    except DatelineError as error:
        return evidence.notice(sentence(str(error)), back)
    return read(article, quoted=found.text, start=found.start, back=back)


def _shown(conversation: Conversation, question: str = "") -> _Shown:
    """Everything drawn from the conversation; the box is ready again when nothing runs."""
    last = conversation.last
    running = last is not None and last.running
    box = gr.Textbox(value=question, submit_btn=not running and _ASK, stop_btn=running and _STOP)
    key = last.key if last else None
    return conversation, chat.messages(conversation), evidence.panel(last), key, box


def _stopped(conversation: Conversation) -> _Shown:
    return _shown(conversation.stopped())


def _taken_back(conversation: Conversation, undone: gr.UndoData) -> _Shown:
    """The exchange and all after it are gone; its question is back in the box."""
    position = _position(conversation, undone.index)
    question = conversation.exchanges[position].question
    return _shown(conversation.before(position), question)


def _begun_anew() -> _Shown:
    return _shown(Conversation())


def _opened(
    conversation: Conversation, open_key: str | None, selected: gr.SelectData
) -> tuple[Any, Any]:
    """The evidence of the exchange clicked; nothing changes when it is open already."""
    exchange = conversation.exchanges[_position(conversation, selected.index)]
    if exchange.key == open_key:
        return gr.skip(), gr.skip()
    return evidence.panel(exchange), exchange.key


def _position(conversation: Conversation, index: Any) -> int:
    """The exchange of a chat message; the last one where the component names no message."""
    message = index[0] if isinstance(index, list | tuple) else index
    position = chat.position_of(conversation, int(message))
    return len(conversation.exchanges) - 1 if position is None else position
