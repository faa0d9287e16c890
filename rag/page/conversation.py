"""What one reader asked and was answered in one visit; the page is drawn from it alone."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace

from rag.records import Answer, Turn

_KEY_BYTES = 4


def _new_key() -> str:
    return f"t{secrets.token_hex(_KEY_BYTES)}"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what became of it.

    `key` starts the ids of its evidence and is unlike that of any other exchange. `answer` is the
    latest snapshot; `error` is the line shown instead of one. `seconds` counts from the question
    to that snapshot.
    """

    question: str
    key: str = field(default_factory=_new_key)
    answer: Answer | None = None
    error: str | None = None
    stopped: bool = False
    seconds: float = 0.0

    @property
    def running(self) -> bool:
        """Whether more is to come."""
        complete = self.answer is not None and self.answer.complete
        return not (complete or self.error or self.stopped)


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
