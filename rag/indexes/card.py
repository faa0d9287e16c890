"""A passage's card in Chroma: what can be filtered on there, and filters as Chroma takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.indexes.entry import day_of, days
from rag.language.terms import fold
from rag.records import Filters, Source

Card = Mapping[str, str | int]


def card(source: Source) -> Card:
    """What can be filtered on by whoever opens the collection; Chroma refuses None."""
    return {
        "article": source.article_id,
        "publisher": source.publisher or "",
        "day": day_of(source),
    }


def folded(source: Source) -> Card:
    """The card for `where`: a publisher is found however its name is written."""
    return {**card(source), "publisher": fold(source.publisher or "")}


def where(filters: Filters) -> Mapping[str, Any] | None:
    """The condition that leaves the passages which filters admit; None: all of them.

    At most five predicates; Chroma Cloud takes eight.
    """
    must: list[Mapping[str, Any]] = []
    if admitted := days(filters):
        first, last = admitted
        must += [{"day": {"$gte": first}}, {"day": {"$lte": last}}]
    if filters.publishers:
        must.append({"publisher": {"$in": [fold(name) for name in filters.publishers]}})
    if filters.articles:
        must.append({"article": {"$in": list(filters.articles)}})
    if filters.without:
        must.append({"article": {"$nin": list(filters.without)}})
    if not must:
        return None
    return must[0] if len(must) == 1 else {"$and": must}
