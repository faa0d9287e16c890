"""The likely short answer inside a sentence."""

from __future__ import annotations

from rag.selection.features import Question
from rag.selection.reading import Sentence
from rag.selection.wanted import wanted


def short_answer(asked: Question, sentence: Sentence) -> tuple[int, int] | None:
    """Offsets, in the passage, of the thing asked for that stands nearest to the question's
    terms; None where the question wants nothing that can be told by its form."""
    found = [
        (sentence.start + start, sentence.start + end)
        for start, end in wanted(sentence.text, asked.kind)
    ]
    met = [
        (span, asked.weights[term])
        for term, span in zip(sentence.terms, sentence.spans, strict=True)
        if term in asked.weights
    ]
    if not found:
        return None
    return min(found, key=lambda span: _distance(span, met))


def _distance(span: tuple[int, int], met: list[tuple[tuple[int, int], float]]) -> float:
    """Mean distance in characters to the question's terms, each weighed by its rarity."""
    total = sum(weight for _, weight in met)
    if not total:
        return span[0]
    return sum(
        weight * max(start - span[1], span[0] - end, 0) for (start, end), weight in met
    ) / total
