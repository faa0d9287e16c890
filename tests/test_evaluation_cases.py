"""Cases are read strictly and written back as they were."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, strategies as st

from rag.evaluation.cases import Case, Evidence, Numeric, Reference, case_from_json, case_to_json

FULL: dict[str, Any] = {
    "schema": 1,
    "id": "cmp-014",
    "category": "comparison",
    "split": "dev",
    "tags": ["numeric", "two-sources"],
    "question": "Which cost more, the Harbour Line or the Northgate tunnel?",
    "turns": [{"question": "What was built?", "answer": "A tunnel."}],
    "as_of": "2031-03-31",
    "answerable": True,
    "expect": "answer",
    "reference": {
        "answers": ["the Northgate tunnel"],
        "must_include": [["Northgate", "Northgate tunnel"], ["412 million"]],
        "must_not_include": ["cost the same"],
        "numeric": [{"value": 4.12e8, "unit": "GBP", "rel_tol": 0}],
    },
    "evidence": [{"group": "a", "article": "northgate", "quote": "The tunnel cost £412 million"}],
    "speaker": None,
    "premise": None,
    "conflict": None,
    "injection": {"canary": "PINEAPPLE"},
    "parent": None,
    "perturbation": None,
    "provenance": {"by": "human", "reviewed": True, "generator": None},
}


def test_every_field_is_read() -> None:
    """A case with everything in it becomes a record with everything in it."""
    case = case_from_json(FULL)

    assert case.as_of == date(2031, 3, 31)
    assert case.reference.must_include == (("Northgate", "Northgate tunnel"), ("412 million",))
    assert case.reference.numeric == (Numeric(4.12e8, "GBP", 0),)
    assert case.evidence == (Evidence("a", "northgate", "The tunnel cost £412 million"),)
    assert case.canary == ("PINEAPPLE",)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"sunny": True}, "sunny"),
        ({"expect": "guess"}, "guess"),
        ({"answerable": "yes"}, "answerable"),
        ({"as_of": "soon"}, "as_of"),
        ({"evidence": [{"group": "a", "article": "x"}]}, "quote"),
        ({"reference": {"must_include": [[]]}}, "must_include"),
    ],
)
def test_what_breaks_the_schema_is_named(change: dict[str, Any], named: str) -> None:
    """An unknown key or a wrong value is refused by name."""
    broken = FULL | change

    with pytest.raises(ValueError, match=named):
        case_from_json(broken)


def test_a_missing_question_is_refused() -> None:
    """A case without a question is no case."""
    broken = {key: value for key, value in FULL.items() if key != "question"}

    with pytest.raises(ValueError, match="question"):
        case_from_json(broken)


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)


@given(
    question=WORDS,
    tags=st.lists(WORDS, max_size=3),
    groups=st.lists(st.lists(WORDS, min_size=1, max_size=3).map(tuple), max_size=3),
    as_of=st.none() | st.dates(),
    values=st.lists(st.floats(-1e9, 1e9), max_size=2),
)
def test_a_case_survives_being_written(
    question: str,
    tags: list[str],
    groups: list[tuple[str, ...]],
    as_of: date | None,
    values: list[float],
) -> None:
    """What is written is read back as the same case."""
    case = Case(
        id="a-1",
        category="any",
        question=question,
        answerable=True,
        expect="answer",
        tags=tuple(tags),
        as_of=as_of,
        reference=Reference(
            must_include=tuple(groups), numeric=tuple(Numeric(value) for value in values)
        ),
    )

    assert case_from_json(case_to_json(case)) == case


def test_a_near_miss_is_told_from_an_off_topic_question() -> None:
    """An unanswerable case is a near miss when it names an article that looks right."""
    off = Case("a", "off-topic", "Who?", answerable=False, expect="abstain")
    near = Case("b", "other", "Who?", answerable=False, expect="abstain", near_miss=("x",))

    assert (off.trap, near.trap) == ("off-topic", "near-miss")
