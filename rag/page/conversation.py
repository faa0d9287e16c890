"""What one reader asked and was answered in one visit; the page is drawn from it alone."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace

from rag.records import Answer, Citation, Filters, Turn

_KEY_BYTES = 4
_NO_FILTERS = Filters()


def _new_key() -> str:
    return f"t{secrets.token_hex(_KEY_BYTES)}"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what became of it.

    `key` starts the ids of its evidence and is unlike that of any other exchange. `answer` is the
    latest snapshot; `error` is the line shown instead of one. `seconds` counts from the question
    to that snapshot. `filters` are what the reader limited the search to.
    """

    question: str
    key: str = field(default_factory=_new_key)
    answer: Answer | None = None
    error: str | None = None
    stopped: bool = False
    seconds: float = 0.0
    filters: Filters = _NO_FILTERS

    @property
    def running(self) -> bool:
        """Whether more is to come."""
        complete = self.answer is not None and self.answer.complete
        return not (complete or self.error or self.stopped)

    def citation(self, marker: int) -> Citation | None:
        """What the marker stands for in the answer or in the sides of a disagreement."""
        if self.answer is None:
            return None
        sides = [side for conflict in self.answer.conflicts for side in conflict.sides]
        cited = [*self.answer.citations, *sides]
        return next((c for c in cited if c.marker == marker), None)


@dataclass(frozen=True, slots=True)
class Conversation:
    """Exchanges, oldest first."""

    exchanges: tuple[Exchange, ...] = ()

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
        return Conversation(self.exchanges[:position])

    def plus(self, exchange: Exchange) -> Conversation:
        """With the exchange added, or put in the place of the one that has its key."""
        others = tuple(e for e in self.exchanges if e.key != exchange.key)
        return Conversation((*others, exchange))

    def stopped(self) -> Conversation:
        """With an unfinished last exchange marked as stopped by the reader."""
        if self.last is None or not self.last.running:
            return self
        return self.plus(replace(self.last, stopped=True))
