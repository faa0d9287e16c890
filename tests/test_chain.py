"""The chain: snapshots only grow, and what a reader sees was checked."""

from __future__ import annotations

import contextlib
import dataclasses
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from rag.archive import Archive
from rag.chain import Verbatim
from rag.errors import QuestionError
from rag.records import Answer

QUESTIONS = [
    "How many passengers does the ferry carry?",
    "What will the Ellery bridge cost, and who is the mayor?",
    "What is the capital of Peru?",
    "Who said nobody had been hurt?",
    "다리는 얼마입니까?",
]


def snapshots(archive: Archive, question: str) -> list[Answer]:
    return list(archive.stream(question))


@pytest.mark.parametrize("question", QUESTIONS)
def test_snapshots_grow(archive: Archive, question: str) -> None:
    """Each snapshot holds what the one before held; the last alone is complete."""
    seen = snapshots(archive, question)

    assert [snapshot.complete for snapshot in seen] == [False] * (len(seen) - 1) + [True]
    for before, after in pairwise(seen):
        assert len(after.claims) >= len(before.claims)
        assert [c.text for c in after.claims[: len(before.claims)]] == [
            c.text for c in before.claims
        ]
        assert not before.hits or after.hits == before.hits
        assert not before.coverage or after.coverage is not None
        assert not before.abstained or after.abstained


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_question_is_understood_before_anything_is_found(
    archive: Archive, question: str
) -> None:
    """A reader sees the question first, then the hits, then the sentences, then the receipt."""
    seen = snapshots(archive, question)

    assert seen[0].understood and not seen[0].hits
    first_hits = next((n for n, s in enumerate(seen) if s.hits), None)
    first_claims = next((n for n, s in enumerate(seen) if s.claims), None)
    if first_claims is not None:
        assert first_hits is not None and first_hits < first_claims
    assert seen[-1].receipt is not None and all(s.receipt is None for s in seen[:-1])


@pytest.mark.parametrize("question", QUESTIONS)
def test_asking_takes_the_last_snapshot(archive: Archive, question: str) -> None:
    """`ask` and the end of `stream` are one answer, and the same twice."""
    assert archive.ask(question) == snapshots(archive, question)[-1] == archive.ask(question)


WORDS = ["bridge", "ferry", "mayor", "who", "said", "how many", "apples", "clock", "cost", "tunnel"]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join))
def test_every_quote_is_cut_out_of_its_article(archive: Archive, question: str) -> None:
    """Whatever is asked, quotes are exact and markers unique; abstaining cites nothing."""
    answer = archive.ask(question)

    markers = [c.marker for claim in answer.claims for c in claim.citations]
    assert markers == list(range(1, len(markers) + 1))
    for citation in answer.citations:
        text = archive.article(citation.source.article_id).text
        assert text[citation.quote.start : citation.quote.end] == citation.quote.text
        passage = citation.passage
        assert text[passage.start : passage.end] == passage.text
    assert answer.abstained == (not answer.claims)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=60))
def test_any_text_is_a_question_or_is_refused(archive: Archive, question: str) -> None:
    """Characters of any script give an answer, or the one error that a question may have."""
    with contextlib.suppress(QuestionError):
        assert archive.ask(question).complete


def test_a_claim_that_is_not_its_quote_is_never_shown(archive: Archive) -> None:
    """The check of verbatim claims stops an altered one."""
    claim = archive.ask(QUESTIONS[0]).claims[0]

    assert Verbatim().check(claim) == claim
    with pytest.raises(AssertionError, match="not a quote"):
        Verbatim().check(dataclasses.replace(claim, text=claim.text.replace("120", "210")))
