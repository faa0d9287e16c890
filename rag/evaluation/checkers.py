"""Checkers: the support checks an evaluation may use, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.claims import LadderChecker, support
from rag.evaluation.faithfulness import Checker, closeness, ladder
from rag.evaluation.judging import Grade
from rag.records import Citation, Claim, Passage, Quote, Source, Verdict
from rag.sentences import sentence_spans

_NOWHERE = Source("")


@dataclass(frozen=True, slots=True)
class SupportCheck:
    """A check as a verdict and as a grade from 0 to 1."""

    verdict: Checker
    grade: Grade


def chain_verdict(passages: Sequence[str], claim: str) -> Verdict:
    """What the chain's own check says of a claim that cites these passages.

    An answer that the chain has checked passes it by construction, so this says nothing new about
    such an answer; it is for answers of others and for `rag eval judge`.
    """
    citations = tuple(
        Citation(
            place, Quote(_NOWHERE, 0, len(text), text), Passage("", _NOWHERE, text, 0, len(text))
        )
        for place, text in enumerate(passages, start=1)
    )
    if not citations:
        return Verdict.NOT_FOUND
    return LadderChecker().check(Claim(claim, citations)).verdict


def chain_grade(passages: Sequence[str], claim: str) -> float:
    """How much of a claim the sentences of the passages hold, as the chain weighs it."""
    sentences = [text[start:end] for text in passages for start, end in sentence_spans(text)]
    return support(claim, sentences)


CHECKERS: Mapping[str, SupportCheck] = {
    "rules": SupportCheck(ladder, closeness),
    "chain": SupportCheck(chain_verdict, chain_grade),
}
