"""The source card that named fields state: front matter, a JSON object, a table's row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from rag.language.dates import published

# Names are compared as `spelled` gives them.
_TITLES = ("title", "headline", "articletitle")
_DATES = (
    "published",
    "date",
    "publishedat",
    "publishedon",
    "publicationdate",
    "publishdate",
    "pubdate",
    "datepublished",
    "datepublish",
    "dateissued",
    "posted",
)
_MODIFIED = (
    "modified",
    "updated",
    "modifiedat",
    "updatedat",
    "datemodified",
    "datemodify",
    "dateupdated",
    "lastmodified",
    "lastupdated",
    "lastmod",
)
_PUBLISHERS = (
    "publisher",
    "source",
    "site",
    "outlet",
    "publication",
    "newspaper",
    "sourcename",
    "sitename",
    "sourcedomain",
)
_ADDRESSES = ("url", "canonicalurl", "canonical", "link", "permalink", "weburl", "sourceurl")
_AUTHORS = ("author", "authors", "byline", "creator", "writer")
_LANGUAGES = ("language", "lang", "inlanguage")
TEXTS = (
    "text",
    "body",
    "content",
    "article",
    "articlebody",
    "articletext",
    "articlecontent",
    "fulltext",
    "bodytext",
    "maintext",
    "story",
)
_ALL = frozenset(
    ("id", *_TITLES, *_DATES, *_MODIFIED, *_PUBLISHERS, *_ADDRESSES, *_AUTHORS, *_LANGUAGES)
)
_BETWEEN = re.compile(r"[\s_\-]+")
# How YAML writes that there is nothing, and how tables do.
_NOTHING = frozenset({"", "~", "null", "Null", "NULL", "nan", "NaN"})


def spelled(name: str) -> str:
    """A field's name in its one spelling: `Publish Date`, `publish_date`, `publishDate` agree."""
    return _BETWEEN.sub("", name).lower()


def under_spelled_names(fields: Mapping[Any, Any]) -> dict[str, Any]:
    """The fields under the one spelling of their names; of two, the first that holds anything."""
    found: dict[str, Any] = {}
    for name, value in fields.items():
        if found.get(spelled(str(name))) in (None, ""):
            found[spelled(str(name))] = value
    return found


def is_known(name: str) -> bool:
    """Whether a field of this name belongs to a source card."""
    return spelled(name) in _ALL


def stated(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The card that a mapping of names to values states, by the names of `Reading`.

    An impossible or partial date is none.
    """
    fields = under_spelled_names(fields)
    return {
        "id": _word(fields, ("id",)),
        "title": _word(fields, _TITLES),
        "publisher": _word(fields, _PUBLISHERS),
        "published": _day(fields, _DATES),
        "url": _word(fields, _ADDRESSES),
        "author": _word(fields, _AUTHORS),
        "modified": _day(fields, _MODIFIED),
        "language": _word(fields, _LANGUAGES),
    }


def stated_text(fields: Mapping[str, Any]) -> str | None:
    """The text of a row: its `text`, else the first other usual name that holds words."""
    fields = under_spelled_names(fields)
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
        # Only the words in it: what is nested may be nested without end.
        word = ", ".join(_scalars(value if isinstance(value, list) else [value])).strip()
        if word not in _NOTHING:
            return word
    return None


def _scalars(values: list[Any]) -> Iterator[str]:
    """The words of values; of an object, such as `{"name": "Ivy Stone"}`, its name."""
    for value in values:
        if isinstance(value, dict):
            value = value.get("name")
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            yield str(value)
