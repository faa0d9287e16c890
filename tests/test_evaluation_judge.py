"""A chat model's opinion stands beside the rules, varies openly, and gates nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest
from overlap_archive import OverlapArchive, article

from rag.evaluation import Run, Suite, evaluate
from rag.evaluation.cases import Case, Evidence, Reference
from rag.evaluation.checks.judge import Judge
from rag.evaluation.epochs import mean_shares, variances
from rag.evaluation.metrics.statistics import Share
from rag.evaluation.running import Method
from rag.evaluation.schemas import problems
from rag.evaluation.suite import Gates
from rag.records import Answer
from rag.writing.chat import Chat
from rag.writing.prompts import prompts
from rag.writing.scripted import ScriptedChat

ARCHIVE = OverlapArchive((article("bridge", "The bridge opened on Monday."),))
CASES = tuple(
    Case(
        f"open-{number}",
        "when",
        question,
        answerable=True,
        expect="answer",
        reference=Reference(must_include=(("Monday",),)),
        evidence=(Evidence("a", "bridge", "opened on Monday"),),
    )
    for number, question in enumerate(("When did the bridge open?", "The bridge opened when?"))
)
SUITE = Suite("small", Path(), Path(), CASES, Gates(floors={"judged_faithfulness": 0.9}))


def judge(*replies: str) -> Judge:
    """A judge that gives these replies in order, the last one again and again."""
    model = ScriptedChat(replies=list(replies))
    return Judge(Chat("scripted:judge", lambda: model), prompts().judge)


def judged(*replies: str, epochs: int = 1) -> Run:
    """The small suite, read by a judge with these replies."""
    return evaluate(ARCHIVE, SUITE, method=Method(epochs=epochs, judge=judge(*replies)))


def test_the_opinion_is_counted_and_named() -> None:
    """One claim of two judged supported is a half; the judge and its prompt are in the run."""
    run = judged("SUPPORTED", "missing, I fear")

    assert run.metrics["judged_faithfulness"].value == 0.5
    assert run.metrics["judge_failures"].value == 0
    assert run.environment["judge"].startswith("scripted:judge judge/")
    assert [case.answer["judged"] for case in run.cases if case.answer] == [
        ["supported"],
        ["not found"],
    ]
    assert problems("run", run.to_dict()) == []


def test_it_advises_and_decides_nothing() -> None:
    """A floor under the judge's opinion is advisory whatever the suite says."""
    run = judged("CONTRADICTED")

    gate = next(gate for gate in run.gates if gate.name == "judged_faithfulness")
    assert (gate.passed, gate.advisory, run.exit_status) == (False, True, 0)


def test_without_a_judge_nothing_is_asked() -> None:
    """The metric is unmeasured, and the gate on it decides nothing."""
    run = evaluate(ARCHIVE, SUITE)

    assert run.metrics["judged_faithfulness"].value is None
    assert run.exit_status == 0


def test_too_many_replies_without_a_verdict_leave_it_unscored() -> None:
    """More than 2 % of replies that hold no verdict: no number is given, and the reason is."""
    run = judged("SUPPORTED", "Well, it depends.")

    assert run.metrics["judge_failures"].value == 0.5
    assert run.metrics["judged_faithfulness"].value is None
    assert "1 of 2 replies" in run.metrics["judged_faithfulness"].reason


def test_epochs_show_how_far_it_agrees_with_itself() -> None:
    """A judge that changes its mind varies within a case; the rules do not."""
    run = judged("SUPPORTED", "MISSING", "SUPPORTED", "SUPPORTED", epochs=2)

    assert run.metrics["judged_faithfulness"].value == 0.75
    assert run.metrics["judged_faithfulness"].variance == pytest.approx(0.25)
    assert run.metrics["coverage"].variance == 0
    assert run.metrics["reproducible"].value == 1
    assert problems("run", run.to_dict()) == []


class Moody(OverlapArchive):
    """Answers every other time."""

    def ask(self, question: str, **more: object) -> Answer:
        answer = super().ask(question, **more)  # type: ignore[arg-type]
        return replace(answer, claims=(), abstained=True) if next(MOODS) else answer


MOODS = cycle([False, True])


def test_a_case_passes_when_it_always_does() -> None:
    """With epochs the pass rate is the mean, `pass_always` counts cases that never fail."""
    run = evaluate(Moody(ARCHIVE.stored), SUITE, method=Method(epochs=2))

    assert run.metrics["pass_rate"].value == 0.5
    assert run.metrics["pass_always"].value == 0
    assert run.metrics["reproducible"].value == 0
    assert [case.passed for case in run.cases] == [False, False]


def test_the_arithmetic_of_epochs() -> None:
    """Shares are averaged, variances are those of a sample."""
    epochs = [{"a": Share(1, 2), "b": Share(1)}, {"a": Share(2, 2)}]

    assert mean_shares(epochs) == {"a": Share(1.5, 2), "b": Share(1)}
    assert variances(epochs) == {"a": pytest.approx(0.125)}
