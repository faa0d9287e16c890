"""The source card that a web page states: JSON-LD, OpenGraph, meta tags, its own marks.

Only what the page says of itself: no date is guessed from an address, a copyright line or the
day it was fetched.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from rag.language.dates import published
from rag.reading.dateline import Dateline, dateline

_ARTICLES = re.compile(r"(?:Article|BlogPosting|Report|Review)$")
_PUBLISHED = (
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "datepublished",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.date",
    "dc.date",
    "dcterms.created",
    "citation_publication_date",
)
_MODIFIED = (
    "article:modified_time",
    "article:modified",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "dcterms.modified",
)
_TITLES = ("og:title", "twitter:title", "parsely-title", "dc.title", "citation_title")
_PUBLISHERS = ("og:site_name", "application-name", "dc.publisher", "citation_journal_title")
_AUTHORS = ("author", "article:author", "parsely-author", "dc.creator", "citation_author", "byl")
_BY = re.compile(r"^\s*(?:by|von|par|por|di)\s+", re.I)
# A byline is a few names; longer text is a biography.
_LONGEST_NAMES = 120
# A mark or the words before a time that say that it is of a change.
_CHANGED = re.compile(r"(?:^|[^a-z])(?:updat|modif|correct|edited)", re.I)
# Scripts are wrapped in what hid them from browsers of the nineties.
_WRAPPING = re.compile(r"^\s*(?:<!--|(?://\s*)?<!\[CDATA\[)|(?:-->|(?://\s*)?\]\]>)\s*$")
_CODE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*", re.I)
# How deep statements are nested in pages, with room to spare.
_DEEPEST = 12


def card(tree: Any) -> dict[str, Any]:
    """What the page states, by the names of `Reading`; unstated is None."""
    tags = _tags(tree)
    said = _statements(tree, tags)
    early = _early_days(tree)
    return {
        "title": _title(tree, said, tags),
        "publisher": _named(said, "publisher") or _first(tags, _PUBLISHERS),
        "author": _author(tree, said, tags),
        "published": _day([_text(said, "datePublished")])
        or _day(tags.get(name) for name in _PUBLISHED)
        or _marked_day(tree, "datePublished")
        or early.published,
        "modified": _day([_text(said, "dateModified")])
        or _day(tags.get(name) for name in _MODIFIED)
        or _marked_day(tree, "dateModified")
        or early.modified,
        "language": _language(tree, said, tags),
        "url": _address(tree, said, tags),
    }


def _statements(tree: Any, tags: dict[str, str]) -> dict[str, Any]:
    """The JSON-LD of the article; empty where there is none or it is broken.

    Pages also state the articles that they link to: the one with this page's own address or
    headline is meant, else the first.
    """
    found = list(_article_statements(tree))
    own = {*_canonical(tree), tags.get("og:url"), tags.get("og:title")}
    own.update(_words(each) for each in tree.iter("h1"))
    own -= {None, ""}
    for each in found:
        if own & {_text(each, "url"), _text(each, "@id"), _page_of(each), _text(each, "headline")}:
            return each
    return found[0] if found else {}


def _article_statements(tree: Any) -> Iterator[dict[str, Any]]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            try:
                found = json.loads(_WRAPPING.sub("", script.text or ""), strict=False)
            except (ValueError, RecursionError):
                continue
            for each in _objects(found, _DEEPEST):
                kinds = each.get("@type")
                kinds = kinds if isinstance(kinds, list) else [kinds]
                if any(isinstance(kind, str) and _ARTICLES.search(kind) for kind in kinds):
                    yield each


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth and isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _objects(inner, depth - 1)
    elif depth and isinstance(value, list):
        for inner in value:
            yield from _objects(inner, depth - 1)


def _tags(tree: Any) -> dict[str, str]:
    """The first content of each meta tag, by its name in lower case."""
    found: dict[str, str] = {}
    for tag in tree.iter("meta"):
        name = (
            tag.get("property")
            or tag.get("name")
            or tag.get("itemprop")
            or tag.get("http-equiv")
            or ""
        )
        content = (tag.get("content") or "").strip()
        if content:
            found.setdefault(name.lower(), content)
    return found


def _title(tree: Any, said: dict[str, Any], tags: dict[str, str]) -> str | None:
    stated = _text(said, "headline") or _first(tags, _TITLES)
    if stated:
        return stated
    headings = [_words(each) for each in tree.iter("h1")]
    if len(headings) == 1 and headings[0]:
        return headings[0]
    return next((words for each in tree.iter("title") if (words := _words(each))), None)


def _author(tree: Any, said: dict[str, Any], tags: dict[str, str]) -> str | None:
    stated = [_named(said, "author"), *(tags.get(name) for name in _AUTHORS)]
    marked = tree.xpath(
        "//*[@itemprop='author' or @rel='author' or contains(@class, 'byline')][not(self::meta)]"
    )
    stated.extend(_words(each) for each in marked[:3])
    for words in stated:
        names = _BY.sub("", words or "").strip()
        if names and len(names) <= _LONGEST_NAMES and not names.startswith(("http", "@")):
            return names
    return None


def _address(tree: Any, said: dict[str, Any], tags: dict[str, str]) -> str | None:
    stated = [*_canonical(tree), tags.get("og:url"), _text(said, "url"), _page_of(said)]
    absolute = (each.strip() for each in stated if isinstance(each, str))
    return next((each for each in absolute if re.match(r"https?://[^\s/]+\.\S+$", each)), None)


def _canonical(tree: Any) -> list[str]:
    links = (link for link in tree.iter("link") if (link.get("rel") or "") == "canonical")
    return [link.get("href").strip() for link in links if link.get("href")]


def _page_of(said: dict[str, Any]) -> str | None:
    page = said.get("mainEntityOfPage")
    page = page.get("@id") if isinstance(page, dict) else page
    return page.strip() if isinstance(page, str) else None


def _language(tree: Any, said: dict[str, Any], tags: dict[str, str]) -> str | None:
    """The code that the page states; a name of a language in words is none."""
    stated = said.get("inLanguage")
    if isinstance(stated, dict):
        stated = stated.get("alternateName") or stated.get("name")
    metas = (tags.get(name) for name in ("language", "content-language", "dc.language"))
    spoken = (stated, tree.get("lang"), tree.get("xml:lang"), *metas, tags.get("og:locale"))
    codes = (each.strip() for each in spoken if isinstance(each, str))
    return next((each.replace("_", "-") for each in codes if _CODE.fullmatch(each)), None)


def _marked_day(tree: Any, name: str) -> date | None:
    marked = tree.xpath(f"//*[contains(concat(' ', @itemprop, ' '), ' {name} ')]")
    times = tree.xpath("//time[@pubdate]") or tree.xpath("//article//time[@datetime]")[:3]
    # The first time of an article is its publication, unless it is marked as a change.
    if name == "datePublished":
        marked += [time for time in times[:1] if not _is_change(time)]
    else:
        marked += [time for time in times if _is_change(time)]
    words = [w for each in marked[:5] for w in (each.get("datetime"), each.get("content"))]
    return _day([*words, *(_words(each) for each in marked[:5])])


def _is_change(time: Any) -> bool:
    """Whether a marked time is that of a change: its class, or the words just before it."""
    before = time.getprevious()
    parent = time.getparent()
    words = before.tail if before is not None else getattr(parent, "text", None)
    marks = (time.get("class"), time.get("itemprop"), words, getattr(time, "text", None))
    return any(_CHANGED.search(each) for each in marks if each)


def _early_days(tree: Any) -> Dateline:
    """The one time that the page marks, else a date that stands alone under the headline."""
    times = [each for each in tree.iter("time") if not _is_change(each)]
    days = {day for each in times if (day := _day([each.get("datetime")]))}
    headings = list(tree.iter("h1"))
    after = (
        headings[0].xpath("following::text()[normalize-space()][position() <= 12]")
        if len(headings) == 1
        else []
    )
    early = dateline("\n".join(_flat(str(words)) for words in after))
    return Dateline(days.pop() if len(days) == 1 else early.published, early.modified)


def _day(words: Iterator[str | None] | Sequence[str | None]) -> date | None:
    return next((day for word in words if word and (day := published(word))), None)


def _first(tags: dict[str, str], names: Sequence[str]) -> str | None:
    return next((tags[name] for name in names if name in tags), None)


def _text(said: dict[str, Any], name: str) -> str | None:
    value = said.get(name)
    return html.unescape(value).strip() or None if isinstance(value, str) else None


def _named(said: dict[str, Any], name: str) -> str | None:
    """The names of the persons or houses that a statement holds."""
    value = said.get(name)
    holders = value if isinstance(value, list) else [value]
    names = [each.get("name") if isinstance(each, dict) else each for each in holders]
    words = [html.unescape(each).strip() for each in names if isinstance(each, str)]
    return ", ".join(dict.fromkeys(word for word in words if word)) or None


def _words(element: Any) -> str:
    return _flat("".join(element.itertext()))


def _flat(words: str) -> str:
    return " ".join(words.split())
