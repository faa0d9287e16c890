"""The articles of the archive as HTML: a list to read from, and how they lie in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from rag.page import wording
from rag.page.cards import button, byline
from rag.page.escape import in_html
from rag.records import Hit, Source

LISTED = 50
_MOST_BARS = 36  # months; a longer span is shown by year


def listing(sources: Sequence[Source]) -> str:
    """The newest articles, at most `LISTED`, undated ones last."""
    newest = sorted(sources, key=lambda source: source.published or date.min, reverse=True)
    shown = newest[:LISTED]
    items = "".join(f"<li>{_entry(source)}</li>" for source in shown)
    total = wording.count(len(sources), "article")
    heading = total if len(shown) == len(sources) else f"The newest {len(shown)} of {total}"
    return _section(heading, f'<ol class="others">{items}</ol>' if items else "")


def found(hits: Sequence[Hit]) -> str:
    """The articles of the hits, best first, each with its best passage."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.passage.source.article_id, hit)
    items = "".join(
        f"<li>{_entry(hit.passage.source, hit.passage.text)}</li>" for hit in best.values()
    )
    heading = f"{wording.count(len(best), 'article')} found" if best else "Nothing found"
    return _section(heading, f'<ol class="others">{items}</ol>' if items else "")


def notice(words: str) -> str:
    """One line in place of a list."""
    return _section("Articles", f'<p class="hint">{in_html(words)}</p>')


def timeline(sources: Sequence[Source]) -> str:
    """How many articles each month, or each year of a long span, as bars with their numbers."""
    days = [source.published for source in sources if source.published]
    if not days:
        return ""
    by_month = (max(days).year - min(days).year) * 12 + max(days).month - min(days).month
    name = wording.month if by_month < _MOST_BARS else (lambda value: str(value.year))
    counts = Counter(name(value) for value in sorted(days))
    most = max(counts.values())
    bars = "".join(
        f'<li><span class="when">{in_html(when)}</span>'
        f'<span class="bar" style="width: {round(60 * number / most, 1)}%"></span>'
        f'<span class="many">{number:,}</span></li>'
        for when, number in counts.items()
    )
    undated = len(sources) - len(days)
    note = f"<p>{wording.count(undated, 'article')} without a date</p>" if undated else ""
    return _section("Over time", f'<ol class="timeline">{bars}</ol>{note}')


def _entry(source: Source, passage: str = "") -> str:
    excerpt = f"<blockquote>{in_html(passage)}</blockquote>" if passage else ""
    return (
        f"<h3>{in_html(wording.title(source))}</h3>{byline(source)}{excerpt}"
        f'<p class="links">{button("Read the article", article=source.article_id)}</p>'
    )


def _section(heading: str, inner: str) -> str:
    return (
        f'<section class="evidence" aria-label="{in_html(heading)}">'
        f"<h2>{in_html(heading)}</h2>{inner}</section>"
    )
