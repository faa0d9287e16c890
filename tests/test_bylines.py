"""A sentence may name the publisher and the day of the article it cites, if they are right."""

from __future__ import annotations

from datetime import date

import pytest
from wire.newsroom import HITS, QUESTION, answerer, last, texts

from rag.records import Source
from rag.writing.bylines import without_byline
from rag.writing.chat import Chat
from rag.writing.scripted import ScriptedChat

SOURCE = Source("a", publisher="The Ardmera Courier", published=date(2021, 10, 9))


@pytest.mark.parametrize(
    "text",
    [
        "According to The Ardmera Courier, nine people died.",
        "According to the Ardmera Courier of 9 October 2021, nine people died.",
        "According to the Ardmera Courier (9 Oct 2021), nine people died.",
        "The Ardmera Courier reported on October 9, 2021 that nine people died.",
        "On 9 October 2021, the Ardmera Courier reported that nine people died.",
        "The Ardmera Courier (2021-10-09) wrote: nine people died.",
        "Nine people died, according to The Ardmera Courier.",
        "Nine people died, according to the Ardmera Courier of 9 October 2021.",
    ],
)
def test_a_true_byline_is_taken_off(text: str) -> None:
    """What is left is what the article itself must say."""
    assert without_byline(text, SOURCE) == "Nine people died."


@pytest.mark.parametrize(
    "text",
    [
        "According to The Northern Ledger, nine people died.",
        "According to the Ardmera Courier of 8 October 2021, nine people died.",
        "The Ardmera Courier was sold on 9 October 2021.",
        "The Ardmera Courier reported on 3 May 2020 that nine people died.",
    ],
)
def test_a_false_byline_stays(text: str) -> None:
    """Another publisher or another day is part of what is checked."""
    assert without_byline(text, SOURCE) == text


@pytest.mark.parametrize(
    ("byline", "kept"),
    [
        ("The Gazette reported on 4 May 2022 that nobody", True),
        ("According to the Gazette, nobody", True),
        ("According to the Courier, nobody", False),
        ("The Gazette reported on 5 June 2022 that nobody", False),
    ],
)
def test_only_a_true_byline_is_shown(byline: str, kept: bool) -> None:
    """An answer may hand a sentence to its own source and to no other."""
    sentence = f"{byline} was hurt, said the harbour master, Odo Harnett"
    model = ScriptedChat(replies=[f"{sentence} [1]."])

    draft = last(answerer(Chat("scripted:test", lambda: model)).draft(QUESTION, HITS))

    assert (f"{sentence}." in texts(draft)) is kept
