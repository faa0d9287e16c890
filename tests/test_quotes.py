"""Quotes: exact after folding typography, in the article's own characters."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from rag.checking.quotes import fold, judge, locate, lost_context, near_miss
from rag.records import Article, Outcome, Source

TEXT = (
    "The ferry’s owner said: “We will never sell the boats — not to them… or any\u00a0one.” "
    "It is not true that the harbour was closed, officials denied the rumour. "
    "The re\u00adpaired light\u00adhouse re-\nopened in a well-\nknown caf\u00e9."
)
OTHER = Article(
    Source("b", title="Other"), "The mayor said the tram would run until midnight.", "h"
)


@pytest.mark.parametrize(
    ("quotation", "original"),
    [
        ("The ferry's owner said", "The ferry’s owner said"),
        ("We will never sell the boats - not to them... or any one", None),
        ("The repaired lighthouse reopened", "The re\u00adpaired light\u00adhouse re-\nopened"),
        ("a well-known cafe\u0301", "a well-\nknown caf\u00e9"),
        ("\u201cWe will never sell the boats,\u201d", "We will never sell the boats"),
        ("the harbour\nwas  closed", "the harbour was closed"),
    ],
)
def test_typography_is_folded(quotation: str, original: str | None) -> None:
    """Quotation marks, dashes, blanks, ellipses, accents and hyphenation do not hide a quote."""
    found = locate(quotation, TEXT)

    assert found is not None
    assert original is None or TEXT[slice(*found)] == original


def test_elided_pieces_stand_in_order() -> None:
    """A quotation with an elision is found when its pieces stand in order, not otherwise."""
    assert locate("We will never sell […] or any one", TEXT)
    assert locate("We will never sell ... to them", TEXT)
    assert locate("to them ... We will never sell", TEXT) is None


def test_a_quote_cuts_no_word() -> None:
    """A quotation begins and ends with whole words."""
    assert locate("err", TEXT) is None
    assert locate("harbour was clos", TEXT) is None


def test_case_counts_but_is_told() -> None:
    """Another case is not verified, and the near miss says that only the case differs."""
    assert locate("THE HARBOUR was closed", TEXT) is None

    near = near_miss("THE HARBOUR was closed", TEXT)

    assert near is not None
    assert near.only_case
    assert near.text == "the harbour was closed"


def test_a_near_miss_marks_the_differing_words() -> None:
    """A near miss gives the article's words and what differs from them."""
    near = near_miss("We will always sell the boats", TEXT)

    assert near is not None
    assert near.text == "We will never sell the boats"
    assert [(d.kind, d.said, d.written) for d in near.differing] == [("replace", "always", "never")]
    assert near_miss("Nothing of this was ever written anywhere", TEXT) is None


@pytest.mark.parametrize(
    ("quotation", "outcome"),
    [
        ("We will never sell the boats", Outcome.VERIFIED),
        ("the tram would run until midnight", Outcome.ELSEWHERE),
        ("We will gladly sell the boats", Outcome.NEAR_MISS),
        ("Every whale in the bay has a name", Outcome.NOT_FOUND),
    ],
)
def test_every_outcome_is_told_apart(quotation: str, outcome: Outcome) -> None:
    """A quotation is verified, elsewhere, a near miss or not found."""
    quote = judge(quotation, Source("a"), TEXT, [OTHER])

    assert quote.outcome is outcome
    if outcome is Outcome.ELSEWHERE:
        assert quote.source == OTHER.source
        assert OTHER.text[quote.start : quote.end] == quote.text


def test_a_lost_negation_is_told() -> None:
    """A negation or a denial just outside the cut is named; a whole sentence loses nothing."""
    text = "It is not true that the bridge fell. The bridge stands, according to Ada Moss."
    fell = locate("the bridge fell", text)
    stands = locate("The bridge stands", text)
    whole = locate("It is not true that the bridge fell.", text)
    assert fell and stands and whole

    assert any("negation" in reason for reason in lost_context(text, *fell))
    assert any("attributed" in reason for reason in lost_context(text, *stands))
    assert lost_context(text, *whole) == []


@given(st.text(alphabet="ab \n\t\"'“”’—–-….\u00ad\u200b\u00a0eé\u0301ﬁA", max_size=60), st.data())
def test_a_verified_quote_slices_out_of_its_article(text: str, data: st.DataObject) -> None:
    """The offsets of what is found give back the quote, whatever the typography."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    quotation = text[start:end]

    found = locate(quotation, text)

    if found:
        low, high = found
        assert 0 <= low < high <= len(text)
        quote = judge(quotation, Source("a"), text, [])
        assert quote.outcome is Outcome.VERIFIED
        assert text[quote.start : quote.end] == quote.text


@given(st.lists(st.sampled_from(["boat", "sea", "not", "“so”", "it’s", "re-\nturn"]), min_size=1))
def test_whole_words_of_an_article_are_always_found(words: list[str]) -> None:
    """Any run of whole words is found again."""
    text = " ".join(words)

    assert locate(text, f"Then {text} again.") is not None


@given(st.text(max_size=80))
def test_folding_keeps_the_way_back(text: str) -> None:
    """Every stretch of a folded text leads to a stretch of the original, in order."""
    folded = fold(text)

    last = 0
    for offset in range(len(folded.text)):
        start, end = folded.span(offset, offset + 1)
        assert last <= start <= end <= len(text)
        last = start
