"""A run ends every case in one of four states, repeats itself, and its gates see what breaks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from overlap_archive import OverlapArchive, article

from rag.evaluation import Run, Suite, SuiteError, compare, evaluate, read_run
from rag.evaluation.cases import Case, Evidence, Provenance, Reference
from rag.evaluation.running import Method
from rag.evaluation.schemas import problems
from rag.evaluation.suite import Gates
from rag.records import Answer

ARTICLES = (
    article(
        "harbour-bridge",
        "The harbour bridge opened on Monday.\n\nIt cost 412 million crowns, the council said.",
        published=date(2031, 2, 11),
    ),
    article(
        "northgate-tunnel",
        "Work on the Northgate tunnel ended in June.\n\n"
        "Engineer Ada Brandt said the tunnel would not flood.",
        published=date(2031, 6, 20),
    ),
)


def asking(
    name: str, question: str, label: tuple[str, str] | None, *wordings: str, **more: Any
) -> Case:
    """A case that can be answered with a label, one that cannot without."""
    return Case(
        id=name,
        category=more.pop("category", "single-fact"),
        question=question,
        answerable=label is not None,
        expect="answer" if label else "abstain",
        reference=Reference(must_include=tuple((wording,) for wording in wordings)),
        evidence=(Evidence("a", *label),) if label else (),
        **more,
    )


CASES = (
    asking(
        "open",
        "When did the harbour bridge open?",
        ("harbour-bridge", "opened on Monday"),
        "Monday",
    ),
    asking(
        "tunnel",
        "When did work on the Northgate tunnel end?",
        ("northgate-tunnel", "ended in June"),
        "June",
    ),
    asking(
        "flood",
        "Who said the tunnel would not flood?",
        ("northgate-tunnel", "Ada Brandt said"),
        "Ada Brandt",
        speaker="Ada Brandt",
    ),
    asking(
        "open-typo",
        "When did the harbor bridge open?",
        ("harbour-bridge", "opened on Monday"),
        "Monday",
        parent="open",
        perturbation="typo",
    ),
    asking("peru", "What is the capital of Peru?", None, category="off-topic"),
    asking(
        "early",
        "When did work on the Northgate tunnel end?",
        None,
        category="as-of",
        as_of=date(2031, 3, 1),
        near_miss=("northgate-tunnel",),
    ),
)
GATES = Gates(
    invariants=("quote_exact", "citation_valid", "leakage", "reproducible", "unsafe_off_topic"),
    floors={"coverage": 0.9},
)
SUITE = Suite("small", Path(), Path(), CASES, GATES)
ARCHIVE = OverlapArchive(ARTICLES)


def gate(run: Run, name: str) -> bool | None:
    """Whether the gate of this name holds."""
    return next(result.passed for result in run.gates if result.name == name)


@pytest.fixture(scope="module")
def good() -> Run:
    """The small suite put to the word-overlap archive."""
    return evaluate(ARCHIVE, SUITE)


def test_a_good_archive_passes(good: Run) -> None:
    """All cases pass, all gates hold, the exit status is 0."""
    assert [case.id for case in good.cases if not case.passed] == []
    assert [result.name for result in good.gates if result.passed is not True] == []
    assert good.exit_status == 0


def test_two_runs_are_equal_to_the_byte(good: Run) -> None:
    """The same archive and suite give the same run.json but for its timings."""
    again = evaluate(ARCHIVE, SUITE)

    assert replace(again, timings={}).to_json() == replace(good, timings={}).to_json()


def test_run_json_fits_its_schema_and_holds_no_nan(good: Run, tmp_path: Path) -> None:
    """run.json is strict JSON with sorted keys, fits the schema and reads back as itself."""
    file = tmp_path / "out" / "run.json"

    good.save(file)

    plain = json.loads(file.read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert problems("run", plain) == []
    assert list(plain) == sorted(plain)
    assert read_run(file).to_json() == good.to_json()


def test_every_case_ends_in_one_of_four_states() -> None:
    """A question that raises is unscored with its reason, a label that is gone is stale."""
    stale = asking("stale", "What?", ("harbour-bridge", "opened on Friday"), "Friday")
    empty = asking("empty", " ", ("harbour-bridge", "opened on Monday"), "Monday")
    suite = replace(SUITE, cases=(*CASES, stale, empty))

    run = evaluate(ARCHIVE, suite)

    states = {case.id: case.state for case in run.cases}
    assert (states["open"], states["peru"]) == ("scored", "abstained")
    assert (states["stale"], states["empty"]) == ("stale", "unscored")
    reasons = {case.id: case.why for case in run.cases}
    assert "no longer says" in reasons["stale"][0]
    assert reasons["empty"] == ("ValueError: the question is empty",)
    assert run.metrics["pass_rate"].cases == len(CASES)
    assert run.exit_status == 2


def test_what_nobody_reviewed_decides_nothing() -> None:
    """An unreviewed case is shown and enters no metric."""
    draft = replace(CASES[4], id="draft", provenance=Provenance("model", reviewed=False))

    run = evaluate(ARCHIVE, replace(SUITE, cases=(*CASES, draft)))

    assert run.metrics["pass_rate"].cases == len(CASES)
    assert run.cases[-1].passed is True


def test_nothing_measured_is_told_from_failed() -> None:
    """A suite whose every question raises is not measurable: exit status 3."""
    empty = asking("empty", " ", ("harbour-bridge", "opened on Monday"), "Monday")

    run = evaluate(ARCHIVE, replace(SUITE, cases=(empty,)))

    assert run.exit_status == 3
    assert gate(run, "quote_exact") is None


def test_a_gate_on_no_metric_is_refused() -> None:
    """A misspelt metric in a gate is an error that names it, not a gate that never fails."""
    suite = replace(SUITE, gates=Gates(floors={"covrage": 0.9}))

    with pytest.raises(SuiteError, match="covrage"):
        evaluate(ARCHIVE, suite)


class Shuffled(OverlapArchive):
    """Cites every other answer by another marker: the same question never gets one answer."""

    def ask(self, question: str, **more: Any) -> Answer:
        answer = super().ask(question, **more)
        asked.append(question)
        return replace(answer, confidence=len(asked) / 1000)


asked: list[str] = []


@pytest.mark.parametrize(
    ("broken", "seen_by"),
    [
        (replace(ARCHIVE, least=0.0), "unsafe_off_topic"),
        (replace(ARCHIVE, obeys_dates=False), "leakage"),
        (replace(ARCHIVE, shift=1), "quote_exact"),
        (replace(ARCHIVE, least=0.99), "coverage"),
        (Shuffled(ARTICLES), "reproducible"),
    ],
    ids=["threshold too low", "date filter", "quote offsets", "threshold too high", "chance"],
)
def test_a_broken_part_fails_a_gate(broken: OverlapArchive, seen_by: str) -> None:
    """Breaking one known-good behaviour fails the gate that watches it."""
    run = evaluate(broken, SUITE)

    assert gate(run, seen_by) is False
    assert run.exit_status == 1


class Misnumbered(OverlapArchive):
    """Says `[7]` where nothing has that number."""

    def ask(self, question: str, **more: Any) -> Answer:
        answer = super().ask(question, **more)
        claims = tuple(replace(claim, text=claim.text + " [7]") for claim in answer.claims)
        return replace(answer, claims=claims)


def test_a_marker_for_nothing_fails_a_gate() -> None:
    """A marker in the text that no citation has is an invalid citation."""
    run = evaluate(Misnumbered(ARTICLES), SUITE)

    assert gate(run, "citation_valid") is False


def test_a_lost_case_fails_against_the_baseline(good: Run) -> None:
    """A case that passed in the baseline and fails now fails the run, unless acknowledged."""
    worse = replace(ARCHIVE, least=0.8)
    loose = replace(SUITE, gates=Gates())

    run = evaluate(worse, loose, baseline=good)
    lost = compare(good, run).flips.lost
    told = evaluate(worse, replace(SUITE, gates=Gates(acknowledged=lost)), baseline=good)

    assert lost and gate(run, "flips") is False
    assert gate(told, "flips") is True


def test_other_articles_are_not_compared(good: Run) -> None:
    """A baseline of other articles is refused until it is accepted anew."""
    fewer = OverlapArchive(ARTICLES[:1])

    with pytest.raises(SuiteError, match="accept"):
        evaluate(fewer, SUITE, baseline=good)


def test_a_run_compared_with_itself_shows_nothing(good: Run) -> None:
    """No flip, no difference, p = 1."""
    comparison = compare(good, good)

    assert comparison.flips.lost == comparison.flips.gained == comparison.flips.gone == ()
    for change in comparison.changes:
        assert change.difference is None or change.difference.mean == 0
        assert change.p in (None, 1.0)


def test_a_run_read_back_is_no_different(tmp_path: Path) -> None:
    """Rounding in run.json makes neither wins nor losses."""
    thirds = asking(
        "thirds",
        "When did the harbour bridge open?",
        ("harbour-bridge", "opened on Monday"),
        "Monday",
        "Friday",
        "Sunday",
    )
    run = evaluate(ARCHIVE, replace(SUITE, cases=(thirds,)))
    run.save(tmp_path / "run.json")

    changes = compare(read_run(tmp_path / "run.json"), run).changes

    moved = [c.difference for c in changes if c.difference]
    assert sum(difference.wins + difference.losses for difference in moved) == 0


def test_trivial_answerers_stand_beside_the_real_one(good: Run) -> None:
    """Each trivial answerer is measured on the same cases; silence covers nothing."""
    assert set(good.trivial) == {"lead", "overlap", "passage", "silence"}
    assert good.trivial["silence"]["coverage"] == 0
    assert good.trivial["silence"]["abstention_recall"] == 1
    assert good.metrics["coverage"].trivial is not None


def test_a_turn_without_an_answer_is_asked() -> None:
    """The archive itself answers an earlier question whose answer the case leaves open."""
    from rag.evaluation.cases import CaseTurn

    heard: list[Sequence[str]] = []

    class Listening(OverlapArchive):
        def ask(self, question: str, **more: Any) -> Answer:
            heard.append([turn.answer.text for turn in more["turns"]])
            return super().ask(question, **more)

    case = replace(CASES[0], turns=(CaseTurn("When did work on the tunnel end?"),))

    evaluate(Listening(ARTICLES), replace(SUITE, cases=(case,)), method=Method(again=0))

    assert heard == [[], ["Work on the Northgate tunnel ended in June. [1]"]]
