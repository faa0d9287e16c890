"""RSS and Atom files: each item is an article, with what the feed holds of its text."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

from rag.errors import ReadError
from rag.language.dates import published
from rag.reading.blocks import text_of_fragment
from rag.reading.boilerplate import without_boilerplate
from rag.reading.dateline import Dateline
from rag.reading.file import File
from rag.reading.packages import package
from rag.reading.record import Reading


def read_feed(file: File) -> Iterator[Reading | ReadError]:
    """The items of a feed in its order; an item without text is an error, the others go on."""
    feedparser = package("feedparser")
    # Given as a stream, so that no name is taken for an address and fetched.
    feed = feedparser.parse(
        io.BytesIO(file.data()), sanitize_html=False, resolve_relative_uris=False
    )
    if not feed.entries or not feed.version:
        known = "holds no items" if feed.version else "is neither RSS nor Atom"
        yield ReadError(f"{file.name}: {known}")
        return
    for number, item in enumerate(feed.entries, start=1):
        yield _reading(file, number, item, feed.feed, feed.version)


def _reading(
    file: File, number: int, item: Any, feed: Any, feed_version: str
) -> Reading | ReadError:
    bodies = [part.get("value") or "" for part in item.get("content") or ()]
    bodies.append(item.get("summary") or "")
    text = next((found for body in bodies if (found := text_of_fragment(body))), "")
    title = text_of_fragment(item.get("title") or "") or None
    lines = text.replace("\0", "").split("\n\n")
    text = "\n\n".join(without_boilerplate(lines, [title or ""]))
    if not text:
        return ReadError(f"{file.name}:{number}: the item holds no text")
    days, address = _days(item, feed_version), _address(item)
    return Reading(
        text=text,
        # Where an item has an address, the page behind it is the same article.
        id=None if address else item.get("id") or None,
        title=title,
        publisher=_publisher(item, feed),
        published=days.published,
        modified=days.modified,
        url=address,
        author=_author(item),
        language=_language(item) or feed.get("language") or None,
        line=number,
    )


def _address(item: Any) -> str | None:
    """The web address of the page; the library gives an item's id for the one it lacks."""
    link = item.get("link") or ""
    return link if link.startswith(("http://", "https://")) else None


def _author(item: Any) -> str | None:
    names = (each.get("name") for each in item.get("authors") or ())
    return ", ".join(filter(None, names)) or item.get("author") or None


def _publisher(item: Any, feed: Any) -> str | None:
    source = item.get("source") or {}
    return source.get("title") or feed.get("title") or None


def _days(item: Any, feed_version: str) -> Dateline:
    """The days of an item; RSS knows no other than that of publication, Atom knows both."""
    first, changed = _day(item, "published"), _day(item, "updated")
    if first is None and feed_version.startswith("rss"):
        return Dateline(changed)
    return Dateline(first, changed)


def _day(item: Any, name: str) -> date | None:
    """The day in the zone that the feed writes, not in Greenwich."""
    # The library gives the one for the other where it is missing, unless it is asked first.
    word = item.get(name) if name in item else None
    return published(str(word)) if word else None


def _language(item: Any) -> str | None:
    return next(
        (code for part in item.get("content") or () if (code := part.get("language"))), None
    )
