"""The source card that a web page states: JSON-LD, OpenGraph, meta tags, its own marks.

Only what the page says of itself: no date is guessed from an address, a copyright line, what others
say on the page, or the day it was made or fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from rag.language.dates import published
from rag.reading.byline import byline
from rag.reading.dateline import Dateline, dateline
from rag.reading.linked import Linked
from rag.reading.source import paper

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
_CODE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*", re.I)
# What stands between an article's headline and the paper's name in a page's title.
_SEPARATOR = re.compile(r"\s+[|–—-]\s+|\s*[|»]\s*")
# Elements whose words are not the page's own: quoted posts, other articles, the frame around.
_OTHERS = "ancestor::blockquote or ancestor::aside or ancestor::nav or ancestor::footer"


def card(tree: Any) -> dict[str, Any]:
    """What the page states, by the names of `Reading`; unstated is None."""
    tags = _tags(tree)
    said = Linked(tree, _own(tree, tags))
    early = _early_days(tree)
    return {
        "title": _title(tree, said, tags),
        "publisher": said.names("publisher")
        or _first(tags, _PUBLISHERS)
        or _marked_name(tree, "publisher")
        or paper(_under_headline(tree)),
        "author": _author(tree, said, tags),
        "published": _day([said.words("datePublished")])
        or _day(tags.get(name) for name in _PUBLISHED)
        or _marked_day(tree, "datePublished")
        or early.published,
        "modified": _day([said.words("dateModified")])
        or _day(tags.get(name) for name in _MODIFIED)
        or _marked_day(tree, "dateModified")
        or early.modified,
        "language": _language(tree, said, tags),
        "url": _address(tree, said, tags),
    }


def _own(tree: Any, tags: dict[str, str]) -> set[str]:
    """The addresses and headlines by which the page's own article is known."""
    known = (*_canonical(tree), tags.get("og:url"), tags.get("og:title"))
    headings = (_words(each) for each in tree.iter("h1"))
    return {each for each in (*known, *headings) if each}


def _tags(tree: Any) -> dict[str, str]:
    """The first content of each meta tag, by its name in lower case.

    What stands in for a header of the server tells of the file, not of the article.
    """
    found: dict[str, str] = {}
    for tag in tree.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or _header(tag)
        content = (tag.get("content") or "").strip()
        if content:
            found.setdefault(name.lower(), content)
    return found


def _header(tag: Any) -> str:
    name = tag.get("http-equiv") or ""
    return name if name.lower() == "content-language" else ""


def _title(tree: Any, said: Linked, tags: dict[str, str]) -> str | None:
    stated = said.words("headline") or _first(tags, _TITLES)
    if stated:
        return stated
    headings = [_words(each) for each in tree.iter("h1")]
    if len(headings) == 1 and headings[0]:
        return headings[0]
    title = next((words for each in tree.iter("title") if (words := _words(each))), None)
    return _without_paper(title, tree) if title else None


def _without_paper(title: str, tree: Any) -> str:
    """A page's title without the paper's name, where a heading says it so."""
    headings = {_words(each) for each in tree.iter("h1", "h2")}
    ends = (found.start() for found in _SEPARATOR.finditer(title))
    return next((title[:end] for end in ends if title[:end] in headings), title)


def _author(tree: Any, said: Linked, tags: dict[str, str]) -> str | None:
    stated = [said.names("author"), *(tags.get(name) for name in _AUTHORS)]
    marked = tree.xpath(
        "//*[@itemprop='author' or @rel='author' or contains(@class, 'byline')][not(self::meta)]"
    )
    stated.extend(_words(each) for each in marked[:3])
    stated.append(byline(_under_headline(tree)))
    for words in stated:
        names = _BY.sub("", words or "").strip()
        if names and len(names) <= _LONGEST_NAMES and not names.startswith(("http", "@")):
            return names
    return None


def _marked_name(tree: Any, role: str) -> str | None:
    """The name of who is marked to have a role, in microdata."""
    marked = tree.xpath(f"//*[@itemprop='{role}']//*[@itemprop='name']")
    stated = (each.get("content") or _words(each) for each in marked)
    return next((_flat(words) for words in stated if words), None)


def _address(tree: Any, said: Linked, tags: dict[str, str]) -> str | None:
    stated = [*_canonical(tree), tags.get("og:url"), said.words("url"), said.page()]
    absolute = (each.strip() for each in stated if isinstance(each, str))
    return next((each for each in absolute if re.match(r"https?://[^\s/]+\.\S+$", each)), None)


def _canonical(tree: Any) -> list[str]:
    links = (link for link in tree.iter("link") if "canonical" in _kinds(link))
    return [link.get("href").strip() for link in links if link.get("href")]


def _kinds(link: Any) -> list[str]:
    return (link.get("rel") or "").lower().split()


def _language(tree: Any, said: Linked, tags: dict[str, str]) -> str | None:
    """The code that the page states; a name of a language in words is none."""
    metas = (tags.get(name) for name in ("language", "content-language", "dc.language"))
    spoken = (
        said.language(),
        tree.get("lang"),
        tree.get("xml:lang"),
        *metas,
        tags.get("og:locale"),
    )
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
    early = dateline(_under_headline(tree))
    return Dateline(days.pop() if len(days) == 1 else early.published, early.modified)


def _under_headline(tree: Any) -> str:
    """The first words of the page's own under its headline, each piece a line."""
    headings = list(tree.iter("h1"))
    if len(headings) != 1:
        return ""
    after = f"following::text()[normalize-space()][not({_OTHERS})][position() <= 12]"
    return "\n".join(_flat(str(words)) for words in headings[0].xpath(after))


def _day(words: Iterator[str | None] | Sequence[str | None]) -> date | None:
    return next((day for word in words if word and (day := published(word))), None)


def _first(tags: dict[str, str], names: Sequence[str]) -> str | None:
    return next((tags[name] for name in names if name in tags), None)


def _words(element: Any) -> str:
    return _flat("".join(element.itertext()))


def _flat(words: str) -> str:
    return " ".join(words.split())
