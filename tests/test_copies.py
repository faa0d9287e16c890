"""Copies: reports that say nearly the same are alike, others are not."""

from __future__ import annotations

import random

import pytest

from rag.copies import ALIKE, alike, bands, signature

WORDS = [f"word{n}" for n in range(400)]
PINNED = "77aba8060000000058710023"


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


def test_the_estimate_is_near_the_share_of_common_runs() -> None:
    """Over many pairs the estimate is right on average, and seldom off by more than a little."""
    off = []
    for seed in range(60):
        kept = random.Random(seed).randrange(0, 300)
        start = [f"s{seed}w{n}" for n in range(kept)]
        one, other = (start + [f"{side}{seed}w{n}" for n in range(300 - kept)] for side in "ab")
        runs = [{" ".join(w[i : i + 3]) for i in range(298)} for w in (one, other)]
        exact = len(runs[0] & runs[1]) / len(runs[0] | runs[1])
        off.append(alike(signature(" ".join(one)), signature(" ".join(other))) - exact)

    assert abs(sum(off) / len(off)) < 0.015
    assert sorted(map(abs, off))[int(0.95 * len(off))] < 0.1


def test_a_signature_is_the_same_in_every_process() -> None:
    """Signatures are kept: the numbers behind them never change."""
    assert signature("the bridge is open at last").hex().startswith(PINNED)
