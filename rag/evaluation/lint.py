"""Linting: what is wrong with a suite before anything is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rag.evaluation.cases import Case
from rag.evaluation.labels import Shelf, stale_evidence
from rag.evaluation.metrics import answers
from rag.language.terms import terms

Level = Literal["stale", "error", "warning"]
DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a case. Stale ones and errors make the suite invalid."""

    case: str
    level: Level
    problem: str


def lint(cases: Iterable[Case], shelf: Shelf) -> tuple[Finding, ...]:
    """Everything wrong with the cases of a suite against its articles, in the order of cases."""
    listed = tuple(cases)
    ids = {case.id for case in listed}
    found: list[Finding] = []
    for case in listed:
        found += [Finding(case.id, "stale", reason) for reason in stale_evidence(case, shelf)]
        found += [Finding(case.id, "error", problem) for problem in _errors(case, ids, shelf)]
        found += [Finding(case.id, "warning", problem) for problem in _warnings(case)]
    return (*found, *_duplicates(listed))


def _errors(case: Case, ids: set[str], shelf: Shelf) -> list[str]:
    problems = []
    if case.parent is not None and case.parent not in ids:
        problems.append(f"its parent {case.parent!r} is not in the suite")
    if case.answerable != (case.expect in ("answer", "report_conflict")) and (
        case.expect != "correct_premise"
    ):
        problems.append(f"answerable is {case.answerable}, but it expects {case.expect!r}")
    if case.expect == "report_conflict" and not case.evidence:
        problems.append("it expects both sides of a conflict and has no evidence")
    if case.expect == "abstain" and case.evidence:
        problems.append("it expects an abstention and has evidence")
    if case.expect == "report_conflict" and len(case.groups) == 1:
        problems.append("a conflict needs evidence of two sides, in two groups")
    if case.expect == "abstain" and "near" in case.category and not case.near_miss:
        problems.append("a near miss names the article that looks as if it answered: near_miss")
    problems += _after_as_of(case, shelf)
    return problems


def _after_as_of(case: Case, shelf: Shelf) -> list[str]:
    if case.as_of is None:
        return []
    late = []
    for evidence in case.evidence:
        article = shelf.find(evidence.article)
        if article and article.published and article.published > case.as_of:
            late.append(f"its evidence {evidence.article!r} is later than as_of {case.as_of}")
    return late


def _warnings(case: Case) -> list[str]:
    """Reference answers that no evidence quote says, unless the case is tagged derived."""
    if case.expect not in ("answer", "report_conflict"):
        return []
    if not case.evidence:
        return ["it has no evidence, so neither retrieval nor citations are measured"]
    if DERIVED in case.tags:
        return []
    quotes = " ".join(evidence.quote for evidence in case.evidence)
    problems = [
        f"none of {list(group)} stands in an evidence quote (tag it {DERIVED!r} if it follows)"
        for group in case.reference.must_include
        if not any(answers.mentions(quotes, wording) for wording in group)
    ]
    golds = case.reference.answers
    if golds and not any(answers.mentions(quotes, gold) for gold in golds):
        problems.append(f"no reference answer stands in an evidence quote (or tag it {DERIVED!r})")
    return problems


def _duplicates(cases: tuple[Case, ...]) -> list[Finding]:
    """Cases with the same words, turns and day, unless one is a twin of the other."""
    seen: dict[tuple[object, ...], Case] = {}
    found = []
    for case in cases:
        if case.parent is not None:
            continue
        key = (tuple(sorted(terms(case.question))), case.turns, case.as_of)
        first = seen.setdefault(key, case)
        if first is not case and key[0]:
            found.append(Finding(case.id, "warning", f"asks the same as {first.id!r}"))
    return found
