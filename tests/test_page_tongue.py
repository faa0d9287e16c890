"""The page speaks the reader's language, in every step of an event."""

from __future__ import annotations

import contextvars
from collections.abc import Iterator
from functools import partial

import gradio as gr
import pytest
from gradio import EventData
from gradio.helpers import special_args

from rag.page.tongue import Language, counted, speaking, spoken, spoken_now, tr, understood

KOREAN = "ko-KR,ko;q=0.9,en-US;q=0.8"


class Asking:
    """A request with the header that a browser sends."""

    def __init__(self, accept: str) -> None:
        self.headers = {"accept-language": accept}


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        (KOREAN, Language.KOREAN),
        ("KO", Language.KOREAN),
        ("en-GB,ko;q=0.9", Language.ENGLISH),
        ("en;q=0.1,ko;q=0.9", Language.KOREAN),
        ("fr,ko;q=0.9", Language.ENGLISH),
        ("kok", Language.ENGLISH),
        (None, Language.ENGLISH),
        (";;q=x,,", Language.ENGLISH),
    ],
)
def test_first_choice(accept: str | None, language: Language) -> None:
    """The reader's first choice is spoken if we can, English if not."""
    assert understood(accept) is language


def test_missing() -> None:
    """A text without a translation is shown in English, with its names filled in."""
    with speaking(Language.KOREAN):
        assert tr("No such text ({count})", count=3) == "No such text (3)"
        assert counted(3, "unheard-of thing") == "3 unheard-of things"
        assert counted(1204, "article") == "기사 1,204건"

    assert counted(1, "article") == "1 article"


def test_plain_function() -> None:
    """An event function speaks the language of its request, and only while it runs."""
    said = spoken(lambda question: f"{question} {spoken_now()}")

    assert said(Asking(KOREAN), "a") == "a ko"
    assert said(None, "b") == "b en"
    assert spoken_now() is Language.ENGLISH


def test_generator_across_contexts() -> None:
    """Each step of a generator speaks the language, though each runs in another context."""

    def steps(count: int) -> Iterator[str]:
        for number in range(count):
            yield f"{number} {spoken_now()}"

    running = spoken(steps)(Asking(KOREAN), 3)
    said = [contextvars.copy_context().run(next, running) for _ in range(3)]

    assert said == ["0 ko", "1 ko", "2 ko"]
    assert spoken_now() is Language.ENGLISH


def test_generator_closed() -> None:
    """A generator that is stopped half-way is closed, in its language."""
    ends = []

    def steps() -> Iterator[int]:
        try:
            yield from range(9)
        finally:
            ends.append(spoken_now())

    running = spoken(steps)(Asking(KOREAN))
    next(running)
    running.close()

    assert ends == [Language.KOREAN]


def _chosen(archive: str, chosen: gr.SelectData, box: str, *fields: str) -> str:
    return f"{archive} {chosen.index} {box} {fields} {spoken_now()}"


def test_special_parameters() -> None:
    """Gradio finds where the request and the event belong in a wrapped partial."""
    wrapped = spoken(partial(_chosen, "archive"))
    event = EventData(None, {"index": 7, "value": ""})

    given, *_ = special_args(wrapped, ["box", "x"], Asking(KOREAN), event)

    assert wrapped(*given) == "archive 7 box ('x',) ko"
