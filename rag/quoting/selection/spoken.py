"""What a sentence reports somebody to have said, as far as a question asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rag.language.kinds import Asks, Kind
from rag.language.speech import quotations, statements
from rag.language.terms import terms
from rag.quoting.selection.reading import Sentence, same


@dataclass(frozen=True, slots=True)
class Said:
    """Words of a passage, from `start` to `end`, that are given to a speaker; `named` are the
    offsets where the passage names the speaker for it, None where it was named before."""

    start: int
    end: int
    speaker: frozenset[str]
    named: tuple[int, int] | None


def spoken(passage: str, sentence: Sentence, kind: Kind) -> tuple[Said, ...]:
    """What of a sentence was said by somebody that the question asks for.

    "Who said …?" asks for any speaker but those it names; "What did X say …?" for X. Every other
    question asks for none.
    """
    if kind.asks not in (Asks.WHO_SAID, Asks.QUOTE_ABOUT):
        return ()
    asked = frozenset(same(term) for term in kind.content)
    by_name = kind.asks is Asks.QUOTE_ABOUT
    return tuple(
        said
        for said in _said(passage)
        if said.start < sentence.end
        and sentence.start < said.end
        and bool(said.speaker & asked) == by_name
    )


@lru_cache(maxsize=4096)
def _said(passage: str) -> tuple[Said, ...]:
    found = [
        Said(s.start, s.end, _name(s.speaker), (s.speaker_start, s.speaker_end))
        for s in statements(passage)
    ]
    for quotation in quotations(passage):
        if quotation.speaker:
            start, end = quotation.speaker_start, quotation.speaker_end
            named = (start, end) if start is not None and end is not None else None
            said = Said(quotation.start, quotation.end, _name(quotation.speaker), named)
            found.append(said)
    return tuple(found)


def _name(speaker: str) -> frozenset[str]:
    return frozenset(same(term) for term in terms(speaker))
