"""The tab that asks: the chat, the evidence beside it, and what happens when they are used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

import gradio as gr
from gradio.components.chatbot import ExampleMessage
from gradio.context import Context

from rag.conversation import Conversation, Exchange
from rag.errors import DatelineError
from rag.page import chat, chips, evidence, settings, suggestions
from rag.page.asking import Asker, Watch, asked
from rag.page.conversations_fold import Fold, conversations_fold, wire_fold
from rag.page.escape import from_markdown
from rag.page.feedback import feedback_form, wire_feedback
from rag.page.keeping import Keeping
from rag.page.kept import RECALL, kept_line
from rag.page.looked_at import looked_at
from rag.page.masthead import examples
from rag.page.readers import reader_of
from rag.page.settings import Chosen, Fields, chosen_for, settings_fold
from rag.page.suggestions import PRESSED_QUESTION, Suggested
from rag.page.tongue import label, later, spoken, tr
from rag.page.wording import sentence

if TYPE_CHECKING:
    from rag.archive import Archive

# Gradio answers one question at a time unless told otherwise.
ANSWERS_AT_ONCE = 32

# What every listener of the page has in common: no endpoint for programs, no veil while it runs.
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}

# Tells the server which of the buttons inside an HTML component was pressed.
PRESSED = """
element.addEventListener("click", (event) => {
  const pressed = event.target.closest("button");
  if (pressed && Object.keys(pressed.dataset).length) trigger("select", { ...pressed.dataset });
});
"""

_ANSWERING: dict[str, Any] = {
    **QUIET,
    "concurrency_limit": ANSWERS_AT_ONCE,
    "concurrency_id": "answers",
    "trigger_mode": "once",
}
_ASK = later("Ask")
_STOP = later("Stop")
_INVITATION = later("Ask a question about the articles.")

# One set of suggestions after the other: they are never to slow an answer down by much.
_SUGGESTING: dict[str, Any] = {
    **QUIET,
    "concurrency_limit": 1,
    "concurrency_id": "suggestions",
    "trigger_mode": "always_last",
}

# New values of the parts, in the order of `_Parts.all`.
_Shown = tuple[Conversation, list[chat.Message], str, str | None, Any, str, str]
_UNCHANGED: Any = (gr.skip(),) * len(get_args(_Shown))


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a question changes: the conversation, the chat, the evidence and the question box.

    `open_key` is the key of the exchange whose evidence is open; `kept` tells the browser which
    conversation this is; `next` are the questions to go on with.
    """

    conversation: gr.State
    chatbot: gr.Chatbot
    cards: gr.HTML
    open_key: gr.State
    box: gr.Textbox
    kept: gr.HTML
    next: gr.HTML

    @property
    def all(self) -> list[Any]:
        return [
            *(self.conversation, self.chatbot, self.cards, self.open_key),
            *(self.box, self.kept, self.next),
        ]


@dataclass(frozen=True, slots=True)
class _Settings:
    """The fields of the settings, and the chips that say what is set."""

    fields: Fields
    chips: gr.HTML

    @property
    def all(self) -> list[Any]:
        return [*self.fields.all, self.chips]


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
            set_otherwise = gr.HTML(
                elem_id="chips", js_on_load=chips.TAKEN_OFF, apply_default_css=False
            )
            with gr.Row(equal_height=True):
                box = _question_box()
                new = gr.Button(label("New chat"), elem_id="new-chat", scale=0, min_width=104)
            wanted = _Settings(settings_fold(archive), set_otherwise)
        with gr.Column(scale=2, min_width=320):
            cards = gr.HTML(
                evidence.empty(), elem_id="evidence", elem_classes="sources", js_on_load=PRESSED
            )
    parts = _Parts(gr.State(Conversation()), chatbot, cards, gr.State(None), box, kept, further)
    _wire_settings(archive, wanted)
    _wire_asking(archive, watch, parts, wanted, new, fold)
    _wire_evidence(archive, parts)
    _wire_recall(archive, parts, wanted)
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
        submit_btn=_ASK,
        scale=1,
        min_width=160,
        stop_btn=False,
        autofocus=True,
        lines=1,
        max_lines=6,
    )


def _wire_settings(archive: Archive, wanted: _Settings) -> None:
    """What is set is shown as chips at once; a chip that is taken off resets its field."""
    fields = wanted.fields

    def told(*given: Any) -> str:
        try:
            return _chips(archive, fields.chosen(*given))
        except DatelineError as error:
            return chips.trouble(sentence(str(error)))

    def taken_off(event: gr.EventData, *given: Any) -> tuple[Any, ...]:
        name = str(dict(event._data or {}).get("off", ""))
        try:
            found = chips.chips(fields.chosen(*given), usual_voice=archive.voices[0])
        except DatelineError:
            return tuple(gr.skip() for _ in wanted.all)
        for number, chip in enumerate(found):
            if chip.name == name:
                left = chips.chips(chip.without, usual_voice=archive.voices[0])
                return *fields.values(chip.without), chips.strip(left, focus=number)
        return tuple(gr.skip() for _ in wanted.all)

    typed = fields.since, fields.until, fields.passages
    picked = fields.publishers, fields.voice, fields.strictness
    gr.on(
        [
            *(field.blur for field in typed),
            *(field.submit for field in typed),
            *(field.input for field in picked),
        ],
        spoken(told),
        fields.all,
        wanted.chips,
        # What is changed while the chips are on their way is told after them, not before.
        trigger_mode="always_last",
        **QUIET,
    )
    wanted.chips.select(spoken(taken_off), fields.all, wanted.all, **QUIET)


