"""What a kept answer holds of an article, and the answer without its words."""

from __future__ import annotations

from dataclasses import replace

from rag.records import Answer, Citation, Claim, Hit, PastTurn, Receipt, Verdict

FORGOTTEN = "(Words of an article that was taken out of the archive stood here.)"


def articles_in(answer: Answer) -> frozenset[str]:
    """The ids of the articles whose words the answer holds, in whatever part of it."""
    cited = [*answer.citations, *(side for conflict in answer.conflicts for side in conflict.sides)]
    sources = [source for c in cited for source in (c.source, c.passage.source)]
    for hit in answer.hits:
        sources += [hit.passage.source, *hit.copies]
    return frozenset(source.article_id for source in sources)


def without_article(answer: Answer, article_id: str) -> Answer:
    """The answer with nothing left of the article: where its words stood, a note says so.

    What a chat model wrote after reading it goes whole. What came from earlier exchanges (the
    question as understood, the sentences in the receipt) goes too, for it does not tell from
    which article it is.
    """
    left = _without_past(answer)
    if article_id not in articles_in(answer):
        return left
    gone = {h.passage.id for h in answer.hits if h.passage.source.article_id == article_id}
    written = answer.receipt is not None and answer.receipt.model is not None
    return replace(
        left,
        claims=tuple(_claim(claim, article_id, written=written) for claim in answer.claims),
        hits=tuple(_hit(h, article_id) for h in answer.hits if h.passage.id not in gone),
        conflicts=tuple(
            conflict
            for conflict in answer.conflicts
            if not any(_is_of(side, article_id) for side in conflict.sides)
        ),
        notes=() if written else answer.notes,
        receipt=left.receipt and _receipt(left.receipt, gone),
    )


def _claim(claim: Claim, article_id: str, *, written: bool) -> Claim:
    left = tuple(c for c in claim.citations if not _is_of(c, article_id))
    if not written and len(left) == len(claim.citations):
        return claim
    return Claim(FORGOTTEN, left, Verdict.UNCHECKABLE)


def _is_of(citation: Citation, article_id: str) -> bool:
    return article_id in (citation.source.article_id, citation.passage.source.article_id)


def _hit(hit: Hit, article_id: str) -> Hit:
    return replace(hit, copies=tuple(c for c in hit.copies if c.article_id != article_id))


def _receipt(receipt: Receipt, gone: set[str]) -> Receipt:
    left = {key: value for key, value in receipt.passages.items() if key not in gone}
    return replace(receipt, passages=left)


def _without_past(answer: Answer) -> Answer:
    receipt = answer.receipt
    if receipt is None or not receipt.turns:
        return answer
    turns = tuple(_past(turn) for turn in receipt.turns)
    return replace(answer, understood=answer.question, receipt=replace(receipt, turns=turns))


def _past(turn: PastTurn) -> PastTurn:
    sentences = (FORGOTTEN,) if turn.sentences else ()
    return replace(turn, understood=turn.question, sentences=sentences, passages=())
