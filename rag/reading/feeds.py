"""RSS and Atom files: each item is an article, with what the feed holds of its text."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

from rag.dates import published
from rag.errors import ReadError
from rag.reading.blocks import text_of_fragment
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
        yield _reading(file, number, item, feed.feed)


def _reading(file: File, number: int, item: Any, feed: Any) -> Reading | ReadError:
    bodies = [part.get("value") or "" for part in item.get("content") or ()]
    bodies.append(item.get("summary") or "")
    text = next((found for body in bodies if (found := text_of_fragment(body))), "")
    text = text.replace("\0", "")
    if not text:
        return ReadError(f"{file.name}:{number}: the item holds no text")
    return Reading(
        text=text,
        id=None,
        title=text_of_fragment(item.get("title") or "") or None,
        publisher=_publisher(item, feed),
        published=_day(item, "published"),
        modified=_day(item, "updated"),
        url=item.get("link") or None,
        author=item.get("author") or None,
        language=feed.get("language") or None,
        line=number,
    )


def _publisher(item: Any, feed: Any) -> str | None:
    source = item.get("source") or {}
    return source.get("title") or feed.get("title") or None


def _day(item: Any, name: str) -> date | None:
    """The day in the zone that the feed writes, not in Greenwich."""
    word = item.get(name)
    return published(str(word)) if word else None