def _chips(archive: Archive, wanted: Chosen) -> str:
    return chips.strip(chips.chips(wanted, usual_voice=archive.voices[0]))


def _wire_asking(
    archive: Archive,
    watch: Watch,
    parts: _Parts,
    wanted: _Settings,
    new: gr.Button,
    fold: Fold,
) -> None:
    keeping = Keeping(archive)
    suggested = Suggested(archive)

    def answering(
        request: gr.Request, conversation: Conversation, position: int, question: str, *fields: Any
    ) -> Iterator[_Shown]:
        """The question in the place of the exchanges from `position` on; nothing for an empty one.

        It was sent by mistake, and no line in the chat is worth it.
        """
        if not question.strip():
            yield _UNCHANGED
            return
        gone = conversation.exchanges[position:]
        exchange = _exchange(question, wanted.fields, *fields)
        asker = Asker(archive, keeping, reader_of(request), watch)
        for grown in asked(asker, conversation.before(position), exchange, instead_of=gone):
            yield _shown(grown)

    def from_box(
        request: gr.Request, question: str, conversation: Conversation, *fields: Any
    ) -> Iterator[_Shown]:
        end = len(conversation.exchanges)
        yield from answering(request, conversation, end, question, *fields)

    def from_example(
        request: gr.Request, chosen: gr.SelectData, conversation: Conversation, *fields: Any
    ) -> Iterator[_Shown]:
        end = len(conversation.exchanges)
        yield from answering(request, conversation, end, chosen.value["text"], *fields)

    def again(
        request: gr.Request, retried: gr.RetryData, conversation: Conversation, *fields: Any
    ) -> Iterator[_Shown]:
        position = _position(conversation, retried.index)
        question = conversation.exchanges[position].question
        yield from answering(request, conversation, position, question, *fields)

    def from_option(
        request: gr.Request, chosen: gr.SelectData, conversation: Conversation, *fields: Any
    ) -> Iterator[_Shown]:
        """What was cut short is asked again, in its place."""
        # Gradio's index counts otherwise here than in its other events.
        found = conversation.exchange(str(chosen.value))
        if found is not None:
            position = conversation.exchanges.index(found)
            yield from answering(request, conversation, position, found.question, *fields)

    def reworded(
        request: gr.Request, edited: gr.EditData, conversation: Conversation, *fields: Any
    ) -> Iterator[_Shown]:
        position = _position(conversation, edited.index)
        question = from_markdown(str(edited.value))
        yield from answering(request, conversation, position, question, *fields)

    def from_next(
        request: gr.Request, chosen: gr.EventData, conversation: Conversation, *fields: Any
    ) -> Iterator[_Shown]:
        last = conversation.last
        if last is not None and last.running:
            yield _UNCHANGED
            return
        question = str(dict(chosen._data or {}).get("ask", ""))
        end = len(conversation.exchanges)
        yield from answering(request, conversation, end, question, *fields)

    def further(conversation: Conversation) -> str:
        return suggestions.strip(suggested.follow_ups(conversation.last))

    def begin() -> Any:
        offered: list[ExampleMessage] = [{"text": question} for question in suggested.examples()]
        return gr.Chatbot(placeholder=tr(_INVITATION), examples=offered or None)

    def stopped(request: gr.Request, conversation: Conversation) -> _Shown:
        return _shown(_ended(keeping, conversation, reader_of(request)))

    def taken_back(request: gr.Request, undone: gr.UndoData, conversation: Conversation) -> _Shown:
        """The exchange and all after it are gone; its question is back in the box."""
        position = _position(conversation, undone.index)
        gone = conversation.exchanges[position:]
        keeping.taken_back(conversation, gone, reader_of(request))
        return _shown(conversation.before(position), gone[0].question)

    def begun_anew(request: gr.Request, conversation: Conversation) -> _Shown:
        _ended(keeping, conversation, reader_of(request))
        return _shown(Conversation())

    given = [parts.conversation, *wanted.fields.all]
    chatbot = parts.chatbot
    running: list[Any] = [
        parts.box.submit(spoken(from_box), [parts.box, *given], parts.all, **_ANSWERING),
        chatbot.example_select(spoken(from_example), given, parts.all, **_ANSWERING),
        chatbot.option_select(spoken(from_option), given, parts.all, **_ANSWERING),
        chatbot.retry(spoken(again), given, parts.all, **_ANSWERING),
        chatbot.edit(spoken(reworded), given, parts.all, **_ANSWERING),
        parts.next.select(spoken(from_next), given, parts.all, **_ANSWERING),
    ]
    # Cancelling and a function in one listener leave an error over the chat.
    stop = parts.box.stop(None, cancels=running, **QUIET)
    anew = new.click(None, cancels=running, **QUIET)
    changed = [
        *running,
        stop.then(spoken(stopped), parts.conversation, parts.all, **QUIET),
        chatbot.undo(spoken(taken_back), parts.conversation, parts.all, **QUIET),
        anew.then(spoken(begun_anew), parts.conversation, parts.all, **QUIET),
    ]
    listing = wire_fold(
        archive,
        fold,
        parts.conversation,
        [*parts.all, *wanted.all],
        lambda opened: (*_shown(opened), *_restored(archive, wanted, opened)),
    )
    for event in changed:
        event.then(listing, [fold.search, parts.conversation], fold.shown, **QUIET)
        event.then(spoken(further), parts.conversation, parts.next, **_SUGGESTING)
    # Of a conversation that was opened again: there was no answering to wait for.
    parts.open_key.change(spoken(further), parts.conversation, parts.next, **_SUGGESTING)
    page = Context.root_block
    assert page is not None
    page.load(spoken(begin), None, chatbot, **_SUGGESTING)


