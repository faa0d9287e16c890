"""Articles and their versions as lines of text, in 80 columns unless the terminal is wider."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence
from datetime import datetime

from rag.records import Article, Source
from rag.render import flat, on
from rag.store import Listed, Origin
from rag.versions import Version

_INDENT = " " * 12
_NARROWEST, _WIDEST = 40, 120
# Copies that are named; of a wire report there can be hundreds.
_MOST_NAMED = 3
_HASH_SHOWN = 12


def entry(listed: Listed) -> Iterator[str]:
    """An article of a listing: date, publisher and title, then id and language, then remarks."""
    source = listed.source
    date = f"{source.published:%Y-%m-%d}" if source.published else "no date"
    head = " · ".join(part for part in (source.publisher, source.title) if part)
    yield from wrapped(f"{date:<12}", flat(head or "no title"))
    yield _INDENT + " · ".join(part for part in (source.article_id, source.language) if part)
    for remark in _remarks(listed):
        yield from wrapped(_INDENT, remark)


def page_line(count: int, shown: int, skipped: int) -> str:
    """How much of a listing was shown, and how to see more."""
    if not count:
        return "No article."
    if not shown:
        return f"No article beyond the {count:,} that there are."
    articles = "article" if count == 1 else "articles"
    line = f"{shown:,} of {count:,} {articles}" if shown < count else f"{count:,} {articles}"
    more = skipped + shown
    return f"{line}; more with --skip {more}." if more < count else f"{line}."


def card(
    article: Article, listed: Listed | None, history: Sequence[Version], passages: int
) -> Iterator[str]:
    """All that is known of an article but its text, a line each."""
    source = article.source
    rows = {
        "id": source.article_id,
        "title": source.title,
        "publisher": source.publisher,
        "author": source.author,
        "published": source.published and on(source.published),
        "modified": source.modified and on(source.modified),
        "corrected": source.corrected and on(source.corrected),
        "language": source.language,
        "url": source.url,
        "read from": listed and listed.origin and place(listed.origin),
        "passages": f"{passages:,}" if listed else "none: it was removed from the archive",
        "versions": _versions(history),
        "copies": listed and "; ".join(map(_named, listed.copies)),
    }
    for name, value in rows.items():
        if value:
            yield from wrapped(f"{name:<12}", flat(str(value)))


def version(version: Version, changed: Sequence[str]) -> Iterator[str]:
    """A version: number, when it came in, its hash, whether it is searched, what changed."""
    state = "live" if version.live else "not searched"
    stored = moment(version.stored) if version.stored else "time not noted"
    hashed = version.article.content_hash[:_HASH_SHOWN]
    yield f"v{version.number} · {stored} · {hashed} · {state}"
    if version.corrected:
        yield f"   corrected on {on(version.corrected)}"
    if version.number > 1 and not changed:
        yield "   the same text and source card"
    for line in changed:
        mark, rest = (line[0], line[1:]) if line[:1] in "+- " else ("", line)
        yield from wrapped(f"   {mark} " if mark else "   ", rest)


def still_held(read_at: Sequence[str]) -> Iterator[str]:
    """What forgetting cannot reach."""
    yield from wrapped("", "Backups and copies of the index folder made before still hold them.")
    for where in read_at:
        yield from wrapped("", f"Delete {where} too, or the next ingest of it reads it again.")


def place(origin: Origin) -> str:
    """Where an article was read; what came from no folder says so."""
    return f"{origin.folder.rstrip('/')}/{origin.path}" if origin.folder != ":" else origin.path


def _remarks(listed: Listed) -> Iterator[str]:
    source = listed.source
    if listed.version > 1:
        corrected = f", corrected on {on(source.corrected)}" if source.corrected else ""
        yield f"v{listed.version}{corrected}"
    if listed.copies:
        count = len(listed.copies)
        named = ", ".join(copy.article_id for copy in listed.copies[:_MOST_NAMED])
        more = f" and {count - _MOST_NAMED} more" if count > _MOST_NAMED else ""
        yield f"= {count} {'copy' if count == 1 else 'copies'} of this report: {named}{more}"


def _versions(history: Sequence[Version]) -> str:
    return "; ".join(
        f"v{version.number}" + (f" of {moment(version.stored)}" if version.stored else "")
        for version in history
    )


def _named(source: Source) -> str:
    return " · ".join(part for part in (source.article_id, source.publisher) if part)


def moment(stored: datetime) -> str:
    """`2026-03-01 09:30 UTC`."""
    return f"{stored:%Y-%m-%d %H:%M} UTC"


def wrapped(head: str, text: str) -> list[str]:
    """The text after a head, on as many lines as it needs; what has no spaces is not cut."""
    width = max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((80, 24)).columns))
    return textwrap.wrap(
        text,
        width,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_long_words=False,
        break_on_hyphens=False,
    ) or [head.rstrip()]
