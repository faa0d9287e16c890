"""A support check is measured against people's labels by numbers worked by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from rag.evaluation import SuiteError
from rag.evaluation.checks.checkers import CHECKERS
from rag.evaluation.people.judging import Labelled, agreement, plain_cases, read_labelled
from rag.records import Verdict


def by_first(passages: Sequence[str], _: str) -> float:
    """A grade that stands in the passage itself."""
    return float(passages[0])


def above_half(passages: Sequence[str], claim: str) -> Verdict:
    """Supported from 0.5 on."""
    return Verdict.SUPPORTED if by_first(passages, claim) >= 0.5 else Verdict.NOT_FOUND


def test_agreement_by_hand() -> None:
    """Three of four pairs in order is an AUC of 3/4; one of two right each way a balance of 1/2."""
    graded = [("0.9", True), ("0.4", True), ("0.6", False), ("0.1", False)]
    labelled = [Labelled(grade, "c", (grade,), truth) for grade, truth in graded]

    found = agreement(labelled, above_half, by_first)

    assert (found.auc, found.balanced) == (0.75, 0.5)
    assert found.auc_interval.low <= 0.75 <= found.auc_interval.high
    assert found == agreement(labelled, above_half, by_first)


def test_equal_grades_are_chance() -> None:
    """A check that grades everything alike has an AUC of one half."""
    labelled = [Labelled(str(n), "c", ("1",), n % 2 == 0) for n in range(6)]

    assert agreement(labelled, above_half, by_first).auc == 0.5


def test_labelled_claims_are_read(tmp_path: Path) -> None:
    """A folder of JSON lines is read in name order; only wholly supported claims are supported."""
    rows = [
        {"id": "a", "claim": "x", "passages": ["p", "q"], "label": "Supported"},
        {"claim": "y", "evidence": "p", "label": "partially_supported"},
    ]
    (tmp_path / "b.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")

    first, second = read_labelled(tmp_path)

    assert first == Labelled("a", "x", ("p", "q"), supported=True)
    assert second == Labelled("b-2", "y", ("p",), supported=False, partly=True)
    assert plain_cases((first, second)) == (first,)


def test_what_is_not_labelled_is_refused(tmp_path: Path) -> None:
    """A line without a claim, and a set with one kind of label, are named."""
    file = tmp_path / "bad.jsonl"
    file.write_text('{"passages": [], "label": "yes"}\n', "utf-8")
    with pytest.raises(SuiteError, match="line 1"):
        read_labelled(file)

    file.write_text('{"claim": "x", "passages": [], "label": "yes"}\n', "utf-8")
    check = CHECKERS["rules"]
    with pytest.raises(SuiteError, match="both"):
        agreement(read_labelled(file), check.verdict, check.grade)


@pytest.mark.parametrize("name", sorted(CHECKERS))
def test_every_checker_tells_a_changed_number(name: str) -> None:
    """Each check supports what stands there, and not the same with another number."""
    passage = "The bridge opened on Monday. It cost 412 million crowns, the council said."
    checker = CHECKERS[name]

    assert checker.verdict([passage], "It cost 412 million crowns.") is Verdict.SUPPORTED
    assert checker.verdict([passage], "It cost 421 million crowns.") is not Verdict.SUPPORTED
    assert checker.verdict([], "It cost 412 million crowns.") is Verdict.NOT_FOUND
    assert 0 <= checker.grade([passage], "A ferry sank.") < checker.grade([passage], passage) <= 1
