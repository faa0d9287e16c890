"""Sparse vectors: their product is BM25, whatever the places."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given, strategies as st

from rag.indexes import sparse
from rag.indexes.sparse import Sparse, asked, weighed

WORDS = st.lists(st.sampled_from("bridge ferry mill tower lake ålesund 1911".split()))


def product(one: Sparse, other: Sparse) -> float:
    held = dict(zip(other.places, other.values, strict=True))
    pairs = zip(one.places, one.values, strict=True)
    return sum(value * held.get(place, 0.0) for place, value in pairs)


def bm25(question: dict[str, float], passage: list[str]) -> float:
    """As it stands in the books, with k1 = 1.2 and b = .75."""
    normal = 1.2 * (0.25 + 0.75 * len(passage) / sparse._AVERAGE)
    counts = Counter(passage)
    return sum(
        rarity * counts[term] * 2.2 / (counts[term] + normal) for term, rarity in question.items()
    )


@given(passage=WORDS, question=st.dictionaries(st.sampled_from(["bridge", "lake"]), st.just(1.7)))
def test_the_product_is_bm25(passage: list[str], question: dict[str, float]) -> None:
    """Of a question's rarities and a passage's terms."""
    found = product(asked(question), weighed(passage))

    assert math.isclose(found, bm25(question, passage), abs_tol=1e-3)


@given(WORDS)
def test_places_ascend_and_are_small(terms: list[str]) -> None:
    """As Chroma wants them: each once, and no more than 31 bits."""
    made = weighed(terms)

    assert list(made.places) == sorted(set(made.places))
    assert all(0 <= place < 2**31 for place in made.places)
    assert len(made.values) == len(made.places) == len(set(terms))


def test_a_term_has_the_same_place_everywhere() -> None:
    """In every process, and in a collection of years ago."""
    assert weighed(["bridge"]).places == asked({"bridge": 1.0}).places == (1769475999,)


def test_weights_in_a_common_place_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two terms that fall together count as one that is there more often."""
    monkeypatch.setattr(sparse, "_PLACES", 0)

    assert asked({"bridge": 1.0, "lake": 2.5}) == Sparse((0,), (3.5,))


def test_of_very_many_terms_the_most_frequent_are_kept() -> None:
    """Chroma Cloud takes 4,096 bytes of a value."""
    many = [f"word{n}" for n in range(900)]

    made = weighed([*many, "bridge", "bridge"])

    assert len(made.places) == 500
    assert set(weighed(["bridge"]).places) < set(made.places)
