"""The source card that named fields state: front matter, a JSON object."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from rag.dates import published

_DATES = ("published", "date", "published_at", "publication_date")
_PUBLISHERS = ("publisher", "source", "site", "outlet")


def stated(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The card that a mapping of names to values states, by the names of `Reading`."""
    return {
        "id": _word(fields, ("id",)),
        "title": _word(fields, ("title", "headline")),
        "publisher": _word(fields, _PUBLISHERS),
        "url": _word(fields, ("url", "canonical_url", "link")),
        "author": _word(fields, ("author", "byline")),
    }


def stated_date(fields: Mapping[str, Any]) -> date | None:
    """The publication date that a mapping states; a partial or impossible one is none."""
    for name in _DATES:
        value = fields.get(name)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if isinstance(value, str | int) and (day := published(str(value))):
            return day
    return None


def _word(fields: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        value = fields.get(name)
        if isinstance(value, list):
            value = ", ".join(str(item) for item in value)
        if isinstance(value, str | int | float) and str(value).strip():
            return str(value).strip()
    return None
