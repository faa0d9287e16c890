"""What ends an answer before its time: stop, undo, a new chat."""

from __future__ import annotations

from dataclasses import dataclass, replace

import gradio as gr

from rag.conversation import Conversation
from rag.page.chat import pointed_at
from rag.page.drawn import Drawn, drawn
from rag.page.keeping import Keeping
from rag.page.readers import reader_of


@dataclass(frozen=True, slots=True)
class Endings:
    """What a reader does to end an answer, one listener each; it draws what is left."""

    keeping: Keeping

    def stopped(self, request: gr.Request, conversation: Conversation) -> Drawn:
        """What there is of the answer stays."""
        return drawn(self._ended(conversation, reader_of(request)))

    def taken_back(
        self, request: gr.Request, undone: gr.UndoData, conversation: Conversation
    ) -> Drawn:
        """The exchange and all after it are gone; its question is back in the box."""
        position = pointed_at(conversation, undone.index)
        gone = conversation.exchanges[position:]
        self.keeping.taken_back(conversation, gone, reader_of(request))
        return drawn(conversation.before(position), gone[0].question)

    def begun_anew(self, request: gr.Request, conversation: Conversation) -> Drawn:
        """The chat is empty; the conversation that was there is kept."""
        self._ended(conversation, reader_of(request))
        return drawn(Conversation())

    def _ended(self, conversation: Conversation, reader: str | None) -> Conversation:
        """With an unfinished last exchange marked as stopped, and kept so."""
        last = conversation.last
        if last is None or not last.running:
            return conversation
        return self.keeping.kept(conversation, replace(last, stopped=True), reader)
