"""The whole of a stored article as HTML, with a quote marked in it."""

from __future__ import annotations

from rag.page.cards import byline, original
from rag.page.escape import in_html
from rag.page.highlight import Mark, marked
from rag.page.wording import title
from rag.records import Article

_CHANGED = (
    "The article has changed since this answer was given: the quote does not stand in it any more."
)


def read(article: Article, *, quoted: str = "", start: int = 0, back: str = "") -> str:
    """The article; `quoted` is marked where it stands, at `start` or wherever it is now.

    `back` is HTML for the way back to where the reader came from.
    """
    at = start if article.text[start : start + len(quoted)] == quoted else -1
    if at < 0:
        at = article.text.find(quoted)
    marks = [Mark(at, at + len(quoted), "mark")] if quoted and at >= 0 else []
    changed = f'<p class="verdict uncheckable">{_CHANGED}</p>' if quoted and at < 0 else ""
    return (
        f'<section class="evidence" aria-label="Article">{back}'
        '<article class="card reader" id="reader" tabindex="-1" aria-labelledby="reader-title">'
        f'<h2 id="reader-title">{in_html(title(article.source))}</h2>'
        f"{byline(article.source)}{changed}"
        f"<blockquote>{marked(article.text, marks)}</blockquote>"
        f'<p class="links">{original(article.source, quoted)}</p></article></section>'
    )
