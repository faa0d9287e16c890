"""Where questions come from: the box, a suggestion, an exchange that was asked before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag.conversation import Conversation, Exchange
from rag.errors import DatelineError
from rag.page.asking import Asker, Watch, asked
from rag.page.chat import pointed_at
from rag.page.drawn import UNCHANGED, Drawn, drawn
from rag.page.escape import from_markdown
from rag.page.keeping import Keeping
from rag.page.listeners import told
from rag.page.readers import reader_of
from rag.page.settings import Fields

if TYPE_CHECKING:
    from rag.archive import Archive


@dataclass(frozen=True, slots=True)
class Questions:
    """What puts a question, one listener each; it draws every snapshot of the answer.

    `given` are the values of the `fields`, under which the question is asked.
    """

    archive: Archive
    keeping: Keeping
    fields: Fields
    watch: Watch

    def from_box(
        self, request: gr.Request, question: str, conversation: Conversation, *given: Any
    ) -> Iterator[Drawn]:
        """What was typed."""
        yield from self._next(request, conversation, question, given)

    def from_example(
        self, request: gr.Request, chosen: gr.SelectData, conversation: Conversation, *given: Any
    ) -> Iterator[Drawn]:
        """A question to begin with."""
        yield from self._next(request, conversation, chosen.value["text"], given)

    def from_follow_up(
        self, request: gr.Request, chosen: gr.EventData, conversation: Conversation, *given: Any
    ) -> Iterator[Drawn]:
        """A question to go on with."""
        last = conversation.last
        if last is not None and last.running:
            yield UNCHANGED
            return
        yield from self._next(request, conversation, told(chosen).get("ask", ""), given)

    def again(
        self, request: gr.Request, retried: gr.RetryData, conversation: Conversation, *given: Any
    ) -> Iterator[Drawn]:
        """A question that was asked before, in its place."""
        position = pointed_at(conversation, retried.index)
        question = conversation.exchanges[position].question
        yield from self._put(request, conversation, position, question, given)

    def reworded(
        self, request: gr.Request, edited: gr.EditData, conversation: Conversation, *given: Any
    ) -> Iterator[Drawn]:
        """A question that was asked before, in other words, in its place."""
        position = pointed_at(conversation, edited.index)
        question = from_markdown(str(edited.value))
        yield from self._put(request, conversation, position, question, given)

    def after_cut(
        self, request: gr.Request, chosen: gr.SelectData, conversation: Conversation, *given: Any
    ) -> Iterator[Drawn]:
        """A question whose answer was cut short, in its place."""
        # Gradio's index counts otherwise here than in its other events.
        found = conversation.exchange(str(chosen.value))
        if found is not None:
            position = conversation.exchanges.index(found)
            yield from self._put(request, conversation, position, found.question, given)

    def _next(
        self, request: gr.Request, conversation: Conversation, question: str, given: Sequence[Any]
    ) -> Iterator[Drawn]:
        end = len(conversation.exchanges)
        return self._put(request, conversation, end, question, given)

    def _put(
        self,
        request: gr.Request,
        conversation: Conversation,
        position: int,
        question: str,
        given: Sequence[Any],
    ) -> Iterator[Drawn]:
        """The question in the place of the exchanges from `position` on; nothing for an empty one.

        It was sent by mistake, and no line in the chat is worth it.
        """
        if not question.strip():
            yield UNCHANGED
            return
        gone = conversation.exchanges[position:]
        exchange = _exchange(question, self.fields, given)
        asker = Asker(self.archive, self.keeping, reader_of(request), self.watch)
        for grown in asked(asker, conversation.before(position), exchange, instead_of=gone):
            yield drawn(grown)


def _exchange(question: str, fields: Fields, given: Sequence[Any]) -> Exchange:
    """The question under the settings of the fields; with an error line where these are none."""
    try:
        wanted = fields.chosen(*given)
        return Exchange(question, filters=wanted.filters, settings=wanted.settings)
    except DatelineError as error:
        return Exchange(question, error=str(error))
