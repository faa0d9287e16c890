"""The settings of a question: the fields that a reader fills in, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag import recorded
from rag.conversation import Exchange
from rag.errors import QuestionError, ReadError
from rag.page.limits import limits
from rag.page.tongue import label, later, tr
from rag.records import AS_CONFIGURED, QUOTES, Filters, Options, Strictness
from rag.settings import MOST_PASSAGES

if TYPE_CHECKING:
    from rag.archive import Archive

STRICTNESS: Mapping[Strictness, str] = {
    Strictness.STRICT: later("Strict: only where it is all but certain"),
    Strictness.BALANCED: later("Balanced"),
    Strictness.OPEN: later("Open: also what may miss the question"),
}
_ONLY_QUOTES = later("Quotes, without a chat model")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a question is asked under."""

    filters: Filters = Filters()  # noqa: RUF009 - frozen, and equal to any other without limits
    options: Options = AS_CONFIGURED

    @property
    def settings(self) -> dict[str, Any]:
        """The options as an exchange keeps them, those that are not as configured."""
        plain = asdict(self.options)
        usual = asdict(AS_CONFIGURED)
        return {name: value for name, value in plain.items() if value != usual[name]}


@dataclass(frozen=True, slots=True)
class Fields:
    """The components, and what two of them hold where nothing else is chosen."""

    voice: gr.Radio
    since: gr.Textbox
    until: gr.Textbox
    publishers: gr.Dropdown
    passages: gr.Number
    strictness: gr.Radio
    usual_voice: str
    usual_passages: int

    @property
    def all(self) -> list[Any]:
        """In the order in which `chosen` takes and `values` gives their values."""
        return [
            *(self.since, self.until, self.publishers),
            *(self.voice, self.passages, self.strictness),
        ]

    def chosen(self, *given: Any) -> Chosen:
        """What the values of the fields come to.

        Raises:
            QuestionError: a date cannot be read, the last day lies before the first, or there is
                no such number of passages.
        """
        since, until, publishers, voice, passages, strictness = given
        if passages is not None and not 1 <= passages <= MOST_PASSAGES:
            words = tr(
                "{count} passages cannot be read: ask for 1 to {most}",
                count=passages,
                most=MOST_PASSAGES,
            )
            raise QuestionError(words)
        options = Options(
            None if voice in (None, self.usual_voice) else voice,
            None if passages in (None, self.usual_passages) else int(passages),
            Strictness(strictness or Strictness.BALANCED),
        )
        return Chosen(limits(since, until, publishers), options)

    def values(self, wanted: Chosen) -> tuple[Any, ...]:
        """The values of the fields that come to this."""
        filters, options = wanted.filters, wanted.options
        return (
            filters.since.isoformat() if filters.since else "",
            filters.until.isoformat() if filters.until else "",
            list(filters.publishers),
            options.voice or self.usual_voice,
            options.passages or self.usual_passages,
            options.strictness.value,
        )


def settings_fold(archive: Archive) -> Fields:
    """The button and the fields under it, which the page's script hides until it is pressed.

    What is folded is drawn from the beginning: an update of what is not drawn yet would be lost.
    """
    with gr.Column(elem_id="limits", min_width=160):
        gr.Button(label("Settings"), elem_id="show-settings", size="sm")
        with gr.Column(elem_id="settings", min_width=160):
            with gr.Row():
                since, until = (
                    gr.Textbox(
                        label=name, placeholder=label("e.g. 2023-09"), max_lines=1, min_width=130
                    )
                    for name in (label("Since"), label("Until"))
                )
                publishers = gr.Dropdown(
                    multiselect=True, label=label("Publishers"), min_width=160, scale=2
                )
            with gr.Row():
                voice = gr.Radio(
                    _voices(archive),
                    value=archive.voices[0],
                    label=label("Who answers"),
                    min_width=160,
                    visible=len(archive.voices) > 1,
                )
                strictness = gr.Radio(
                    _degrees(),
                    value=Strictness.BALANCED.value,
                    label=label("How sure an answer must be"),
                    min_width=160,
                    scale=2,
                )
                passages = gr.Number(
                    label=label("Passages read"),
                    value=archive.settings.passages,
                    precision=0,
                    min_width=120,
                    scale=1,
                )
    usual = archive.voices[0], archive.settings.passages
    return Fields(voice, since, until, publishers, passages, strictness, *usual)


def worded(archive: Archive) -> tuple[Any, Any]:
    """The choices of `voice` and `strictness` in the reader's language."""
    return gr.Radio(choices=_voices(archive)), gr.Radio(choices=_degrees())


def chosen_for(exchange: Exchange | None) -> Chosen:
    """What the exchange was asked under; the usual where it is none."""
    if exchange is None:
        return Chosen()
    try:
        options = recorded.options(exchange.settings)
    except ReadError:  # kept by another release
        options = AS_CONFIGURED
    return Chosen(exchange.filters, options)


def voice_named(voice: str) -> str:
    """What the one who answers is called."""
    return tr(_ONLY_QUOTES) if voice == QUOTES else voice


def _voices(archive: Archive) -> list[tuple[str, str]]:
    return [(voice_named(voice), voice) for voice in archive.voices]


def _degrees() -> list[tuple[str, str]]:
    return [(tr(words), strictness.value) for strictness, words in STRICTNESS.items()]
