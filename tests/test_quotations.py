"""Quotations, held against the words of their articles."""

from __future__ import annotations

import pytest

from rag.archive import Archive
from rag.checking.quotations import misquoted
from rag.records import Citation, Claim, Outcome, Passage, Quote, Source

SOURCE = Source("a")
TEXT = (
    '"A town without its bridge is two towns," said the mayor, Tomas Velde. It is not true that '
    "the ferry will be sold next year."
)


def claim(text: str) -> Claim:
    quote = Quote(SOURCE, 0, len(TEXT), TEXT)
    return Claim(text, (Citation(1, quote, Passage("p", SOURCE, TEXT, 0, len(TEXT))),))


def test_words_in_quotation_marks_must_be_the_articles() -> None:
    """The right words pass, whatever their typography; a changed word does not."""
    assert misquoted(claim("The mayor said “a town without its bridge is two towns”.")) is None
    assert misquoted(claim("“A town without its bridge is two towns”, the mayor said.")) is None
    wrong = misquoted(claim('"A town without its bridge is three towns," the mayor said.'))
    assert wrong is not None
    assert "three" in wrong
    assert "two" in wrong


def test_a_name_in_quotation_marks_is_no_quotation() -> None:
    """One or two words in quotation marks are a title or a term."""
    assert misquoted(claim("The “Gull Bank” ferry will be sold.")) is None


def test_a_negation_outside_the_cut_is_missed() -> None:
    """Half of a denial is no quotation, unless the sentence denies it as well."""
    cut = misquoted(claim("The report says “the ferry will be sold next year”."))
    assert cut is not None
    assert "negation" in cut
    assert misquoted(claim("It is not so that “the ferry will be sold next year”.")) is None


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("A town without its bridge is two towns", Outcome.VERIFIED),
        ("A town without its ferry is two towns", Outcome.NEAR_MISS),
        ("It carries 120 passengers and 14 cars", Outcome.ELSEWHERE),
        ("The moon is made of green cheese and honey", Outcome.NOT_FOUND),
    ],
)
def test_the_four_outcomes(archive: Archive, words: str, outcome: Outcome) -> None:
    """Verified, a near miss, real but elsewhere, not found; verified ones slice out."""
    (bridge,) = [
        a for a in archive.articles() if a.publisher == "Harbour Herald" and "swing" in a.text
    ]

    found = archive.check_quote(words, bridge.id).quote

    assert found.outcome is outcome
    if outcome in (Outcome.VERIFIED, Outcome.ELSEWHERE):
        text = archive.article(found.source.article_id).text
        assert text[found.start : found.end] == found.text
