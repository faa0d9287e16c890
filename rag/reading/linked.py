"""What a web page states as linked data (JSON-LD) of the article on it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Collection, Iterator
from typing import Any

_ARTICLES = re.compile(r"(?:Article|Posting|Report|Review)$")
# Scripts are wrapped in what hid them from browsers of the nineties.
_WRAPPING = re.compile(r"^\s*(?:<!--|(?://\s*)?<!\[CDATA\[)|(?:-->|(?://\s*)?\]\]>)\s*$")
# How deep statements are nested in pages, with room to spare.
_DEEPEST = 12

Statement = dict[str, Any]


class Linked:
    """The statement of one article, and those it refers to; empty where the page has none."""

    def __init__(self, tree: Any, own: Collection[str]) -> None:
        """The statement of the page's own article: pages also state those that they link to.

        It is the one with an address or a headline that is the page's `own`, else the first.
        """
        objects = list(_objects(tree))
        articles = [each for each in objects if _is_article(each)]
        named = (each for each in articles if set(own) & set(_marks(each)))
        self._said: Statement = next(named, articles[0] if articles else {})
        self._by_id = {key: each for each in objects if len(each) > 1 and (key := _id(each))}

    def words(self, name: str) -> str | None:
        """What is stated under a name, if it is words."""
        return _words(self._said.get(name))

    def names(self, name: str) -> str | None:
        """The names of the persons or houses that are stated under a name."""
        value = self._said.get(name)
        holders = value if isinstance(value, list) else [value]
        words = (self._name(each) for each in holders)
        return ", ".join(dict.fromkeys(word for word in words if word)) or None

    def page(self) -> str | None:
        """The address of the page that is mainly of the article."""
        return _page(self._said)

    def language(self) -> str | None:
        stated = self._said.get("inLanguage")
        if isinstance(stated, dict):
            stated = stated.get("alternateName") or stated.get("name")
        return stated if isinstance(stated, str) else None

    def _name(self, holder: Any) -> str | None:
        """The name of who is stated, or of whom the statement refers to."""
        if not isinstance(holder, dict):
            return _words(holder)
        named = holder if "name" in holder else self._by_id.get(_id(holder) or "", {})
        return _words(named.get("name"))


def _objects(tree: Any) -> Iterator[Statement]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            try:
                found = json.loads(_WRAPPING.sub("", script.text or ""), strict=False)
            except (ValueError, RecursionError):
                continue
            yield from _within(found, _DEEPEST)


def _within(value: Any, depth: int) -> Iterator[Statement]:
    if depth and isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _within(inner, depth - 1)
    elif depth and isinstance(value, list):
        for inner in value:
            yield from _within(inner, depth - 1)


def _is_article(statement: Statement) -> bool:
    kinds = statement.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and _ARTICLES.search(kind) for kind in kinds)


def _marks(statement: Statement) -> Iterator[str]:
    """What tells one article from another."""
    stated = (_words(statement.get(name)) for name in ("url", "@id", "headline"))
    yield from (each for each in (*stated, _page(statement)) if each)


def _page(statement: Statement) -> str | None:
    page = statement.get("mainEntityOfPage")
    page = page.get("@id") if isinstance(page, dict) else page
    return page.strip() if isinstance(page, str) else None


def _id(statement: Statement) -> str | None:
    return _words(statement.get("@id"))


def _words(value: Any) -> str | None:
    return html.unescape(value).strip() or None if isinstance(value, str) else None
