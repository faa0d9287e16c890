"""Conflicts: different values for the same thing are shown, everything else is left alone."""

from __future__ import annotations

from datetime import date

import pytest

from rag.quoting.conflicts import Candidate, conflicts
from rag.records import Passage, Source

INJURED = "How many people were injured in the Velm ferry fire?"
OPENED = "When did the Tarn bridge open?"


def candidate(text: str, article: str, day: int | None = 1) -> Candidate:
    """A sentence of an article of May 2023."""
    source = Source(
        article, publisher=f"The {article}", published=date(2023, 5, day) if day else None
    )
    return Candidate(text, source, 0, len(text), Passage(article, source, text, 0, len(text)))


def pair(one: str, other: str) -> list[Candidate]:
    """Two sentences of two articles, the later one first."""
    return [candidate(one, "Post", 3), candidate(other, "Mail", 2)]


@pytest.mark.parametrize(
    ("question", "one", "other", "values"),
    [
        (
            INJURED,
            "The Velm ferry fire injured 12 people.",
            "Fifteen people were injured in the fire on the Velm ferry.",
            ("12", "Fifteen"),
        ),
        (
            OPENED,
            "The Tarn bridge opened on 4 June 2021.",
            "The Tarn bridge opened in May 2021.",
            ("4 June 2021", "May 2021"),
        ),
        (
            "Who designed the Tarn bridge?",
            "The Tarn bridge was designed by Ana Ruiz.",
            "The Tarn bridge was designed by Ola Berg.",
            ("Ana Ruiz", "Ola Berg"),
        ),
        (
            "How much did the Tarn bridge cost?",
            "The Tarn bridge cost $40 million.",
            "The Tarn bridge cost $55 million to build.",
            ("$40 million", "$55 million"),
        ),
    ],
)
def test_different_values_are_shown_oldest_first(
    question: str, one: str, other: str, values: tuple[str, str]
) -> None:
    """Numbers, dates, names and sums that cannot both be true stand side by side."""
    (found,) = conflicts(question, pair(one, other))

    assert [side.source.article_id for side in found.sides] == ["Mail", "Post"]
    assert all(value in found.reason for value in values)


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            INJURED,
            "The Velm ferry fire injured 12 people.",
            "The Velm ferry fire injured twelve people.",
        ),
        (
            INJURED,
            "The Velm ferry fire injured at least 12 people.",
            "The Velm ferry fire injured 15 people.",
        ),
        (
            INJURED,
            "The Velm ferry fire injured 12 people.",
            "The Orsk ferry fire injured 15 people.",
        ),
        (
            INJURED,
            "The Velm ferry fire injured 12 people.",
            "The Velm ferry fire burned for 15 hours.",
        ),
        (
            INJURED,
            "The Velm ferry fire has injured 12 people so far.",
            "The Velm ferry fire injured 15 people.",
        ),
        (
            "How many visitors came to the Lund museum?",
            "The Lund museum drew 40,000 visitors in 2021.",
            "The Lund museum drew 55,000 visitors in 2022.",
        ),
        (OPENED, "The Tarn bridge opened on 4 June 2021.", "The Tarn bridge opened in 2021."),
        (
            OPENED,
            "The Tarn bridge opened on 4 June 2021.",
            "The Tarn bridge did not open in May 2021.",
        ),
        (
            "Who designed the Tarn bridge?",
            "The Tarn bridge was designed by Ana Ruiz.",
            "The Tarn bridge was designed by Ruiz.",
        ),
        (
            "Who designed the Tarn bridge?",
            "The Tarn bridge was designed by Ana Ruiz.",
            "The Tarn bridge was paid for by Ola Berg.",
        ),
        (
            "How many seats has the council of Selma?",
            "The Tarn List has nine seats in the council of Selma.",
            "The Tarn List gained two seats in the council of Selma.",
        ),
        (
            "When was the mine of Selma shut?",
            "The mine of Selma has been shut since 1996.",
            "The mine of Selma was worked until 2004 and shut.",
        ),
        (
            "When was Tarn Hall in Selma painted?",
            "The old Tarn Hall in Selma opened in 2019.",
            "The old Tarn Hall in Selma was sold in 2021.",
        ),
    ],
)
def test_what_can_be_explained_is_no_conflict(question: str, one: str, other: str) -> None:
    """Bounds, other subjects or periods, running counts, changes and coarser dates are none."""
    assert conflicts(question, pair(one, other)) == ()


def test_one_article_does_not_disagree_with_itself() -> None:
    """Two numbers of one article are two numbers, not two reports."""
    sides = [
        candidate("The Velm ferry fire injured 12 people.", "Post"),
        candidate("The Velm ferry fire injured 15 people.", "Post"),
    ]

    assert conflicts(INJURED, sides) == ()


def test_a_correction_wins_and_says_so() -> None:
    """The corrected number stands, and the other articles are compared with it alone."""
    sides = [
        candidate("The Velm ferry fire injured 12 people.", "Post", 2),
        candidate(
            "Correction: An earlier version of this article said 12 people were injured;"
            " 14 people were injured.",
            "Post",
            2,
        ),
        candidate("The Velm ferry fire injured 14 people.", "Mail", 3),
    ]

    (found,) = conflicts(INJURED, sides)

    assert found.reason == "The article corrects itself: 14 stands, not 12."
    assert [side.source.article_id for side in found.sides] == ["Post", "Post"]


def test_an_undated_side_comes_last() -> None:
    """A side without a date follows the dated ones and is called undated."""
    sides = [
        candidate("The Velm ferry fire injured 12 people.", "Post", None),
        candidate("The Velm ferry fire injured 15 people.", "Mail", 3),
    ]

    (found,) = conflicts(INJURED, sides)

    assert [side.source.article_id for side in found.sides] == ["Mail", "Post"]
    assert "undated" in found.reason


def test_no_candidates_no_conflict() -> None:
    """An empty list of sentences holds no conflict."""
    assert conflicts(INJURED, []) == ()
