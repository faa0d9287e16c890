"""Terms."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
import snowballstemmer

from rag.language.terms import Remembered, fold, stem, terms


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Threads that change places after every few steps."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty_threads")
def test_threads_that_stem_at_once_do_not_mix_up_their_words() -> None:
    """Every thread gets the stem that a stemmer of its own would give."""
    made = [
        "".join(parts)
        for parts in product(
            ("inter", "counter", "over"),
            ("nation", "reaction", "estimat", "activ", "generous", "visit"),
            ("alised", "aries", "ingly", "ities", "ness", "ational", "fulness"),
        )
    ]
    alone = snowballstemmer.stemmer("english")
    expected = {word: alone.stemWord(word) for word in made}

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda words: [stem(word) for word in words], [made, made[::-1]] * 2))

    assert [dict(zip(made, found[0], strict=True))] == [expected]
    assert found[1] == found[0][::-1]


def test_terms_are_stems_in_order_without_stopwords() -> None:
    """Terms keep the order and the repeats of the words that count."""
    text = "The ministers' pledges, and more pledges"

    found = terms(text)

    assert found == ["minist", "pledg", "pledg"]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Plain TEXT", "plain text"),
        ("Il a dit « Où ça ? »", "il a dit « ou ca ? »"),
        ("the minister’s", "the minister's"),
        ("Straße ΣΊΣΥΦΟΣ", "strasse σισυφοσ"),
        ("İstanbul ﬁve", "istanbul five"),
    ],
)
def test_a_folded_text_has_no_case_and_no_accents(text: str, folded: str) -> None:
    """Folding takes case, accents and typographic apostrophes away, in any script."""
    found = fold(text)

    assert found == folded


def test_too_many_words_are_forgotten_and_made_again() -> None:
    """What is remembered never outgrows its limit, and what was forgotten comes out the same."""
    held = Remembered(str.upper, most=2)

    found = [held[word] for word in ("a", "b", "c", "a", "a")]

    assert found == ["A", "B", "C", "A", "A"]
    assert len(held) <= 2
