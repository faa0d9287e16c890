"""An answer for the terminal."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

from rich.console import Console

from rag.archive import Archive
from rag.records import (
    Answer,
    Citation,
    Claim,
    Coverage,
    DateNote,
    Passage,
    Quote,
    Source,
    Verdict,
)
from rag.render import card, coverage_line, date_note, show, span

SOURCE = Source("a", "The bridge", "Herald", date(2024, 3, 4))
TEXT = "The council voted on Monday to rebuild the bridge."


def shown(answer: Answer) -> str:
    out = io.StringIO()
    show(answer, Console(file=out, width=80, highlight=False))
    return out.getvalue()


def answer_of(text: str, verdict: Verdict = Verdict.SUPPORTED, reason: str = "") -> Answer:
    quote = Quote(SOURCE, 0, len(TEXT), TEXT, short=(11, 16))
    citation = Citation(1, quote, Passage("p", SOURCE, TEXT, 0, len(TEXT)))
    claim = Claim(text, (citation,), verdict, reason)
    return Answer("What?", "What?", claims=(claim,), complete=True)


def test_a_quote_stands_in_quotation_marks_with_its_card() -> None:
    """Quoted words look quoted; the card gives publisher, date and title."""
    text = shown(answer_of(TEXT))

    assert f"“{TEXT}” [1] (supported)" in text
    assert "[1] Herald · 4 March 2024 · The bridge" in text


def test_a_corrected_article_says_so() -> None:
    """The day of a correction is given as stated, or as the day by which it had been made."""
    stated = replace(SOURCE, modified=date(2024, 5, 5), corrected=date(2024, 5, 5))
    met = replace(SOURCE, modified=date(2024, 5, 5), corrected=date(2024, 6, 1))

    assert card(stated) == "Herald · 4 March 2024, corrected on 5 May 2024 · The bridge"
    assert card(met) == "Herald · 4 March 2024, corrected on or before 1 June 2024 · The bridge"
    assert "corrected" not in card(replace(SOURCE, modified=date(2024, 5, 5)))


def test_a_written_sentence_shows_the_quote_it_rests_on() -> None:
    """A model's sentence is not dressed as a quote; its quote stands beneath the card."""
    text = shown(answer_of("They will rebuild it."))

    assert "They will rebuild it. [1]" in text
    assert "“They will rebuild it.”" not in text
    assert f"“{TEXT}”" in text


def test_a_verdict_that_is_not_support_is_said_in_words() -> None:
    """Nothing doubtful is shown without its verdict and reason."""
    text = shown(answer_of("They will tear it down.", Verdict.CONTRADICTED, "the quote differs"))

    assert "contradicted: the quote differs" in text


def test_no_line_is_wider_than_the_terminal(archive: Archive) -> None:
    """Eighty columns are enough for an answer and for a refusal."""
    for question in ("Who said nobody had been hurt?", "What is the capital of Peru?"):
        text = shown(archive.ask(question))
        assert max(len(line) for line in text.splitlines()) <= 80


def test_coverage_says_how_many_reports_an_answer_rests_on() -> None:
    """One article, one report carried by others, several independent ones."""
    alone = Coverage(412, 3000, 9, date(2021, 1, 3), date(2024, 6, 30), used=1, independent=1)
    wire = Coverage(412, 3000, 9, used=2, independent=1, copies=3)
    several = Coverage(412, 3000, 9, used=3, independent=3)

    assert coverage_line(alone) == (
        "Searched 412 articles of 9 publishers, 3 January 2021 – 30 June 2024; rests on one"
        " article."
    )
    assert "rests on one report, carried by 3 more articles" in coverage_line(wire)
    assert "rests on 3 independent reports" in coverage_line(several)


def test_derived_dates_are_marked_as_derived() -> None:
    """A resolved date never passes for one that the article states."""
    note = DateNote(22, 28, "Monday", date(2024, 3, 4), date(2024, 3, 4))

    assert date_note(note) == "“Monday” = 4 March 2024 (derived)"
    assert span(None, None) == ""
