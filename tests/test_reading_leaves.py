"""Printed leaves: sentences go on overleaf, what stands around the text is left out."""

from __future__ import annotations

import pytest

from rag.reading.leaves import joined


def leaf(number: int, text: str) -> str:
    """A leaf with the paper's name over it and its number under it."""
    return f"Harbour Times, issue {number}\n{text}\n{number}"


def test_a_sentence_goes_on_overleaf() -> None:
    """The end of a leaf ends no sentence that has no stop."""
    assert (
        joined(["The bridge is open", "again since May."]) == "The bridge is open again since May."
    )


def test_a_new_paragraph_begins_overleaf() -> None:
    """A leaf that ends with a stop ends its paragraph."""
    assert joined(["The bridge is open.", "It is long."]) == "The bridge is open.\n\nIt is long."


@pytest.mark.parametrize("foot", ["7", "- 7 -", "Page 7 of 9", "Seite 7", "Archive copy, page 7/9"])
def test_a_page_number_is_no_word(foot: str) -> None:
    """It cuts no sentence in two."""
    text = joined([f"The bridge is open\n{foot}", "again since May."])

    assert text == "The bridge is open again since May."


def test_running_heads_are_left_out() -> None:
    """A line at the edge of most leaves, with any number in it, is none of the article's."""
    text = joined([leaf(1, "The bridge is"), leaf(2, "open again"), leaf(3, "since May.")])

    assert text == "The bridge is open again since May."


def test_a_line_of_two_leaves_stays() -> None:
    """Two leaves that begin alike may do so by chance."""
    text = joined(["Open at last.\nThe bridge.", "Open at last.\nThe ferry."])

    assert text.count("Open at last.") == 2


def test_numbers_within_a_leaf_stay() -> None:
    """A line that holds a number alone is left out only at the edge."""
    assert joined(["It cost\n612\nmillion marks."]) == "It cost\n612 million marks."


def test_a_heading_is_a_paragraph() -> None:
    """A short line between sentences is not glued to the one that follows."""
    lines = "The bridge is open.\nWhat comes next\nThe council of Skarn will meet on Monday."

    assert joined([lines]).split("\n\n") == [
        "The bridge is open.",
        "What comes next",
        "The council of Skarn will meet on Monday.",
    ]


def test_a_name_that_is_wrapped_is_no_heading() -> None:
    """A line in the middle of a sentence is part of it, however short."""
    lines = "Its governor was Olaf\nStein, who was born in Skarn."

    assert "\n\n" not in joined([lines])


def test_leaves_without_words_are_no_text() -> None:
    """Scanned leaves hold nothing."""
    assert joined(["", " \n "]) == ""
