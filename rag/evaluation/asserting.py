"""Asserting: what a test of one's own may demand of an answer."""

from __future__ import annotations

from rag.evaluation.checks.checkers import rules
from rag.evaluation.checks.support import Checker
from rag.records import Answer, Verdict

_FINE = (Verdict.SUPPORTED, Verdict.UNCHECKABLE)


def assert_faithful(answer: Answer, *, checker: Checker = rules) -> None:
    """Passes when every claim is supported by the passages it cites itself; abstaining passes.

    Raises:
        AssertionError: some are not; names each such claim, with its verdict.
    """
    __tracebackhide__ = True
    problems = []
    for claim in answer.claims:
        cited = [citation.passage.text for citation in claim.citations]
        verdict = checker(cited, claim.text)
        if verdict not in _FINE:
            problems.append(f"{verdict.value}: {claim.text}")
    if problems:
        raise AssertionError("claims that their citations do not support:\n" + "\n".join(problems))
