"""The likely short answer inside a sentence."""

from __future__ import annotations

from rag.language.kinds import Asks
from rag.quoting.selection.features import Question
from rag.quoting.selection.reading import Sentence
from rag.quoting.selection.spoken import spoken
from rag.quoting.selection.wanted import Span, wanted


def short_answer(asked: Question, passage: str, sentence: Sentence) -> Span | None:
    """Offsets, in the passage, of what likely answers on its own; None where none can be told.

    For "Who said …?" where the speaker is named; else the thing of the sort asked for that stands
    nearest to the question's terms.
    """
    if asked.kind.asks is Asks.WHO_SAID:
        named = [said.named for said in spoken(passage, sentence, asked.kind) if said.named]
        inside = [n for n in named if sentence.start <= n[0] and n[1] <= sentence.end]
        return inside[0] if inside else None
    found = [
        (sentence.start + start, sentence.start + end)
        for start, end in wanted(sentence.text, asked.kind)
    ]
    met = [
        (span, asked.weights[term])
        for term, span in zip(sentence.terms, sentence.spans, strict=True)
        if term in asked.weights
    ]
    return min(found, key=lambda span: _distance(span, met), default=None)


def _distance(thing: Span, met: list[tuple[Span, float]]) -> float:
    """Mean distance in characters to the question's terms, each weighed by its rarity."""
    total = sum(weight for _, weight in met)
    if not total:
        return thing[0]
    gaps = (weight * max(start - thing[1], thing[0] - end, 0) for (start, end), weight in met)
    return sum(gaps) / total
