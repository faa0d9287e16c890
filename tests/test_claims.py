"""Claims: held against the passages they cite, with a verdict and a reason."""

from __future__ import annotations

import time
from datetime import date

import pytest

from rag.checking.claims import LadderChecker, split_claims, support
from rag.records import Citation, Claim, Outcome, Passage, Quote, Source, Verdict

TEXT = (
    "The council of Port Lumen approved the new tram line on Tuesday. "
    "It will cost £412 million and open in March 2031, Mayor Ada Moss said. "
    "“We did not raise the fare,” said Ben Finch, who runs the harbour ferries. "
    "About 5,000 people signed a petition against the line. "
    "Norland beat Sudland in the cup final two years earlier."
)
START = 40  # where the passage begins in its article


def passage(text: str = TEXT, article: str = "a") -> Passage:
    """A passage of an article published on Thursday, 6 February 2031."""
    source = Source(article, published=date(2031, 2, 6))
    return Passage(f"{article}:0", source, text, START, START + len(text))


def check(text: str, *passages: Passage) -> Claim:
    """The claim checked against the passages, each cited whole."""
    cited = passages or (passage(),)
    citations = tuple(
        Citation(marker, Quote(p.source, p.start, p.end, p.text), p)
        for marker, p in enumerate(cited, start=1)
    )
    return LadderChecker().check(Claim(text, citations))


@pytest.mark.parametrize(
    "text",
    [
        "The council of Port Lumen approved the new tram line on Tuesday.",
        "Port Lumen's council approved the new tram line.",
        "The tram line will cost 412 million pounds, Ada Moss said.",
        "It will open in March 2031, Moss said.",
        '"We didn\'t raise the fare", said Ben Finch.',
        "About five thousand people signed a petition against the line.",
        "The council of Port Lumen approved the new tram line on 4 February 2031.",
    ],
)
def test_a_true_claim_is_supported(text: str) -> None:
    """Verbatim, shortened or in other typography and figures, a true sentence is supported."""
    claim = check(text)

    assert claim.verdict is Verdict.SUPPORTED, claim.reason


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("It will cost £421 million and open in March 2031, Mayor Ada Moss said.", "£421 million"),
        ("It will cost $412 million and open in March 2031, Mayor Ada Moss said.", "$412"),
        ("It will cost £412 million and open in March 2032, Mayor Ada Moss said.", "2032"),
        ("The council of Port Lumen approved the new tram line on Friday.", "Friday"),
        ("The council of Port Marrow approved the new tram line on Tuesday.", "Marrow"),
        ("“We did raise the fare,” said Ben Finch.", "not"),
        ("The council of Port Lumen rejected the new tram line on Tuesday.", "rejected"),
        ("The council of Port Lumen never approved the new tram line on Tuesday.", "never"),
        ("“We did not raise the fare,” said Carla Stone.", "Carla Stone"),
        ("“We did not raise the fare,” said Ada Moss.", "ada moss"),
    ],
)
def test_one_changed_thing_contradicts(text: str, word: str) -> None:
    """A number, unit, date, name, negation or speaker that differs is named in the reason."""
    claim = check(text)

    assert claim.verdict is Verdict.CONTRADICTED
    assert word in claim.reason


@pytest.mark.parametrize(
    "text",
    [
        "“We did not cut the fare,” said Ben Finch.",
        "Sudland beat Norland in the cup final two years earlier.",
    ],
)
def test_opposites_and_swapped_roles_need_review(text: str) -> None:
    """An opposite word or names that changed places are never passed as supported."""
    claim = check(text)

    assert claim.verdict is Verdict.UNCHECKABLE
    assert "needs review" in claim.reason


@pytest.mark.parametrize(
    "text",
    [
        "Whales were seen in the bay by a class of schoolchildren.",
        "The council approved the new tram line on Tuesday after a stormy debate about noise, "
        "dust, parking and trees.",
    ],
)
def test_what_the_passage_does_not_say_is_not_found(text: str) -> None:
    """Content that the passage lacks, whole or as an added statement, is not found."""
    assert check(text).verdict is Verdict.NOT_FOUND


