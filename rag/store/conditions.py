"""Filters as conditions on articles."""

from __future__ import annotations

import sqlalchemy as sa

from rag.records import Filters
from rag.store.tables import articles


def conditions(filters: Filters) -> list[sa.ColumnElement[bool]]:
    """What a live article must fulfil to be searched; an undated one fulfils no date."""
    found: list[sa.ColumnElement[bool]] = [articles.c.live]
    if filters.since:
        found.append(articles.c.published >= filters.since)
    if filters.last:
        found.append(articles.c.published <= filters.last)
    if filters.publishers:
        wanted = [publisher_key(name) for name in filters.publishers]
        found.append(articles.c.publisher_key.in_(wanted))
    if filters.articles:
        found.append(articles.c.article_id.in_(filters.articles))
    if filters.without:
        found.append(articles.c.article_id.not_in(filters.without))
    return found


def publisher_key(name: str) -> str:
    """A publisher's name as filters compare it; SQLite's own `lower` knows only ASCII."""
    return name.casefold()
