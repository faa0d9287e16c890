"""The tab that asks: the chat, the evidence beside it, and what happens when they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.components.chatbot import ExampleMessage

from rag.conversation import Conversation
from rag.page import evidence, suggestions
from rag.page.asking import Watch
from rag.page.chat import pointed_at
from rag.page.chip_row import Wanted, chip_row, restored, wire_chips
from rag.page.conversations_fold import conversations_fold, wire_fold
from rag.page.drawn import ASK, Parts, drawn
from rag.page.endings import Endings
from rag.page.feedback import feedback_form, wire_feedback
from rag.page.keeping import Keeping
from rag.page.listeners import ANSWERING, PRESSED, QUIET, SUGGESTING, told, whole_page
from rag.page.looked_at import looked_at
from rag.page.masthead import examples
from rag.page.questions import Questions
from rag.page.recall import wire_recall
from rag.page.settings import settings_fold
from rag.page.suggestions import PRESSED_QUESTION, Suggested
from rag.page.tongue import label, later, spoken, tr

if TYPE_CHECKING:
    from rag.archive import Archive

_INVITATION = later("Ask a question about the articles.")


def ask_tab(archive: Archive, watch: Watch = iter) -> gr.Dropdown:
    """The tab; what a reader asks stays in the reader's own session.

    The snapshots of each answer go through `watch`. Gives the field of publishers, whose choices
    are the page's to refresh.
    """
    with gr.Row():
        with gr.Column(scale=3, min_width=320):
            fold = conversations_fold()
            chatbot = _chatbot(archive)
            opinion = feedback_form()
            kept = gr.HTML("", elem_id="kept")
            further = gr.HTML(
                elem_id="follow-ups", js_on_load=PRESSED_QUESTION, apply_default_css=False
            )
            row = chip_row()
            with gr.Row(equal_height=True):
                box = _question_box()
                new = gr.Button(label("New chat"), elem_id="new-chat", scale=0, min_width=104)
            wanted = Wanted(settings_fold(archive), row)
        with gr.Column(scale=2, min_width=320):
            cards = gr.HTML(
                evidence.empty(), elem_id="evidence", elem_classes="sources", js_on_load=PRESSED
            )
    parts = Parts(gr.State(Conversation()), chatbot, cards, gr.State(None), box, kept, further)
    keeping = Keeping(archive)
    wire_chips(archive, wanted)
    running = _wire_questions(Questions(archive, keeping, wanted.fields, watch), parts)
    ended = _wire_endings(Endings(keeping), parts, new, running)
    listing = wire_fold(
        archive,
        fold,
        parts.conversation,
        [*parts.all, *wanted.all],
        lambda opened: (*drawn(opened), *restored(archive, wanted, opened)),
    )
    for event in (*running, *ended):
        event.then(listing, [fold.search, parts.conversation], fold.shown, **QUIET)
    _wire_suggestions(Suggested(archive), parts, [*running, *ended])
    _wire_evidence(archive, parts)
    wire_recall(archive, parts, wanted)
    wire_feedback(archive, opinion, parts.conversation)
    return wanted.fields.publishers


def _chatbot(archive: Archive) -> gr.Chatbot:
    offered: list[ExampleMessage] = [{"text": question} for question in examples(archive)]
    return gr.Chatbot(
        label=label("Conversation"),
        show_label=False,
        elem_id="chat",
        layout="panel",
        buttons=["copy"],
        feedback_options=None,
        latex_delimiters=[],
        placeholder=_INVITATION,
        examples=offered or None,
        allow_tags=False,
        autoscroll=False,
    )


def _question_box() -> gr.Textbox:
    return gr.Textbox(
        label=label("Your question"),
        show_label=False,
        placeholder=label("Ask the archive"),
        elem_id="question",
        submit_btn=ASK,
        scale=1,
        min_width=160,
        stop_btn=False,
        autofocus=True,
        lines=1,
        max_lines=6,
    )


def _wire_questions(questions: Questions, parts: Parts) -> list[Any]:
    """See to it that each question is answered; gives what can be waited for or cancelled."""
    given = [parts.conversation, *questions.fields.all]
    typed = [parts.box, *given]
    chatbot, shown = parts.chatbot, parts.all
    return [
        parts.box.submit(spoken(questions.from_box), typed, shown, **ANSWERING),
        chatbot.example_select(spoken(questions.from_example), given, shown, **ANSWERING),
        chatbot.option_select(spoken(questions.after_cut), given, shown, **ANSWERING),
        chatbot.retry(spoken(questions.again), given, shown, **ANSWERING),
        chatbot.edit(spoken(questions.reworded), given, shown, **ANSWERING),
        parts.next.select(spoken(questions.from_follow_up), given, shown, **ANSWERING),
    ]


def _wire_endings(endings: Endings, parts: Parts, new: gr.Button, running: list[Any]) -> list[Any]:
    """See to it that what is running can be ended; gives what can be waited for."""
    # Cancelling and a function in one listener leave an error over the chat.
    stop = parts.box.stop(None, cancels=running, **QUIET)
    anew = new.click(None, cancels=running, **QUIET)
    conversation, shown = parts.conversation, parts.all
    return [
        stop.then(spoken(endings.stopped), conversation, shown, **QUIET),
        parts.chatbot.undo(spoken(endings.taken_back), conversation, shown, **QUIET),
        anew.then(spoken(endings.begun_anew), conversation, shown, **QUIET),
    ]


def _wire_suggestions(suggested: Suggested, parts: Parts, changed: list[Any]) -> None:
    """Questions to begin with when the page is opened, and to go on with after each change."""

    def further(conversation: Conversation) -> str:
        return suggestions.strip(suggested.follow_ups(conversation.last))

    def begin() -> Any:
        offered: list[ExampleMessage] = [{"text": question} for question in suggested.examples()]
        return gr.Chatbot(placeholder=tr(_INVITATION), examples=offered or None)

    for event in changed:
        event.then(spoken(further), parts.conversation, parts.next, **SUGGESTING)
    # Of a conversation that was opened again: there was no answering to wait for.
    parts.open_key.change(spoken(further), parts.conversation, parts.next, **SUGGESTING)
    whole_page().load(spoken(begin), None, parts.chatbot, **SUGGESTING)


def _wire_evidence(archive: Archive, parts: Parts) -> None:
    """What is pressed in the evidence opens there, and so does an exchange clicked in the chat."""

    def pressed(chosen: gr.EventData, conversation: Conversation) -> tuple[Any, Any]:
        """What a button of the evidence opens, and the key of the evidence that is open then."""
        wanted = told(chosen)
        exchange = conversation.exchange(wanted.get("key", ""))
        if exchange is None:
            return gr.skip(), gr.skip()
        return looked_at(archive, conversation, exchange, wanted)

    shown = [parts.cards, parts.open_key]
    parts.cards.select(spoken(pressed), parts.conversation, shown, **QUIET)
    parts.chatbot.select(spoken(_opened), [parts.conversation, parts.open_key], shown, **QUIET)


def _opened(
    conversation: Conversation, open_key: str | None, selected: gr.SelectData
) -> tuple[Any, Any]:
    """The evidence of the exchange clicked; nothing changes when it is open already."""
    exchange = conversation.exchanges[pointed_at(conversation, selected.index)]
    if exchange.key == open_key:
        return gr.skip(), gr.skip()
    return evidence.panel(exchange), exchange.key
