"""How an answer might have come out otherwise: from what it left out, without what it cites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from rag.quoting.left_out import LeftOut, left_out
from rag.records import Answer, Filters, Source, Turn
from rag.wiring import Parts


def not_used(parts: Parts, answer: Answer, turns: Sequence[Turn], filters: Filters) -> LeftOut:
    """What an answer to a question asked so was not made from, and why; searches anew.

    Raises:
        QuestionError: the answer's question cannot be asked.
    """
    today = answer.receipt.today if answer.receipt else date.today()
    query = parts.understanding.query(answer.question, turns=turns, filters=filters, today=today)
    query = replace(query, text=answer.understood)
    return left_out(answer, query, parts.retriever, parts.store.coverage)


def cited(answer: Answer) -> tuple[str, ...]:
    """The ids of the articles that an answer cites, each once, by their first marker."""
    return tuple(dict.fromkeys(citation.source.article_id for citation in answer.citations))


def without(article_id: str, copies: Mapping[str, Sequence[Source]], filters: Filters) -> Filters:
    """The filters with an article left out and its copies, which would say the same for it."""
    gone = (article_id, *(source.article_id for source in copies.get(article_id, ())))
    return replace(filters, without=(*filters.without, *gone))
