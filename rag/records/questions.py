"""What is asked, where it may be searched, and how it is to be answered."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from rag.records.articles import Source

# The voice that quotes sentences as they stand, without a chat model.
QUOTES = "quotes"


@dataclass(frozen=True, slots=True)
class Filters:
    """What may be searched. Undated articles never pass a date filter.

    Empty `publishers` and `articles` admit all; articles that are `without` never pass.
    """

    since: date | None = None
    until: date | None = None
    as_of: date | None = None
    publishers: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def last(self) -> date | None:
        """The latest day that may be searched: the earlier of `until` and `as_of`."""
        return min((day for day in (self.until, self.as_of) if day), default=None)

    def admits(self, source: Source) -> bool:
        """Whether an article with this source card may be searched."""
        if (self.since or self.last) and source.published is None:
            return False
        if self.since and source.published and source.published < self.since:
            return False
        if self.last and source.published and source.published > self.last:
            return False
        if self.publishers and (source.publisher or "").casefold() not in {
            name.casefold() for name in self.publishers
        }:
            return False
        if source.article_id in self.without:
            return False
        return not self.articles or source.article_id in self.articles


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched: a question that stands on its own.

    `question` is what was asked, `text` the standalone form of it. `parts` are the look-ups a
    question about several things is split into (empty when one is enough). `publishers` and
    `period` are named in the question and only prefer; `filters` decide. `newest` asks for the
    latest report first. `carried` are passage ids of earlier turns worth looking at again.
    `today` is the day that relative dates of the question count from. `notes` say in words what
    of the question became a filter.
    """

    question: str
    text: str
    filters: Filters
    today: date
    parts: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    period: tuple[date, date] | None = None
    newest: bool = False
    carried: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Strictness(enum.StrEnum):
    """How sure an answer must be before it is shown: see `rag.quoting.strictness`."""

    STRICT = "strict"
    BALANCED = "balanced"
    OPEN = "open"


class Unsupported(enum.StrEnum):
    """What becomes of a chat model's sentences that no passage bears out."""

    DROP = "drop"
    MARK = "mark"  # shown, and marked as not found


@dataclass(frozen=True, slots=True)
class Options:
    """How one question is to be answered, where that is not as the settings say.

    `voice` is who answers: `QUOTES`, or a chat model that the settings name; None for whom the
    settings choose. At most so many `passages` are read, None for as many as the settings say.
    """

    voice: str | None = None
    passages: int | None = None
    strictness: Strictness = Strictness.BALANCED


AS_CONFIGURED = Options()
