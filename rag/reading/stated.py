"""The source card that named fields state: front matter, a JSON object."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from rag.dates import published

_DATES = ("published", "date", "published_at", "publication_date")
_PUBLISHERS = ("publisher", "source", "site", "outlet")
# How YAML writes that there is nothing.
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


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
        word = _word(fields, (name,))
        if word is not None and (day := published(word)):
            return day
    return None


def _word(fields: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        value = fields.get(name)
        if isinstance(value, list):
            value = ", ".join(str(item) for item in value)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            word = str(value).strip()
            if word not in _NOTHING:
                return word
    return None
