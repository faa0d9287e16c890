"""What readers said of answers becomes drafts of cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rag.archive import Archive
from rag.evaluation.desk import Desk
from rag.evaluation.lint import lint
from rag.evaluation.making.remarked import SUITE, drafts_of, put_drafts
from rag.evaluation.suite import load_suite
from rag.records import Filters, Turn
from rag.remarks import Reason, Remark

COST = "How much will the bridge cost?"


def remark(archive: Archive, reason: Reason, question: str = COST, *, words: str = "") -> Remark:
    answer = archive.ask(question)
    return Remark(reason, question, answer=answer, words=words, id=f"{reason.name}-1")


def test_praise_says_what_is_right(archive: Archive) -> None:
    """A helpful answer becomes a case with its quotes and short answer, not reviewed yet."""
    (case,) = drafts_of([remark(archive, Reason.HELPFUL)]).cases

    assert (case.question, case.expect, case.answerable) == (COST, "answer", True)
    assert any("38.5" in answer for answer in case.reference.answers)
    assert any("38.5 million" in evidence.quote for evidence in case.evidence)
    assert not case.provenance.reviewed


def test_blame_says_what_is_wrong(archive: Archive) -> None:
    """The sentence that a reader called wrong must not be said; nothing is taken for right."""
    blamed = remark(archive, Reason.WRONG)
    assert blamed.answer is not None
    meant = blamed.answer.claims[0].text

    (case,) = drafts_of([replace(blamed, claim=meant, words=" no\n way ")]).cases

    assert case.reference.must_not_include == (meant,)
    assert case.reference.answers == ()
    assert case.evidence == ()
    assert "remark: no way" in case.tags


@pytest.mark.parametrize(
    ("reason", "expect"), [(Reason.HELPFUL, "abstain"), (Reason.MISSING, "answer")]
)
def test_refusal(archive: Archive, reason: Reason, expect: str) -> None:
    """A refusal that was praised is right; one that was blamed should have been an answer."""
    (case,) = drafts_of([remark(archive, reason, "What is the capital of Peru?")]).cases

    assert case.expect == expect


def test_follow_up_brings_its_turns(archive: Archive) -> None:
    """A follow-up is a case with the questions before it."""
    first = archive.ask(COST)
    answer = archive.ask("How long will it take?", turns=[Turn(COST, first)])
    said = Remark(Reason.HELPFUL, "How long will it take?", answer=answer, id="f")

    (case,) = drafts_of([said]).cases

    assert [turn.question for turn in case.turns] == [COST]


def test_what_no_case_can_say(archive: Archive) -> None:
    """A remark without an answer, or on a part of the articles, is passed over with the reason."""
    limited = archive.ask(COST, filters=Filters(since=date(2024, 1, 1)))
    said = [Remark(Reason.WRONG, COST, id="a"), Remark(Reason.WRONG, COST, limited, id="b")]

    made = drafts_of(said)

    assert made.cases == ()
    assert "not kept" in made.skipped[0]
    assert "a part of the articles" in made.skipped[1]


def test_suite_is_sound(archive: Archive, tmp_path: Path) -> None:
    """The suite loads, has nothing wrong but that it is not reviewed, and is on the desk."""
    said = [remark(archive, reason) for reason in Reason]

    put_drafts(said, archive.articles(), tmp_path / SUITE)

    suite = load_suite(tmp_path / SUITE)
    found = lint(suite.cases, suite.shelf(archive.articles()))
    assert [one for one in found if one.level != "warning"] == []
    assert [draft.suite for draft in Desk(tmp_path).drafts()] == [SUITE] * len(Reason)


def test_dropped_draft_stays_away(archive: Archive, tmp_path: Path) -> None:
    """Only new remarks are added; a draft that was dropped does not come back."""
    first, second = remark(archive, Reason.WRONG), remark(archive, Reason.HELPFUL)
    folder = tmp_path / SUITE
    put_drafts([first], archive.articles(), folder)
    desk = Desk(tmp_path)
    desk.drop(desk.drafts()[0])

    made = put_drafts([first, second], archive.articles(), folder)

    assert [case.id for case in made.cases] == ["feedback-HELPFUL-1"]
    assert [draft.id for draft in desk.drafts()] == ["feedback-HELPFUL-1"]
