"""Questions made of sentences: worded as a person asks, or not made at all."""

from __future__ import annotations

import pytest

from rag.language.predicates import infinitive
from rag.language.questions import questions


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        (
            "The old ferry of Oberhaven was sold to a museum in 1987.",
            "When was the old ferry of Oberhaven sold to a museum?",
            "1987",
        ),
        (
            "Brandel Hydraulics was founded in 1924 and has built gates in eleven countries.",
            "When was Brandel Hydraulics founded?",
            "1924",
        ),
        ("Langport opened a harbour in 1911.", "When did Langport open a harbour?", "1911"),
        (
            "The museum at Oberhaven expects about 3,000 visitors.",
            "How many visitors does the museum at Oberhaven expect?",
            "3,000",
        ),
        (
            "Langport had 12 fishing boats left when the contract was signed.",
            "How many fishing boats did Langport have left when the contract was signed?",
            "12",
        ),
        (
            "Holm Bank will cut 900 jobs by spring, according to a plan.",
            "How many jobs will Holm Bank cut by spring?",
            "900",
        ),
        (
            "More than 400 people fled from Langport on Sunday.",
            "How many people fled from Langport?",
            "400",
        ),
        (
            "Marta Lindqvist opened the bridge on Thursday with 40 guests.",
            "Who opened the bridge?",
            "Marta Lindqvist",
        ),
    ],
)
def test_a_sentence_is_asked_as_a_person_asks(sentence: str, question: str, answer: str) -> None:
    """The words of the question come first, its verb in its plain form, and no detail too many."""
    made = {each.text: each.answer for each in questions(sentence)}

    assert made.get(question) == answer


@pytest.mark.parametrize(
    "sentence",
    [
        "It was sold to a museum in 1987.",
        "Last year the bank cut 900 jobs.",
        "The harbour authority said the ferry had carried 400 passengers.",
        "Anna Holm, 41, is a teacher.",
        "Lena Farrow will be the first mayor since the vote in 1926.",
        "Holm Bank named Lena Farrow as its chief.",
    ],
)
def test_what_cannot_be_turned_round_is_not_asked(sentence: str) -> None:
    """A sentence whose subject or verb is not plain makes no question rather than a stiff one."""
    assert list(questions(sentence)) == []


@pytest.mark.parametrize(
    ("past", "plain"),
    [
        ("carried", "carry"),
        ("planned", "plan"),
        ("closed", "close"),
        ("opened", "open"),
        ("passed", "pass"),
        ("used", "use"),
        ("agreed", "agree"),
        ("sank", "sink"),
        ("need", None),
        ("hundred", None),
    ],
)
def test_infinitives(past: str, plain: str | None) -> None:
    """A past form is led back to the word a dictionary has; other words are no past forms."""
    assert infinitive(past) == plain
