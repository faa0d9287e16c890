"""A conversation drawn: the parts of the page that a question changes, and their new values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

import gradio as gr

from rag.conversation import Conversation
from rag.page import chat, evidence
from rag.page.kept import kept_line
from rag.page.tongue import later, tr

ASK = later("Ask")
_STOP = later("Stop")

# New values of the parts, in the order of `Parts.all`.
Drawn = tuple[Conversation, list[chat.Message], str, str | None, Any, str, str]
UNCHANGED: Any = (gr.skip(),) * len(get_args(Drawn))


@dataclass(frozen=True, slots=True)
class Parts:
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


def drawn(conversation: Conversation, question: str = "") -> Drawn:
    """The conversation, with a question in the box, which is ready again when nothing runs."""
    last = conversation.last
    running = last is not None and last.running
    submit, stop = not running and tr(ASK), running and tr(_STOP)
    box = gr.Textbox(value=question, submit_btn=submit, stop_btn=stop)
    key = last.key if last else None
    messages = chat.messages(conversation)
    return conversation, messages, evidence.panel(last), key, box, kept_line(conversation), ""
