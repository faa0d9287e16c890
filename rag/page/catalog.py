"""The articles of the archive as HTML: a list to read from, and how they lie in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from rag.page import wording
from rag.page.cards import button, byline, headed, names
from rag.page.escape import in_html
from rag.page.tongue import tr
from rag.records import Hit, Source

LISTED = 50  # articles more at each press of "Show more"
_MOST_BARS = 36  # months; a longer span is shown by year, a longer one still without empty years

Copies = Mapping[str, Sequence[Source]]
NO_COPIES: Copies = {}


def listing(sources: Sequence[Source], total: int, copies: Copies = NO_COPIES) -> str:
    """Articles in their order, of `total`, and a button for more of them."""
    items = "".join(
        _item(number, source, "", copies) for number, source in enumerate(sources, start=1)
    )
    said = wording.count(total, "article")
    if len(sources) < total:
        said = tr("The newest {shown} of {articles}", shown=f"{len(sources):,}", articles=said)
    return headed(said, _listed(items) + _more(len(sources), total))


def found(hits: Sequence[Hit], copies: Copies = NO_COPIES) -> str:
    """The articles that hold words that were searched, best first, each with its best passage.

    Those that come near by their meaning alone are shown where there are no others.
    """
    holding = [hit for hit in hits if "words" in hit.legs]
    best: dict[str, Hit] = {}
    for hit in holding or hits:
        best.setdefault(hit.passage.source.article_id, hit)
    items = "".join(
        _item(number, hit.passage.source, hit.passage.text, copies)
        for number, hit in enumerate(best.values(), start=1)
    )
    if not best:
        return headed(tr("Nothing found"), "")
    heading = tr("{articles} found", articles=wording.count(len(best), "article"))
    near = tr("No article holds these words; these come near in meaning.")
    note = "" if holding else f'<p class="hint">{in_html(near)}</p>'
    return headed(heading, note + _listed(items))


def notice(words: str) -> str:
    """One line in place of a list."""
    return headed(tr("Articles"), f'<p class="hint">{in_html(words)}</p>')


def timeline(sources: Sequence[Source]) -> str:
    """How many articles each month, or each year of a long span, as bars with their numbers.

    A month or year is a button that limits the list to it.
    """
    days = [source.published for source in sources if source.published]
    if not days:
        return ""
    months = (max(days).year - min(days).year) * 12 + max(days).month - min(days).month
    by_month = months < _MOST_BARS
    counts = Counter(_start(value, by_month) for value in sorted(days))
    most = max(counts.values())
    shown = list(_between(min(counts), max(counts), by_month))
    starts = shown if len(shown) <= _MOST_BARS else counts
    bars = "".join(_bar(start, counts[start], most, by_month) for start in starts)
    undated = len(sources) - len(days)
    without = tr("{articles} without a date", articles=wording.count(undated, "article"))
    note = f"<p>{in_html(without)}</p>" if undated else ""
    return headed(tr("Over time"), f'<ol class="timeline">{bars}</ol>{note}')


def _start(value: date, by_month: bool) -> date:
    return value.replace(day=1) if by_month else value.replace(month=1, day=1)


def _between(first: date, last: date, by_month: bool) -> Iterator[date]:
    """The starts of the months or years from the first to the last, those without articles too."""
    while first <= last:
        yield first
        month = first.month % 12 + 1 if by_month else 1
        first = date(first.year + (month == 1), month, 1)


def _bar(start: date, number: int, most: int, by_month: bool) -> str:
    when = wording.month(start) if by_month else str(start.year)
    typed = f"{start:%Y-%m}" if by_month else str(start.year)
    limit = button(when, when=typed)
    return (
        f'<li>{limit}<span class="bar" style="width: {round(60 * number / most, 1)}%"></span>'
        f'<span class="many">{in_html(wording.count(number, "article"))}</span></li>'
    )


def _more(shown: int, total: int) -> str:
    if shown >= total:
        return ""
    more = min(LISTED, total - shown)
    words = tr("Show {count} more", count=more)
    return (
        f'<p class="more"><button type="button" class="push" data-more="{shown + more}" '
        f'data-then="entry-{shown + 1}">{in_html(words)}</button></p>'
    )


def _listed(items: str) -> str:
    return f'<ol class="others">{items}</ol>' if items else ""


def _item(number: int, source: Source, passage: str, copies: Copies) -> str:
    excerpt = f"<blockquote>{in_html(passage)}</blockquote>" if passage else ""
    others = tuple(copies.get(source.article_id, ()))
    carried = ""
    if others:
        said = tr(
            "Carried by {articles}: {publishers}",
            articles=wording.count(len(others), "more article"),
            publishers=names(others),
        )
        carried = f'<p class="hint">{in_html(said)}</p>'
    known = "" if source.title else f'<p class="hint">{in_html(source.article_id)}</p>'
    versions = tr("Read the article and its versions") if source.corrected else ""
    read = button(versions or tr("Read the article"), article=source.article_id)
    return (
        f'<li id="entry-{number}" tabindex="-1"><h3>{in_html(wording.title(source))}</h3>'
        f'{known}{byline(source)}{carried}{excerpt}<p class="links">{read}</p></li>'
    )