def test_a_date_the_passage_does_not_give_is_not_found() -> None:
    """A detail with nothing in its place is not found rather than contradicted."""
    text = "About 5,000 people signed a petition against the line in Camberwick."

    assert check(text).verdict is Verdict.NOT_FOUND


def test_a_clause_left_out_may_take_its_negation_along() -> None:
    """Leaving out a whole clause is no lost negation; leaving out "not" alone is."""
    source = passage("The bank raised its rate, but it did not rule out a cut in the autumn.")

    assert check("The bank raised its rate.", source).verdict is Verdict.SUPPORTED
    assert check("The bank did rule out a cut.", source).verdict is Verdict.CONTRADICTED


def test_two_passages_can_support_a_claim_together() -> None:
    """What one cited passage lacks another may hold."""
    first = passage("Ada Moss opened the tram line in Port Lumen.", "a")
    second = passage("The tram line in Port Lumen cost £412 million.", "b")
    text = "Ada Moss opened the tram line in Port Lumen, which cost £412 million."

    assert check(text, first).verdict is not Verdict.SUPPORTED
    assert check(text, first, second).verdict is Verdict.SUPPORTED


def test_nothing_to_check_is_uncheckable() -> None:
    """A claim without a citation, or without content, is uncheckable and says why."""
    uncited = LadderChecker().check(Claim("The tram runs."))

    assert uncited.verdict is Verdict.UNCHECKABLE
    assert "cites no passage" in uncited.reason
    assert check("And so it was.").verdict is Verdict.UNCHECKABLE


def test_the_nearest_sentence_becomes_the_quote() -> None:
    """A citation of a whole passage is narrowed to the sentence, with the article's offsets."""
    claim = check("It will cost £999 million and open in March 2031, Mayor Ada Moss said.")

    quote = claim.citations[0].quote
    assert quote.outcome is Outcome.VERIFIED
    assert TEXT[quote.start - START : quote.end - START] == quote.text
    assert quote.text.startswith("It will cost £412 million")


def test_a_narrow_quote_is_kept() -> None:
    """A verified quote shorter than its passage is left as it is, speaker and all."""
    cited = passage()
    quote = Quote(cited.source, START, START + 31, cited.text[:31], speaker="somebody")

    claim = LadderChecker().check(Claim(quote.text, (Citation(1, quote, cited),)))

    assert claim.citations[0].quote == quote


def test_claims_are_the_sentences_with_offsets() -> None:
    """An answer is split into its sentences; each slices out of it."""
    text = "The tram opened. It cost £4.5 million, Dr. Moss said."

    spans = split_claims(text)

    assert [span.text for span in spans] == [
        "The tram opened.",
        "It cost £4.5 million, Dr. Moss said.",
    ]
    assert all(text[span.start : span.end] == span.text for span in spans)


def test_support_is_graded() -> None:
    """Support falls from the same sentence over a changed one to a foreign one."""
    sentences = [TEXT[:64], TEXT[65:135]]
    same = support("The council of Port Lumen approved the new tram line on Tuesday.", sentences)
    changed = support("The council of Port Lumen approved the new tram line on Friday.", sentences)
    foreign = support("Whales were seen in the bay by schoolchildren.", sentences)

    assert same == pytest.approx(1.0)
    assert foreign < changed < same
    assert support("Anything.", []) == 0.0


def test_checking_five_sentences_is_quick() -> None:
    """Five sentences against fresh passages take far less than a second."""
    cited = [passage(f"In room {number} of the hall. {TEXT}") for number in range(5)]

    started = time.process_time()
    for number, one in enumerate(cited):
        check(f"It will cost £{number} million and open in March 2031, Mayor Ada Moss said.", one)

    assert time.process_time() - started < 0.5
