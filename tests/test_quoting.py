"""The default answerer quotes."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from rag.quoting.answerer import QuotingAnswerer
from rag.records import Draft, Filters, Hit, Passage, Query, Source

BRIDGE = (
    'The council voted to rebuild the bridge. "A town without its bridge is two towns," said the '
    'mayor, Tomas Velde. "We shall not wait for the province."'
)


def hit(text: str, article: str, day: date | None = None, publisher: str = "Herald") -> Hit:
    source = Source(article, title=None, publisher=publisher, published=day)
    return Hit(Passage(article, source, text, 0, len(text)), 1.0, {"words": 1}, 0.7)


def drafts(question: str, *hits: Hit, parts: tuple[str, ...] = (), quotes: int = 2) -> list[Draft]:
    query = Query(question, question, Filters(), date(2024, 5, 1), parts=parts)
    return list(QuotingAnswerer(lambda _: 3.0, max_quotes=quotes).draft(query, hits))


def test_drafts_grow_and_are_numbered() -> None:
    """Each draft holds the one before; the markers count from 1."""
    found = drafts("What did the mayor say about the bridge?", hit(BRIDGE, "a"))

    for before, after in itertools.pairwise(found):
        assert after.claims[: len(before.claims)] == before.claims
    markers = [c.marker for claim in found[-1].claims for c in claim.citations]
    assert markers == list(range(1, len(markers) + 1))


def test_every_quote_is_the_passage_word_for_word() -> None:
    """Text and offsets of a quote are those of its article."""
    for claim in drafts("What did the mayor say about the bridge?", hit(BRIDGE, "a"))[-1].claims:
        quote = claim.citations[0].quote
        assert BRIDGE[quote.start : quote.end] == quote.text == claim.text


def test_a_quotation_is_not_shown_without_its_speaker() -> None:
    """Where the sentence beside it names the speaker, it is quoted along."""
    (*_, last) = drafts(
        "Who said that they would not wait for the province?", hit(BRIDGE, "a"), quotes=1
    )

    assert "Tomas Velde" in last.claims[0].text
    assert last.claims[0].citations[0].quote.speaker == "Tomas Velde"


def test_nothing_found_is_an_abstention() -> None:
    """No hits, no guess."""
    (only,) = drafts("What is the capital of Peru?")

    assert only.abstained
    assert not only.claims


def test_both_sides_of_a_disagreement_are_quoted() -> None:
    """Two articles with different figures are quoted side by side, oldest first."""
    older = "The flood in Lower Sarne drove 400 people from their homes on Monday."
    newer = "The flood in Lower Sarne drove 650 people from their homes on Monday."

    (*_, last) = drafts(
        "How many people did the flood in Lower Sarne drive from their homes?",
        hit(newer, "b", date(2024, 3, 6), "Courier"),
        hit(older, "a", date(2024, 3, 5)),
        quotes=1,
    )

    quoted = " ".join(claim.text for claim in last.claims)
    assert "400" in quoted
    assert "650" in quoted
    (conflict,) = last.conflicts
    assert [side.source.article_id for side in conflict.sides] == ["a", "b"]
    cited = {c.marker for claim in last.claims for c in claim.citations}
    assert {side.marker for side in conflict.sides} <= cited


@pytest.mark.parametrize("anchor", [date(2024, 3, 6), None])
def test_relative_dates_are_resolved_where_the_article_is_dated(anchor: date | None) -> None:
    """`on Monday` is noted as a day when the article states its date, and never guessed."""
    text = "The council of Port Ellery voted on Monday to rebuild the swing bridge."

    (*_, last) = drafts("When did the council of Port Ellery vote?", hit(text, "a", anchor))

    notes = last.claims[0].citations[0].quote.dates
    assert [note.first for note in notes] == ([date(2024, 3, 4)] if anchor else [])


def test_a_speech_that_goes_on_is_quoted_on() -> None:
    """Asked for somebody's words, the next sentence of the same speech comes along."""
    text = (
        'The harbour was closed. "We sold all our tickets," said the director, Agnes Moll. "The'
        ' children were not passengers." The police counted again.'
    )

    (*_, last) = drafts("What did Agnes Moll say about the tickets?", hit(text, "a"), quotes=1)

    assert last.claims[0].text.endswith('not passengers."')


def test_a_speaker_named_two_sentences_before_is_quoted_along() -> None:
    """The quote reaches back to the name within the paragraph."""
    text = (
        'The mayor, Tomas Velde, was asked. "The dam was full. We opened no gate. The water came'
        ' over the wall at midnight," he said.'
    )

    (*_, last) = drafts("Who said that the water came over the wall?", hit(text, "a"), quotes=1)

    assert "water came over the wall" in last.claims[0].text
    assert text[text.index(last.claims[0].text) :].startswith(last.claims[0].text)


def test_quotes_of_one_stretch_are_one_claim() -> None:
    """Two chosen sentences that need each other are not quoted twice."""
    (*_, last) = drafts("Who said that they would not wait for the province?", hit(BRIDGE, "a"))

    spans = [claim.citations[0].quote for claim in last.claims]
    for one, other in itertools.pairwise(spans):
        assert one.end <= other.start or other.end <= one.start


def test_each_part_has_a_sentence_of_its_own() -> None:
    """A comparison quotes both sides."""
    spring = hit("The key rate was raised to 1.75 per cent in March 2022.", "a")
    autumn = hit("The key rate was raised to 3.25 per cent in September 2022.", "b")

    (*_, last) = drafts(
        "Was the key rate higher in March 2022 or in September 2022?",
        spring,
        autumn,
        parts=(
            "Was the key rate higher in March 2022?",
            "Was the key rate higher in September 2022?",
        ),
    )

    said = " ".join(claim.text for claim in last.claims)
    assert "1.75" in said
    assert "3.25" in said


def test_the_sides_of_a_comparison_are_told_in_one_unit() -> None:
    """Beside per cent, a sentence with another count is not quoted, though it names the side."""
    text = (
        "The drivers of Velm Rail demand 9 per cent more pay. The company offers 5.5 per cent. The"
        " head of Velm Rail blamed the union for 190,000 lost journeys."
    )

    (*_, last) = drafts(
        "How far apart are the demand of the drivers and the offer of Velm Rail?",
        hit(text, "a"),
        parts=("how much is the demand of the drivers?", "how much is the offer of Velm Rail?"),
    )

    said = [claim.text for claim in last.claims]
    assert any("9 per cent" in text for text in said)
    assert any("5.5 per cent" in text for text in said)
    assert not any("190,000" in text for text in said)


def test_once_each_part_is_answered_only_a_likely_sentence_is_added() -> None:
    """Two parts with a sentence each need no third that merely shares a word."""
    (*_, last) = drafts(
        "Who designed the Tarn bridge and when was the Tarn bridge opened?",
        hit("The Tarn bridge was designed by Ana Ruiz.", "a"),
        hit("The Tarn bridge was opened on 4 June 2021.", "b"),
        hit("The Tarn bridge is painted every ten years.", "c"),
        parts=("Who designed the Tarn bridge?", "When was the Tarn bridge opened?"),
    )

    cited = [citation.source.article_id for claim in last.claims for citation in claim.citations]
    assert cited == ["a", "b"]
