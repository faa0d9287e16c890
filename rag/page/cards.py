"""The pieces that evidence, reader and catalog are made of, as HTML."""

from __future__ import annotations

import re

from rag.export import link_to
from rag.page import wording
from rag.page.escape import in_html
from rag.page.tongue import tr
from rag.records import Quote, Source

_WEB_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


def panel(named: str, inner: str) -> str:
    """A part of the page, by the name it is read aloud with."""
    return f'<section class="evidence" aria-label="{in_html(named)}">{inner}</section>'


def headed(heading: str, inner: str) -> str:
    """A part of the page under a heading, which is its name too."""
    return panel(heading, f"<h2>{in_html(heading)}</h2>{inner}")


def byline(source: Source) -> str:
    """Publisher, author where known, date, and that the article was changed later."""
    published = source.published
    time = (
        f'<time datetime="{published.isoformat()}">{wording.day(published)}</time>'
        if published
        else f'<span class="unknown">{in_html(tr(wording.DATE_UNKNOWN))}</span>'
    )
    author = tr("By {author}", author=source.author) if source.author else ""
    parts = [_apart(wording.publisher(source)), _apart(author), time]
    changed = wording.changed(source)
    if changed:
        parts.append(f'<strong class="changed">{in_html(changed)}</strong>')
    return f'<p class="byline">{" · ".join(part for part in parts if part)}</p>'


def _apart(text: str) -> str:
    """The text escaped; one that runs from right to left does not turn what stands beside it."""
    return f"<bdi>{in_html(text)}</bdi>" if text else ""


def original(source: Source, quote: Quote | None = None) -> str:
    """A link to the article on the web, at the quote; only for http and https addresses."""
    url = source.url
    if not url or not _WEB_ADDRESS.fullmatch(url):
        return ""
    address = (link_to(quote) if quote and "#" not in url else None) or url
    words = tr("Open the original at the quote") if address != url else tr("Open the original")
    return (
        f'<a href="{in_html(address)}" target="_blank" rel="noopener noreferrer nofollow">'
        f"{in_html(words)}</a> "
    )


def button(words: str, **data: str) -> str:
    """A button that tells the page its data when it is pressed."""
    attributes = "".join(f' data-{name}="{in_html(value)}"' for name, value in data.items())
    return f'<button type="button" class="link"{attributes}>{in_html(words)}</button> '


def names(sources: tuple[Source, ...]) -> str:
    """The publishers of the sources, each once, in their order."""
    return ", ".join(dict.fromkeys(wording.publisher(source) for source in sources))


def with_code(text: str) -> str:
    """The text escaped, with what stands between backticks as code."""
    pieces = in_html(text).split("`")
    return "".join(
        f"<code>{piece}</code>" if number % 2 else piece for number, piece in enumerate(pieces)
    )
