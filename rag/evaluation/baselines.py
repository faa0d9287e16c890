"""Trivial answerers, made from what the real one found, that any score must beat."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from rag.evaluation.labels import Shelf
from rag.language.sentences import sentence_spans
from rag.language.terms import terms
from rag.records import Answer, Citation, Claim, Hit, Passage, Quote, Verdict

Baseline = Callable[[Answer, Shelf], Answer]


def lead_sentence(answer: Answer, shelf: Shelf) -> Answer:
    """Always answers with the first sentence of the first hit's article."""
    if not answer.hits:
        return _silent(answer)
    passage = answer.hits[0].passage
    article = shelf.articles.get(passage.source.article_id)
    spans = sentence_spans(article.text) if article else []
    if article is None or not spans:
        return _silent(answer)
    start, end = spans[0]
    whole = Passage(f"{article.id}#whole", article.source, article.text, 0, len(article.text))
    return _quoting(answer, whole, start, end)


def overlap_sentence(answer: Answer, _: Shelf) -> Answer:
    """Always answers with the sentence of the hits that shares most words with the question."""
    wanted = set(terms(answer.understood or answer.question))
    best: tuple[int, Passage, int, int] | None = None
    for passage in (hit.passage for hit in answer.hits):
        for start, end in sentence_spans(passage.text):
            shared = len(wanted & set(terms(passage.text[start:end])))
            if best is None or shared > best[0]:
                best = (shared, passage, start, end)
    if best is None:
        return _silent(answer)
    passage, start, end = best[1:]
    return _quoting(answer, passage, passage.start + start, passage.start + end)


def whole_passage(answer: Answer, _: Shelf) -> Answer:
    """Always answers with all of the first passage."""
    if not answer.hits:
        return _silent(answer)
    passage = answer.hits[0].passage
    return _quoting(answer, passage, passage.start, passage.end)


def silence(answer: Answer, _: Shelf) -> Answer:
    """Always abstains."""
    return _silent(answer)


BASELINES: Mapping[str, Baseline] = {
    "lead": lead_sentence,
    "overlap": overlap_sentence,
    "passage": whole_passage,
    "silence": silence,
}


def _silent(answer: Answer) -> Answer:
    return replace(answer, claims=(), abstained=True, confidence=0.0)


def _quoting(answer: Answer, passage: Passage, start: int, end: int) -> Answer:
    text = passage.text[start - passage.start : end - passage.start]
    citation = Citation(1, Quote(passage.source, start, end, text), passage)
    claim = Claim(text, (citation,), Verdict.SUPPORTED)
    hits = answer.hits or (Hit(passage, 0.0),)
    return replace(answer, claims=(claim,), hits=hits, abstained=False, confidence=1.0)
