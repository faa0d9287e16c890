"""The page's components and what happens when they are used. The only module that knows Gradio."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from importlib import resources
from typing import TYPE_CHECKING, Any

import gradio as gr
from fastapi import FastAPI
from gradio.blocks import Blocks
from gradio.components.chatbot import ExampleMessage
from gradio.events import api
from gradio.routes import mount_gradio_app

from rag.errors import DatelineError
from rag.page import chat, evidence
from rag.page.asking import asked
from rag.page.conversation import Conversation
from rag.page.escape import from_markdown
from rag.page.masthead import examples, masthead

if TYPE_CHECKING:
    from rag.archive import Archive

# Gradio answers one question at a time unless told otherwise.
ANSWERS_AT_ONCE = 32
QUESTIONS_WAITING = 200

_ASK = "Ask"
_STOP = "Stop"
_SANS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"]
_MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]

_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_ANSWERING: dict[str, Any] = {
    **_QUIET,
    "concurrency_limit": ANSWERS_AT_ONCE,
    "concurrency_id": "answers",
    "trigger_mode": "once",
}

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


def page(archive: Archive) -> Blocks:
    """The page that asks the archive; what a reader asks stays in the reader's own session."""
    blocks = Blocks(title="Dateline", analytics_enabled=False, fill_width=True)
    with blocks:
        head = gr.HTML(masthead(archive))
        with gr.Row():
            with gr.Column(scale=3, min_width=320):
                chatbot = _chatbot(archive)
                with gr.Row(equal_height=True):
                    box = _question_box()
                    new = gr.Button("New chat", elem_id="new-chat", scale=0, min_width=104)
            with gr.Column(scale=2, min_width=320):
                cards = gr.HTML(evidence.empty(), elem_id="evidence")
        parts = _Parts(gr.State(Conversation()), chatbot, cards, gr.State(None), box)
        _wire(archive, parts, new)
        blocks.load(partial(masthead, archive), None, head, **_QUIET)
        _publish(archive)
    blocks.queue(max_size=QUESTIONS_WAITING, default_concurrency_limit=ANSWERS_AT_ONCE)
    return blocks


def mounted(app: FastAPI, blocks: Blocks) -> FastAPI:
    """The application with the page at `/`, in its own looks, asking no other host."""
    files = resources.files("rag.page")
    style = files.joinpath("style.css").read_text("utf-8")
    script = files.joinpath("page.js").read_text("utf-8")
    mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=gr.themes.Base(
            primary_hue="stone",
            neutral_hue="stone",
            font=_SANS,
            font_mono=_MONO,
            radius_size="sm",
        ),
        # In the head, because Gradio rewrites the selectors of `css` and breaks media queries.
        head=f"<style>{style}</style><script>{script}</script>",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        show_error=False,
        mcp_server=False,
    )
    return app


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


def _wire(archive: Archive, parts: _Parts, new: gr.Button) -> None:
    def from_box(question: str, conversation: Conversation) -> Iterator[_Shown]:
        yield from _answering(archive, conversation, question)

    def from_example(conversation: Conversation, chosen: gr.SelectData) -> Iterator[_Shown]:
        yield from _answering(archive, conversation, chosen.value["text"])

    def again(conversation: Conversation, retried: gr.RetryData) -> Iterator[_Shown]:
        position = _position(conversation, retried.index)
        question = conversation.exchanges[position].question
        yield from _answering(archive, conversation.before(position), question)

    def reworded(conversation: Conversation, edited: gr.EditData) -> Iterator[_Shown]:
        position = _position(conversation, edited.index)
        question = from_markdown(str(edited.value))
        yield from _answering(archive, conversation.before(position), question)

    only_conversation = [parts.conversation]
    answering: list[Any] = [
        parts.box.submit(from_box, [parts.box, parts.conversation], parts.all, **_ANSWERING),
        parts.chatbot.example_select(from_example, only_conversation, parts.all, **_ANSWERING),
        parts.chatbot.retry(again, only_conversation, parts.all, **_ANSWERING),
        parts.chatbot.edit(reworded, only_conversation, parts.all, **_ANSWERING),
    ]
    # Cancelling and a function in one listener leave an error over the chat.
    cancelled = parts.box.stop(None, cancels=answering, **_QUIET)
    cancelled.then(_stopped, only_conversation, parts.all, **_QUIET)
    parts.chatbot.undo(_taken_back, only_conversation, parts.all, **_QUIET)
    new.click(None, cancels=answering, **_QUIET).then(_begun_anew, None, parts.all, **_QUIET)
    parts.chatbot.select(
        _opened,
        [parts.conversation, parts.open_key],
        [parts.cards, parts.open_key],
        **_QUIET,
    )


def _answering(archive: Archive, conversation: Conversation, question: str) -> Iterator[_Shown]:
    for grown in asked(archive, conversation, question):
        yield _shown(grown)


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


def _publish(archive: Archive) -> None:
    """One endpoint for programs: `ask`, typed, the same chain as the page."""

    def ask(question: str) -> dict[str, Any]:
        """Answer a question from the archive, in exact quotes with their sources."""
        try:
            return archive.ask(question).to_dict()
        except DatelineError as error:
            raise gr.Error(str(error), print_exception=False) from error

    api(ask, api_name="ask", concurrency_limit=ANSWERS_AT_ONCE)
