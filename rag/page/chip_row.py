"""The row of chips above the question, which follows the settings and takes them back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag.conversation import Conversation
from rag.errors import DatelineError
from rag.page import chips
from rag.page.listeners import QUIET, told
from rag.page.settings import Chosen, Fields, chosen_for
from rag.page.tongue import spoken
from rag.page.wording import sentence

if TYPE_CHECKING:
    from rag.archive import Archive


@dataclass(frozen=True, slots=True)
class Wanted:
    """The fields of the settings, and the row of chips that says what is set in them."""

    fields: Fields
    row: gr.HTML

    @property
    def all(self) -> list[Any]:
        return [*self.fields.all, self.row]


def chip_row() -> gr.HTML:
    """The row, empty."""
    return gr.HTML(elem_id="chips", js_on_load=chips.TAKEN_OFF, apply_default_css=False)


def restored(archive: Archive, wanted: Wanted, conversation: Conversation) -> tuple[Any, ...]:
    """The settings as they were when the conversation was left, those of its last question."""
    left = chosen_for(conversation.last)
    return *wanted.fields.values(left), _row(archive, left)


def wire_chips(archive: Archive, wanted: Wanted) -> None:
    """What is set is shown as chips at once; a chip that is taken off resets its field."""
    fields = wanted.fields

    def followed(*given: Any) -> str:
        try:
            return _row(archive, fields.chosen(*given))
        except DatelineError as error:
            return chips.trouble(sentence(str(error)))

    def taken_off(event: gr.EventData, *given: Any) -> tuple[Any, ...]:
        name = told(event).get("off", "")
        try:
            found = chips.chips(fields.chosen(*given), usual_voice=archive.voices[0])
        except DatelineError:
            found = ()
        for number, chip in enumerate(found):
            if chip.name == name:
                return *fields.values(chip.without), _row(archive, chip.without, focus=number)
        return tuple(gr.skip() for _ in wanted.all)

    typed = fields.since, fields.until, fields.passages
    picked = fields.publishers, fields.voice, fields.strictness
    gr.on(
        [
            *(field.blur for field in typed),
            *(field.submit for field in typed),
            *(field.input for field in picked),
        ],
        spoken(followed),
        fields.all,
        wanted.row,
        # What is changed while the chips are on their way is told after them, not before.
        trigger_mode="always_last",
        **QUIET,
    )
    wanted.row.select(spoken(taken_off), fields.all, wanted.all, **QUIET)


def _row(archive: Archive, chosen: Chosen, *, focus: int | None = None) -> str:
    return chips.strip(chips.chips(chosen, usual_voice=archive.voices[0]), focus=focus)
