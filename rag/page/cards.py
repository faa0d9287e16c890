"""The pieces of a source card that evidence, reader and catalog share, as HTML."""

from __future__ import annotations

import re
from urllib.parse import quote as percent_encoded

from rag.page import wording
from rag.page.escape import in_html
from rag.records import Source

_WEB_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_FRAGMENT_WORDS = 8  # a text fragment of the first words survives small edits of the web page


def byline(source: Source) -> str:
    """Publisher, author where known, and date."""
    published = source.published
    time = (
        f'<time datetime="{published.isoformat()}">{wording.day(published)}</time>'
        if published
        else f'<span class="unknown">{wording.DATE_UNKNOWN}</span>'
    )
    publisher = in_html(source.publisher or wording.PUBLISHER_UNKNOWN)
    author = f" · By {in_html(source.author)}" if source.author else ""
    return f'<p class="byline">{publisher}{author} · {time}</p>'


def original(source: Source, quoted: str = "") -> str:
    """A link to the article on the web, at the quote; only for http and https addresses."""
    url = source.url
    if not url or not _WEB_ADDRESS.fullmatch(url):
        return ""
    first_words = percent_encoded(" ".join(quoted.split()[:_FRAGMENT_WORDS]), safe="")
    address = f"{url}#:~:text={first_words}" if first_words and "#" not in url else url
    return (
        f'<a href="{in_html(address)}" target="_blank" rel="noopener noreferrer nofollow">'
        "Open the original</a> "
    )


def button(words: str, **data: str) -> str:
    """A button that tells the page its data when it is pressed."""
    attributes = "".join(f' data-{name}="{in_html(value)}"' for name, value in data.items())
    return f'<button type="button" class="link"{attributes}>{in_html(words)}</button> '
