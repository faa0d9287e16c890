"""Citation metrics equal a table worked by hand; every quote meets its fate."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from overlap_archive import article

from rag.evaluation.labels import Shelf
from rag.evaluation.metrics.citations import CitedSentence, alce, fate, lost_negation, stands
from rag.evaluation.metrics.statistics import Share
from rag.records import Citation, Passage, Quote

BRIDGE = article("bridge", "The bridge opened in May. The mayor denied that it was safe to cross.")
TUNNEL = article("tunnel", "The tunnel cost five million crowns. Nobody was hurt in the works.")
SHELF = Shelf.of([BRIDGE, TUNNEL])


def letters(passages: Sequence[str], claim: str) -> bool:
    """Supports a claim when every letter of it stands in some passage."""
    return set(claim) <= set("".join(passages))


@pytest.mark.parametrize(
    ("sentences", "recall", "precision"),
    [
        # One supported sentence, one citation that is needed.
        ([("a", ("a",))], Share(1, 1), Share(1, 1)),
        # The second citation neither supports alone nor is needed.
        ([("a", ("a", "z"))], Share(1, 1), Share(1, 2)),
        # Both are needed together: neither supports alone, neither is enough without the other.
        ([("ab", ("a", "b"))], Share(1, 1), Share(2, 2)),
        # Both support alone: none is irrelevant.
        ([("a", ("a", "ab"))], Share(1, 1), Share(2, 2)),
        # Not supported: no recall, and its citations earn nothing but are counted.
        ([("a", ("z", "y"))], Share(0, 1), Share(0, 2)),
        # No citation: no recall, nothing to be precise about.
        ([("a", ())], Share(0, 1), Share(0, 0)),
        # A citation that is not there voids its sentence's citations.
        ([("a", ("a", None))], Share(0, 1), Share(0, 0)),
        # A whole answer: 2 of 4 sentences, 3 of 5 citations.
        (
            [("ab", ("a", "b")), ("c", ("c", "z")), ("d", ("x",)), ("e", ())],
            Share(2, 4),
            Share(3, 5),
        ),
    ],
)
def test_alce_by_hand(
    sentences: list[tuple[str, tuple[str | None, ...]]], recall: Share, precision: Share
) -> None:
    """Citation recall and precision are what the definition gives on paper."""
    found = alce([CitedSentence(text, passages) for text, passages in sentences], letters)

    assert (found.recall, found.precision) == (recall, precision)


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("The bridge opened in May.", 0, "exact"),
        ("The bridge opened in May.", 3, "misplaced"),
        ("Nobody was hurt", 0, "misattributed"),
        ("The bridge opened in … five million crowns. Nobody", 0, "spliced"),
        ("The bridge sank in June.", 0, "fabricated"),
    ],
)
def test_the_fate_of_a_quote(text: str, start: int, expected: str) -> None:
    """A quote is exact, or it is told in which way it is not."""
    quote = Quote(BRIDGE.source, start, start + len(text), text)

    assert fate(quote, SHELF) == expected


def test_a_cut_that_loses_a_denial_is_seen() -> None:
    """A quote out of a sentence that denies it is flagged; a whole sentence is not."""
    start = BRIDGE.text.index("it was safe")
    cut = Quote(BRIDGE.source, start, len(BRIDGE.text), BRIDGE.text[start:])
    whole = Quote(BRIDGE.source, 0, 25, BRIDGE.text[:25])

    assert lost_negation(cut, BRIDGE)
    assert not lost_negation(whole, BRIDGE)


def test_a_citation_stands_only_on_what_is_stored() -> None:
    """A passage that the article does not hold, or an article that is not there, is no citation."""
    quote = Quote(BRIDGE.source, 0, 25, BRIDGE.text[:25])
    good = Passage("p", BRIDGE.source, BRIDGE.text, 0, len(BRIDGE.text))
    changed = Passage("p", BRIDGE.source, BRIDGE.text.upper(), 0, len(BRIDGE.text))
    gone = article("gone", BRIDGE.text)

    assert stands(Citation(1, quote, good), SHELF)
    assert not stands(Citation(1, quote, changed), SHELF)
    assert not stands(Citation(1, Quote(gone.source, 0, 3, "The"), good), SHELF)
