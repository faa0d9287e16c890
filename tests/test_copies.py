"""Copies: reports that say nearly the same are alike, others are not."""

from __future__ import annotations

import random

import pytest

from rag.copies import ALIKE, alike, bands, signature

WORDS = [f"word{n}" for n in range(400)]


def text(seed: int, length: int = 200) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=length))


def test_the_same_words_are_the_same_signature() -> None:
    """Case and marks between the words do not count; the signature is the same everywhere."""
    assert signature("The bridge, at last, is open!") == signature("the BRIDGE at last is open")
    assert len(signature("any")) == 128 * 8


@pytest.mark.parametrize("changed", [0, 1, 2])
def test_a_report_with_a_few_words_changed_is_a_copy(changed: int) -> None:
    """Copies share a band and count as alike."""
    words = text(1).split()
    for n in range(changed):
        words[40 * n + 7] = "changed"
    one, other = signature(text(1)), signature(" ".join(words))

    assert alike(one, other) >= ALIKE
    assert set(bands(one)) & set(bands(other))


def test_other_reports_are_no_copies() -> None:
    """Unrelated texts are far from alike, and seldom worth comparing."""
    signatures = [signature(text(seed)) for seed in range(20)]

    for one in signatures[1:]:
        assert alike(signatures[0], one) < 0.2


@pytest.mark.parametrize("short", ["", "?!", "one", "one two"])
def test_a_text_of_few_words_has_a_signature(short: str) -> None:
    """Nothing to compare is no error."""
    assert len(bands(signature(short))) == 16
