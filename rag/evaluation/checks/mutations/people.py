"""Sentences with another name, with two names swapped, or said by somebody else."""

from __future__ import annotations

import re
from itertools import pairwise

from rag.evaluation.checks.mutations.mutant import Pool, TrueSentence, put, shuffled
from rag.language.names import Name, matches, names

_SAYS = r"(?:said|says|told|added|argued|claimed|explained|announced|warned|noted|testified|wrote)"


def another_name(sentence: TrueSentence, pool: Pool) -> str | None:
    """A name is one of another sentence."""
    for name in shuffled([n for n in names(sentence.text) if n.certain], pool):
        other = pool.foreign_name(sentence.passage)
        if other:
            return put(sentence.text, name.start, name.end, other)
    return None


def names_swapped(sentence: TrueSentence, _pool: Pool) -> str | None:
    """Two names stand in each other's place."""
    found = [name for name in names(sentence.text) if name.certain]
    for first, second in pairwise(found):
        between = sentence.text[first.end : second.start]
        alike = matches(first.text, second.text) or matches(second.text, first.text)
        if alike or not re.search(r"[a-z]{3,} [a-z]{2,}", between):
            continue
        swapped = second.text + between + first.text
        return put(sentence.text, first.start, second.end, swapped)
    return None


def another_speaker(sentence: TrueSentence, pool: Pool) -> str | None:
    """Somebody else says it."""
    text = sentence.text
    places = [(name.start, name.end) for name in names(text) if speaks(text, name)]
    places += [m.span(1) for m in re.finditer(rf"\b([Hh]e|[Ss]he|[Tt]hey) {_SAYS}\b", text)]
    other = pool.foreign_speaker(sentence.passage)
    if not places or other is None:
        return None
    return put(text, *pool.die.choice(places), other)


def speaks(text: str, name: Name) -> bool:
    """Whether the text says that whoever is named there says something."""
    return bool(
        re.match(rf"\s+(?:also\s+)?{_SAYS}\b", text[name.end :])
        or re.search(rf"(?:\b{_SAYS}|according to)\s+$", text[: name.start], re.IGNORECASE)
    )
