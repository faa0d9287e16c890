"""What an answer says and what it says it by: claims, citations, quotes."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from rag.records.articles import Passage, Source


class Outcome(enum.StrEnum):
    """What became of looking a quotation up in the articles."""

    VERIFIED = "verified"
    ELSEWHERE = "elsewhere"  # real, but in another article than the one cited
    NEAR_MISS = "near miss"  # the article says something close, not this
    NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True)
class DateNote:
    """A relative date in a quote ("on Wednesday"), resolved; always shown as derived.

    `start` and `end` are offsets in the article; `first` and `last` are the days meant, both
    included, equal for a single day.
    """

    start: int
    end: int
    text: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Quote:
    """Exact characters of an article: `article.text[start:end] == text` when verified.

    `short` are the offsets, in the article too, of the likely short answer inside the quote;
    `speaker` is who is quoted in it, None where nobody is or nobody is named.
    """

    source: Source
    start: int
    end: int
    text: str
    outcome: Outcome = Outcome.VERIFIED
    short: tuple[int, int] | None = None
    speaker: str | None = None
    dates: tuple[DateNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A marker, the quote it stands for and the passage the quote was found in.

    `marker` is the number in `[n]`, unique in its answer.
    """

    marker: int
    quote: Quote
    passage: Passage

    @property
    def source(self) -> Source:
        return self.quote.source


class Verdict(enum.StrEnum):
    """Whether the passages that a claim cites support it."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not found"
    UNCHECKABLE = "uncheckable"


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer, what it cites, and whether that supports it."""

    text: str
    citations: tuple[Citation, ...] = ()
    verdict: Verdict = Verdict.UNCHECKABLE
    reason: str = ""

    @property
    def marked_text(self) -> str:
        """The sentence with its markers: `… in 2016. [1][2]`."""
        markers = "".join(f"[{citation.marker}]" for citation in self.citations)
        return f"{self.text} {markers}".strip()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Articles that give different values for the same thing, oldest first."""

    about: str
    sides: tuple[Citation, ...]
    reason: str
