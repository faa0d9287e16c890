"""What one reader asked and was answered; the page is drawn from it, the store keeps it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from rag.records import Answer, Citation, Filters, Turn

_KEY_BYTES = 12  # no two exchanges of all readers have the same
_TITLE = 80  # characters of the first question that name a conversation
_NO_FILTERS = Filters()


def _new_key() -> str:
    return f"t{secrets.token_hex(_KEY_BYTES)}"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what became of it.

    `key` starts the ids of its evidence and is unlike that of any other exchange. `answer` is the
    latest snapshot; `error` is the line shown instead of one. `stopped` was by the reader,
    `cut_short` by a server that ended or a page that was closed. `seconds` counts from the question
    to that snapshot. `filters` are what the reader limited the search to, `settings` whatever else
    was chosen for this question, as JSON values.
    """

    question: str
    key: str = field(default_factory=_new_key)
    answer: Answer | None = None
    error: str | None = None
    stopped: bool = False
    seconds: float = 0.0
    filters: Filters = _NO_FILTERS
    settings: Mapping[str, Any] = field(default_factory=dict)
    cut_short: bool = False

    @property
    def running(self) -> bool:
        """Whether more is to come."""
        return not (self.complete or self.error or self.stopped or self.cut_short)

    @property
    def complete(self) -> bool:
        """Whether the answer is all there."""
        return self.answer is not None and self.answer.complete

    def citation(self, marker: int) -> Citation | None:
        """What the marker stands for in the answer or in the sides of a disagreement."""
        if self.answer is None:
            return None
        sides = [side for conflict in self.answer.conflicts for side in conflict.sides]
        cited = [*self.answer.citations, *sides]
        return next((c for c in cited if c.marker == marker), None)


@dataclass(frozen=True, slots=True)
class Conversation:
    """Exchanges, oldest first; `id` is what the store knows it by, None before it is kept.

    `unkept` says to the reader why it is not, where it should be.
    """

    exchanges: tuple[Exchange, ...] = ()
    id: str | None = None
    unkept: str | None = None

    @property
    def last(self) -> Exchange | None:
        return self.exchanges[-1] if self.exchanges else None

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The finished exchanges, as the chain wants them."""
        return tuple(
            Turn(exchange.question, exchange.answer)
            for exchange in self.exchanges
            if exchange.answer is not None and exchange.answer.complete
        )

    def exchange(self, key: str) -> Exchange | None:
        """The exchange of this key."""
        return next((e for e in self.exchanges if e.key == key), None)

    def before(self, position: int) -> Conversation:
        """The first `position` exchanges."""
        return replace(self, exchanges=self.exchanges[:position])

    def plus(self, exchange: Exchange) -> Conversation:
        """With the exchange added, or put in the place of the one that has its key."""
        if self.exchange(exchange.key) is None:
            return replace(self, exchanges=(*self.exchanges, exchange))
        mended = tuple(exchange if e.key == exchange.key else e for e in self.exchanges)
        return replace(self, exchanges=mended)

    def stopped(self) -> Conversation:
        """With an unfinished last exchange marked as stopped by the reader."""
        if self.last is None or not self.last.running:
            return self
        return self.plus(replace(self.last, stopped=True))


@dataclass(frozen=True, slots=True)
class Heading:
    """A conversation in a list; `exchanges` counts them, `changed` is in UTC without a zone."""

    id: str
    title: str
    changed: datetime
    exchanges: int


def new_id() -> str:
    """The id of a new conversation; nobody guesses it."""
    return secrets.token_urlsafe(16)


def title_of(question: str) -> str:
    """What a conversation that begins with this question is called until somebody renames it."""
    folded = " ".join(question.split())
    return folded if len(folded) <= _TITLE else f"{folded[:_TITLE].rstrip()}…"
