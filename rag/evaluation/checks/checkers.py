"""Checkers: the support checks an evaluation may use, by name.

The default is the product's own ladder of rules (`rag.checking.claims`), which needs no model.
Others are named `hhem`, `nli:MODEL` (see `entailing.py`) or `own:MODULE:NAME`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from rag.checking.claims import LadderChecker, support
from rag.evaluation.checks.entailing import entailment_named
from rag.evaluation.checks.support import RULES, SupportCheck
from rag.evaluation.metrics.answers import mentions
from rag.language.sentences import sentence_spans
from rag.language.terms import terms
from rag.records import Citation, Claim, Passage, Quote, Source, Verdict

_NOWHERE = Source("")
# Verdicts of a run that are asked for again: by every trivial answerer, and twice by ALCE.
_REMEMBERED = 50_000


def rules(passages: Sequence[str], claim: str) -> Verdict:
    """What the product's ladder says of a claim that cites these passages.

    What stands in one of them word for word is supported. Else a passage must support the claim,
    or all of them together. A written answer that the chain has held to the same ladder passes by
    construction: another checker, or a judge, says more of it.
    """
    return _ruled(tuple(passages), claim)


def rules_grade(passages: Sequence[str], claim: str) -> float:
    """How much of a claim the sentences of the passages hold, as the product weighs it."""
    sentences = [text[start:end] for text in passages for start, end in sentence_spans(text)]
    return support(claim, sentences)


CHECKERS: Mapping[str, SupportCheck] = {RULES: SupportCheck(rules, rules_grade)}


def checker_named(name: str) -> SupportCheck:
    """The check of this name.

    Raises:
        SuiteError: there is none.
        MissingPackage: its package is not installed.
    """
    if name in CHECKERS:
        return CHECKERS[name]
    return entailment_named(name)


@lru_cache(maxsize=_REMEMBERED)
def _ruled(passages: tuple[str, ...], claim: str) -> Verdict:
    if not passages:
        # The ladder says "uncheckable" of a claim without citation; here it earns nothing,
        # unless there is nothing in it to check.
        nothing = LadderChecker().check(_citing((claim,), claim))
        stated = nothing.verdict is not Verdict.UNCHECKABLE
        return Verdict.NOT_FOUND if stated else Verdict.UNCHECKABLE
    if terms(claim) and any(mentions(passage, claim) for passage in passages):
        return Verdict.SUPPORTED
    return LadderChecker().check(_citing(passages, claim)).verdict


def _citing(passages: Sequence[str], claim: str) -> Claim:
    """The claim with a citation of each passage, whole."""
    citations = tuple(
        Citation(
            place, Quote(_NOWHERE, 0, len(text), text), Passage("", _NOWHERE, text, 0, len(text))
        )
        for place, text in enumerate(passages, start=1)
    )
    return Claim(claim, citations)
