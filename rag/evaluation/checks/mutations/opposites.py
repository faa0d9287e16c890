"""Sentences that say the opposite: negated, affirmed, with an antonym."""

from __future__ import annotations

import re

from rag.checking.antonyms import opposites
from rag.evaluation.checks.mutations.mutant import Pool, TrueSentence, put, shuffled

_AUXILIARY = re.compile(
    r"\b(is|are|was|were|will|would|has|have|had|can|could|should|may|might|must)\b"
    r"(?! not|n['’]t| no\b| never)"
)
_NEGATED = re.compile(
    r"\b(is|are|was|were|did|does|do|will|would|has|have|had|could|should|might|must|ca|wo)"
    r"(?: not\b|n['’]t\b)|\bcannot\b|\bnever |\bnot |\bno longer |\bno (?=[a-z])",
)


def negated(sentence: TrueSentence, pool: Pool) -> str | None:
    """What is said is denied."""
    places = list(_AUXILIARY.finditer(sentence.text))
    if not places:
        return None
    match = pool.die.choice(places)
    return put(sentence.text, match.end(), match.end(), pool.die.choice([" not", " never"]))


def affirmed(sentence: TrueSentence, pool: Pool) -> str | None:
    """What is denied is said."""
    places = list(_NEGATED.finditer(sentence.text))
    if not places:
        return None
    match = pool.die.choice(places)
    kept = {"ca": "can", "wo": "will", None: ""}.get(match[1], match[1]) or ""
    new = "can" if match[0] == "cannot" else kept
    return put(sentence.text, match.start(), match.end(), new)


def with_antonym(sentence: TrueSentence, pool: Pool) -> str | None:
    """A word is its opposite."""
    listed = opposites()
    for match in shuffled(list(re.finditer(r"\b[a-z]{3,}\b", sentence.text)), pool):
        for ending in ("", "s", "ed", "ing", "d"):
            base = match[0].removesuffix(ending) if ending else match[0]
            if base in listed and (not ending or base != match[0]):
                other = listed[base][0]
                return put(sentence.text, match.start(), match.end(), other + ending)
    return None
