"""What the page says in words: dates, counts, source cards, verdicts and what was searched."""

from __future__ import annotations

import textwrap
from datetime import date

from rag.page.tongue import Language, counted, later, spoken_now, tr
from rag.records import Claim, Coverage, DateNote, Hit, Outcome, Quote, Source, Verdict

_OPENING = 110  # characters: about a line and a half of the chat

# Constants are put through `tr` where they are shown.
UNTITLED = later("Untitled article")
DATE_UNKNOWN = later("date unknown")
PUBLISHER_UNKNOWN = later("Publisher unknown")

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

VERDICTS = {
    Verdict.SUPPORTED: later("Supported"),
    Verdict.CONTRADICTED: later("Contradicted by its source"),
    Verdict.NOT_FOUND: later("Not found in its source"),
    Verdict.UNCHECKABLE: later("Could not be checked"),
}
OUTCOMES = {
    Outcome.ELSEWHERE: later("the quote stands in another article"),
    Outcome.NEAR_MISS: later("the article says something close, not this"),
    Outcome.NOT_FOUND: later("the quote was not found"),
}


def day(value: date | None) -> str:
    """`13 Sep 2023` or `2023년 9월 13일`, whatever the locale; "date unknown" for None."""
    if value is None:
        return tr(DATE_UNKNOWN)
    if spoken_now() is Language.KOREAN:
        return f"{month(value)} {value.day}일"
    return f"{value.day} {month(value)}"


def month(value: date) -> str:
    """`Sep 2023` or `2023년 9월`."""
    if spoken_now() is Language.KOREAN:
        return f"{value.year}년 {value.month}월"
    return f"{_MONTHS[value.month - 1]} {value.year}"


def span(first: date | None, last: date | None) -> str:
    """From month to month, or the one month or day; empty when either end is unknown."""
    if first is None or last is None:
        return ""
    if first == last:
        return day(first)
    if month(first) == month(last):
        return month(first)
    return f"{month(first)} – {month(last)}"


def count(number: int, noun: str) -> str:
    """`1 article`, `1,204 articles`."""
    return counted(number, noun)


def sentence(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def opening(text: str) -> str:
    """The first words of a text, cut between two words, with no stop before the cut."""
    folded = " ".join(text.split())
    if len(folded) <= _OPENING:
        return folded
    return textwrap.shorten(folded, _OPENING, placeholder="").rstrip(" .,;:") + "…"


def title(source: Source) -> str:
    return source.title or tr(UNTITLED)


def publisher(source: Source) -> str:
    return source.publisher or tr(PUBLISHER_UNKNOWN)


def byline(source: Source) -> str:
    """Publisher, author where known, date, and that the article was changed later."""
    author = tr("By {author}", author=source.author) if source.author else None
    parts = (publisher(source), author, day(source.published), changed(source))
    return " · ".join(part for part in parts if part)


def changed(source: Source) -> str:
    """`corrected on 5 May 2024`, `updated 5 May 2024`; empty where neither is known.

    The day of a correction that the article does not state is the day it was met: no later one.
    """
    if source.corrected and source.corrected == source.modified:
        return tr("corrected on {day}", day=day(source.corrected))
    if source.corrected:
        return tr("corrected on or before {day}", day=day(source.corrected))
    if source.modified and source.modified != source.published:
        return tr("updated {day}", day=day(source.modified))
    return ""


def collection(coverage: Coverage) -> str:
    """How many articles of how many publishers, and the months they span."""
    return holdings(coverage.articles, coverage.publishers, coverage.first, coverage.last)


def holdings(articles: int, publishers: int, first: date | None, last: date | None) -> str:
    """`412 articles of 9 publishers, Jan 2021 – Jun 2024`, as far as it is known."""
    said = count(articles, "article")
    if publishers:
        of = count(publishers, "publisher")
        said = tr("{articles} of {publishers}", articles=said, publishers=of)
    dates = span(first, last)
    return f"{said}, {dates}" if dates else said


def searched(coverage: Coverage) -> str:
    """The line under an answer or a refusal: what stands behind it."""
    said = tr("Searched {collection}.", collection=collection(coverage))
    if coverage.undated:
        left_out = count(coverage.undated, "undated article")
        because = tr("{articles} left out, because a date was asked for.", articles=left_out)
        said += f" {because}"
    return said


def found(hits: tuple[Hit, ...]) -> str:
    """How many passages of how many articles, and the months these span."""
    sources = {hit.passage.source.article_id: hit.passage.source for hit in hits}
    dates = [source.published for source in sources.values() if source.published]
    said = tr(
        "{passages} of {articles}",
        passages=count(len(hits), "passage"),
        articles=count(len(sources), "article"),
    )
    covered = span(min(dates, default=None), max(dates, default=None))
    return f"{said}, {covered}" if covered else said


def standing(quote: Quote) -> str:
    """Where the quote stands; only what was found in the article has a place in it."""
    if quote.outcome is not Outcome.VERIFIED:
        return sentence(tr(OUTCOMES[quote.outcome]))
    return tr(
        "Exact quote: characters {start} to {end} of the article",
        start=f"{quote.start:,}",
        end=f"{quote.end:,}",
    )


def verdict(claim: Claim) -> str:
    """The verdict in words, with its reason where one is given."""
    words = tr(VERDICTS[claim.verdict])
    # Of what is said below the page a few are fixed; the others are in no catalogue, and stay.
    return f"{words}, {tr(claim.reason)}" if claim.reason else words


def derived(note: DateNote) -> str:
    """`Wednesday = 13 Sep 2023, derived`; a stretch of days shows both ends."""
    days = day(note.first)
    if note.last != note.first:
        days += f" – {day(note.last)}"
    return tr("{words} = {days}, derived", words=note.text, days=days)
