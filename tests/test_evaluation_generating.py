"""Questions are made by rule, labelled exactly, and decide nothing before a person has looked."""

from __future__ import annotations

from pathlib import Path

import pytest
from overlap_archive import article

from rag.errors import ModelError
from rag.evaluation.cases import Case, Provenance
from rag.evaluation.labels import Shelf
from rag.evaluation.lint import lint
from rag.evaluation.making.generating import Generated, generate, twins
from rag.evaluation.making.writing import estimate, write_questions
from rag.evaluation.people.reviewing import Decision, review, save_cases
from rag.evaluation.suite import read_cases
from rag.writing.chat import Chat
from rag.writing.scripted import ScriptedChat

ARTICLES = (
    article(
        "bridge",
        "The Harbour Bridge carries 412 trains across the river every week. "
        "Ada Brandt opened the Harbour Bridge with a pair of garden shears. "
        "It is painted green in every season of the year. "
        "Work on the Harbour Bridge had begun in 1998 under another council.",
    ),
    article("tunnel", "Olaf Lind closed the Northgate Tunnel because water came through the roof."),
)


def test_a_sentence_is_asked_for_what_it_says() -> None:
    """Who, how many and when are asked of sentences that stand on their own."""
    made = generate(ARTICLES)

    asked = {case.question: case.reference.answers for case in made.cases if case.answerable}
    assert asked == {
        "Who opened the Harbour Bridge with a pair of garden shears?": ("Ada Brandt",),
        "Who closed the Northgate Tunnel because water came through the roof?": ("Olaf Lind",),
        "How many trains does the Harbour Bridge carry across the river every week?": ("412",),
        "When had work on the Harbour Bridge begun under another council?": ("1998",),
    }


def test_what_is_made_is_labelled_and_unreviewed() -> None:
    """Every label stands in its article, near misses name theirs, nothing counts as reviewed."""
    made = generate(ARTICLES)

    assert [f for f in lint(made.cases, Shelf.of(ARTICLES)) if f.level != "warning"] == []
    assert any(case.trap == "near-miss" for case in made.cases)
    assert not any(case.provenance.reviewed for case in made.cases)


def test_the_same_articles_give_the_same_questions() -> None:
    """Neither order nor chance matters."""
    assert generate(ARTICLES) == generate(ARTICLES[::-1])


def test_a_sentence_told_twice_is_dropped_with_its_reason() -> None:
    """What several articles say word for word is no question with one source."""
    copy = article("copy", ARTICLES[1].text)

    made = generate([*ARTICLES, copy])

    assert any("stands in several places" in reason for reason in made.dropped)


def test_twins_differ_from_their_parent_in_words_alone() -> None:
    """Each twin asks otherwise for the same thing."""
    case = next(case for case in generate(ARTICLES).cases if case.category == "who")

    made = {twin.perturbation: twin for twin in twins(case)}

    assert set(made) == {"case", "keyword", "typo"}
    assert {twin.parent for twin in made.values()} == {case.id}
    assert made["case"].question == case.question.lower()
    assert len({twin.question for twin in made.values()} | {case.question}) == 4


def test_review_keeps_edits_drops_and_leaves(tmp_path: Path) -> None:
    """Decisions are carried out in order; what is kept is reviewed and reads back the same."""
    drafts = [
        Case(name, "who", "Who?", False, "abstain", provenance=Provenance("rule", False))
        for name in ("keep", "edit", "drop", "later")
    ]
    edited = Case("edit", "who", "Who else?", False, "abstain", provenance=drafts[1].provenance)
    decisions: dict[str, Decision] = {"keep": "keep", "edit": edited, "drop": "drop"}

    left = review(drafts, lambda case: decisions.get(case.id, "later"))
    save_cases(left, tmp_path / "cases.jsonl")

    told = [(case.id, case.question, case.provenance.reviewed) for case in left]
    assert told == [("keep", "Who?", True), ("edit", "Who else?", True), ("later", "Who?", False)]
    assert read_cases(tmp_path / "cases.jsonl") == left


def written(*replies: str | Exception) -> Generated:
    """What comes of a chat model with these replies, one for each sentence."""
    chat = Chat("scripted:asking", lambda: ScriptedChat(replies=list(replies)))
    return write_questions(ARTICLES, chat, most=5)


def test_a_model_s_questions_pass_the_same_rules() -> None:
    """Kept: an answer that stands in its sentence. Dropped, each with its reason: all others."""
    made = written(
        "Q: How many trains does the Harbour Bridge carry each week?\nA: 412",
        "Q: Who opened the Harbour Bridge with garden shears?\nA: Bob Marsh",
        "Q: Did Harbour Bridge work begin in 1998?\nA: 1998",
        "It is about a tunnel.",
    )

    assert [(case.question, case.reference.answers) for case in made.cases] == [
        ("How many trains does the Harbour Bridge carry each week?", ("412",))
    ]
    assert not made.cases[0].provenance.reviewed
    reasons = " | ".join(made.dropped)
    for reason in ("does not stand in", "gives its answer away", "no question with an answer"):
        assert reason in reasons


def test_a_model_that_never_answers_is_an_error() -> None:
    """One failure drops one sentence; nothing but failures is told as such."""
    with pytest.raises(ModelError):
        written(ModelError("no key"))


def test_the_cost_is_told_before() -> None:
    """Requests and tokens are estimated without asking anybody."""
    cost = estimate(ARTICLES, most=3)

    assert cost.requests == 3
    assert cost.read > 3 * 100 and cost.written > 0
