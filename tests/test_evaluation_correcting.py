"""A rate that a fallible check found is corrected by people's verdicts."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from overlap_archive import BRIDGE, OPENING, OverlapArchive

from rag.evaluation import Run, Suite, SuiteError, evaluate
from rag.evaluation.people.correcting import FEWEST, corrected, ppi, rogan_gladen, run_claims
from rag.evaluation.people.judging import Labelled
from rag.records import Verdict


def test_rogan_gladen_by_hand() -> None:
    """Rate .70, sensitivity .9, specificity .8: (.70 + .8 - 1) / (.9 + .8 - 1) = .714."""
    rates = [True] * 70 + [False] * 30
    pairs = [(True, True)] * 45 + [(False, True)] * 5 + [(False, False)] * 40 + [(True, False)] * 10

    found = rogan_gladen(rates, pairs)

    assert found.raw == 0.7
    assert found.value == pytest.approx(0.5 / 0.7)
    assert found.interval.low < found.value < found.interval.high


def test_ppi_by_hand() -> None:
    """Rate .8; of 50 claims that people read the check was too kind to 5: .8 - .1."""
    rates = [True] * 80 + [False] * 20
    pairs = [(True, False)] * 5 + [(True, True)] * 35 + [(False, False)] * 10

    found = ppi(rates, pairs)

    assert found.value == pytest.approx(0.7)
    assert found.interval.low < 0.7 < found.interval.high


@pytest.mark.parametrize("method", [ppi, rogan_gladen])
def test_the_intervals_hold_the_truth_about_as_often_as_they_say(method: object) -> None:
    """Over 300 drawn samples the 95 % interval holds the true rate in at least 90 %."""
    die = random.Random(7)
    truth, sensitivity, specificity = 0.8, 0.9, 0.75

    def drawn() -> tuple[bool, bool]:
        people = die.random() < truth
        right = die.random() < (sensitivity if people else specificity)
        return (people if right else not people), people

    held = 0
    for _ in range(300):
        rates = [drawn()[0] for _ in range(300)]
        found = method(rates, [drawn() for _ in range(120)])  # type: ignore[operator]
        held += found.interval.low <= truth <= found.interval.high

    assert held >= 270


def test_a_check_without_skill_corrects_nothing() -> None:
    """Where the check agrees with people no more than chance, that is said instead of a number."""
    pairs = [(True, True), (False, True), (True, False), (False, False)] * 20

    with pytest.raises(SuiteError, match="no guide"):
        rogan_gladen([True] * 10, pairs)


@pytest.fixture(scope="module")
def run() -> Run:
    """One case, answered with one supported claim."""
    archive = OverlapArchive((BRIDGE,))
    return evaluate(archive, Suite("small", Path(), Path(), (OPENING,)))


def test_verdicts_on_the_run_s_own_claims_are_ppi(run: Run) -> None:
    """Fifty verdicts on its claims correct by difference; on others, by the check's error."""
    text = run_claims(run)[0][0]
    own = [Labelled(str(n), text, ("p",), supported=n < 45) for n in range(FEWEST)]
    others = [replace(item, claim=f"claim {item.id}") for item in own]

    mine = corrected(run, own, lambda *_: Verdict.SUPPORTED)
    theirs = corrected(
        run,
        others,
        lambda _, claim: Verdict.SUPPORTED if int(claim[6:]) < 45 else Verdict.NOT_FOUND,
    )

    assert mine.method == "PPI" and mine.value == pytest.approx(0.9)
    assert theirs.method == "Rogan–Gladen" and theirs.value == 1.0


def test_too_few_verdicts_are_refused(run: Run) -> None:
    """Forty-nine verdicts are told to be one too few."""
    few = [Labelled(str(n), "c", ("p",), supported=True) for n in range(FEWEST - 1)]

    with pytest.raises(SuiteError, match="49"):
        corrected(run, few, lambda *_: Verdict.SUPPORTED)
