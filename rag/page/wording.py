"""What the page says in words: dates, counts, source cards, verdicts and what was searched."""

from __future__ import annotations

import textwrap
from datetime import date

from rag.records import Claim, Coverage, DateNote, Hit, Outcome, Quote, Source, Verdict

_OPENING = 110  # characters: about a line and a half of the chat

UNTITLED = "Untitled article"
DATE_UNKNOWN = "date unknown"
PUBLISHER_UNKNOWN = "Publisher unknown"

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

VERDICTS = {
    Verdict.SUPPORTED: "Supported",
    Verdict.CONTRADICTED: "Contradicted by its source",
    Verdict.NOT_FOUND: "Not found in its source",
    Verdict.UNCHECKABLE: "Could not be checked",
}
OUTCOMES = {
    Outcome.ELSEWHERE: "the quote stands in another article",
    Outcome.NEAR_MISS: "the article says something close, not this",
    Outcome.NOT_FOUND: "the quote was not found",
}


def day(value: date | None) -> str:
    """`13 Sep 2023`, the same in every locale; "date unknown" for None."""
    return f"{value.day} {month(value)}" if value else DATE_UNKNOWN


def month(value: date) -> str:
    """`Sep 2023`."""
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
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def sentence(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def opening(text: str) -> str:
    """The first words of a text, cut between two words."""
    folded = " ".join(text.split())
    return textwrap.shorten(folded, _OPENING, placeholder="…")


def title(source: Source) -> str:
    return source.title or UNTITLED


def byline(source: Source) -> str:
    """Publisher, author where known, and date."""
    author = f"By {source.author}" if source.author else None
    parts = (source.publisher or PUBLISHER_UNKNOWN, author, day(source.published))
    return " · ".join(part for part in parts if part)


def collection(coverage: Coverage) -> str:
    """How many articles of how many publishers, and the months they span."""
    said = count(coverage.articles, "article")
    if coverage.publishers:
        said += f" of {count(coverage.publishers, 'publisher')}"
    dates = span(coverage.first, coverage.last)
    return f"{said}, {dates}" if dates else said


def searched(coverage: Coverage) -> str:
    """The line under an answer or a refusal: what stands behind it."""
    said = f"Searched {collection(coverage)}."
    if coverage.undated:
        left_out = count(coverage.undated, "undated article")
        said += f" {left_out} left out, because a date was asked for."
    return said


def found(hits: tuple[Hit, ...]) -> str:
    """How many passages of how many articles, and the months these span."""
    sources = {hit.passage.source.article_id: hit.passage.source for hit in hits}
    dates = [source.published for source in sources.values() if source.published]
    said = f"{count(len(hits), 'passage')} of {count(len(sources), 'article')}"
    covered = span(min(dates, default=None), max(dates, default=None))
    return f"{said}, {covered}" if covered else said


def standing(quote: Quote) -> str:
    """Where the quote stands; only what was found in the article has a place in it."""
    if quote.outcome is not Outcome.VERIFIED:
        return sentence(OUTCOMES[quote.outcome])
    return f"Exact quote: characters {quote.start:,} to {quote.end:,} of the article"


def verdict(claim: Claim) -> str:
    """The verdict in words, with its reason where one is given."""
    words = VERDICTS[claim.verdict]
    return f"{words}, {claim.reason}" if claim.reason else words


def derived(note: DateNote) -> str:
    """`Wednesday = 13 Sep 2023, derived`; a stretch of days shows both ends."""
    days = day(note.first)
    if note.last != note.first:
        days += f" – {day(note.last)}"
    return f"{note.text} = {days}, derived"