def _restored(archive: Archive, wanted: _Settings, conversation: Conversation) -> tuple[Any, ...]:
    """The settings as they were when the conversation was left, those of its last question."""
    left = chosen_for(conversation.last)
    return *wanted.fields.values(left), _chips(archive, left)


def _wire_recall(archive: Archive, parts: _Parts, wanted: _Settings) -> None:
    """When the page is opened, the conversation that was open last is there again."""

    def recalled(request: gr.Request, remembered: str, current: Conversation) -> tuple[Any, ...]:
        """The conversation; nothing but words changes where there is none, or one was begun."""
        reader, found = reader_of(request), None
        if remembered and reader and not current.exchanges:
            with suppress(DatelineError):
                found = archive.conversations.open(remembered, reader)
        # What was typed before the page was opened anew stays in the box.
        ready = gr.Textbox(submit_btn=tr(_ASK))
        if found is None:
            untouched = gr.skip()
            box = untouched if current.exchanges else ready
            line = untouched if current.exchanges else kept_line(None)
            cards = untouched if current.exchanges else evidence.empty()
            seen = (untouched, untouched, cards, untouched, box, line, untouched)
            return *seen, *(untouched for _ in wanted.all)
        conversation, drawn, cards, key, _, *lines = _shown(found)
        return conversation, drawn, cards, key, ready, *lines, *_restored(archive, wanted, found)

    page = Context.root_block
    assert page is not None
    from_browser = gr.Textbox(visible=False)
    told = [from_browser, parts.conversation]
    page.load(spoken(recalled), told, [*parts.all, *wanted.all], js=RECALL, **QUIET)

    def worded() -> tuple[Any, Any]:
        return settings.worded(archive)

    page.load(spoken(worded), None, [wanted.fields.voice, wanted.fields.strictness], **QUIET)


def _wire_evidence(archive: Archive, parts: _Parts) -> None:
    def pressed(chosen: gr.EventData, conversation: Conversation) -> tuple[Any, Any]:
        """What a button of the evidence opens, and the key of the evidence that is open then."""
        wanted = dict(chosen._data or {})
        exchange = conversation.exchange(str(wanted.get("key", "")))
        if exchange is None:
            return gr.skip(), gr.skip()
        return looked_at(archive, conversation, exchange, wanted)

    shown = [parts.cards, parts.open_key]
    parts.cards.select(spoken(pressed), parts.conversation, shown, **QUIET)
    parts.chatbot.select(spoken(_opened), [parts.conversation, parts.open_key], shown, **QUIET)


def _exchange(question: str, fields: Fields, *given: Any) -> Exchange:
    """The question under the settings of the fields; with an error line where these are none."""
    try:
        wanted = fields.chosen(*given)
        return Exchange(question, filters=wanted.filters, settings=wanted.settings)
    except DatelineError as error:
        return Exchange(question, error=str(error))


def _ended(keeping: Keeping, conversation: Conversation, reader: str | None) -> Conversation:
    """With an unfinished last exchange marked as stopped, and kept so."""
    last = conversation.last
    if last is None or not last.running:
        return conversation
    return keeping.kept(conversation, replace(last, stopped=True), reader)


def _shown(conversation: Conversation, question: str = "") -> _Shown:
    """Everything drawn from the conversation; the box is ready again when nothing runs."""
    last = conversation.last
    running = last is not None and last.running
    submit, stop = not running and tr(_ASK), running and tr(_STOP)
    box = gr.Textbox(value=question, submit_btn=submit, stop_btn=stop)
    key = last.key if last else None
    drawn = chat.messages(conversation)
    return conversation, drawn, evidence.panel(last), key, box, kept_line(conversation), ""


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
