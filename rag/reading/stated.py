"""The source card that named fields state: front matter, a JSON object, a table's row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from rag.language.dates import published

_DATES = (
    "published",
    "date",
    "published_at",
    "publication_date",
    "pubdate",
    "date_published",
    "datepublished",
)
_MODIFIED = ("modified", "updated", "modified_at", "updated_at", "datemodified", "date_modified")
_PUBLISHERS = ("publisher", "source", "site", "outlet")
TEXTS = ("text", "body", "content", "article", "article_body", "articlebody", "full_text", "story")
# How YAML writes that there is nothing, and how tables do.
_NOTHING = frozenset({"", "~", "null", "Null", "NULL", "nan", "NaN"})


def stated(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The card that a mapping of names to values states, by the names of `Reading`."""
    return {
        "id": _word(fields, ("id",)),
        "title": _word(fields, ("title", "headline")),
        "publisher": _word(fields, _PUBLISHERS),
        "url": _word(fields, ("url", "canonical_url", "link")),
        "author": _word(fields, ("author", "authors", "byline")),
        "modified": _day(fields, _MODIFIED),
        "language": _word(fields, ("language", "lang")),
    }


def stated_date(fields: Mapping[str, Any]) -> date | None:
    """The publication date that a mapping states; a partial or impossible one is none."""
    return _day(fields, _DATES)


def stated_text(fields: Mapping[str, Any]) -> str | None:
    """The text of a row: its `text`, else the first other usual name that holds words."""
    for name in TEXTS:
        value = fields.get(name)
        if isinstance(value, str) and value.strip():
            return value
    return None


def _day(fields: Mapping[str, Any], names: tuple[str, ...]) -> date | None:
    for name in names:
        value = fields.get(name)
        word = value.isoformat() if isinstance(value, date) else _word(fields, (name,))
        if word is not None and (day := published(word)):
            return day
    return None


def _word(fields: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        value = fields.get(name)
        if isinstance(value, list):
            # Only the words in it: what is nested may be nested without end.
            value = ", ".join(_scalars(value))
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            word = str(value).strip()
            if word not in _NOTHING:
                return word
    return None


def _scalars(values: list[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, dict):
            value = value.get("name")
        if isinstance(value, str | int | float):
            yield str(value)
