"""A question put to the archive, as a conversation that grows until the answer is complete."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag import recorded
from rag.conversation import Conversation, Exchange
from rag.errors import DatelineError
from rag.page.tongue import later, tr
from rag.records import Answer, Turn

if TYPE_CHECKING:
    from rag.archive import Archive
    from rag.page.keeping import Keeping

_log = logging.getLogger(__name__)

# Passes the snapshots of an answer on, to see how it came about.
Watch = Callable[[Iterator[Answer]], Iterator[Answer]]

_UNFORESEEN = later(
    "Something went wrong while answering; the server's log says what. Please ask again."
)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: the archive that answers, what keeps the answer, and the reader it is kept for.

    `reader` is None for a browser that tells nobody who it is; nothing is kept then.
    """

    archive: Archive
    keeping: Keeping
    reader: str | None
    watch: Watch = iter


def asked(
    asker: Asker,
    conversation: Conversation,
    exchange: Exchange,
    *,
    instead_of: Sequence[Exchange] = (),
) -> Iterator[Conversation]:
    """The conversation with the question added, then with each snapshot of its answer.

    The question is kept before it is answered, so that it is there whatever happens; it takes the
    place of the exchanges in `instead_of`. What goes wrong becomes the exchange's error line;
    nothing is raised.
    """
    keeping, reader = asker.keeping, asker.reader
    turns = conversation.turns
    conversation = keeping.kept(conversation, exchange, reader, instead_of=instead_of)
    yield conversation
    if not exchange.running:
        return
    for grown in _answered(asker, exchange, turns):
        if grown.running:
            yield conversation.plus(grown)
        else:
            yield keeping.kept(conversation, grown, reader)
            return


def _answered(asker: Asker, exchange: Exchange, turns: Sequence[Turn]) -> Iterator[Exchange]:
    """The exchange with each snapshot of its answer; the last one is not running any more."""
    started = time.monotonic()
    try:
        snapshots = asker.archive.stream(
            exchange.question,
            turns=turns,
            filters=exchange.filters,
            options=recorded.options(exchange.settings),
        )
        for answer in asker.watch(snapshots):
            exchange = replace(exchange, answer=answer, seconds=time.monotonic() - started)
            yield exchange
    except DatelineError as error:
        yield replace(exchange, error=str(error))
    except Exception:
        # The border to the reader: a traceback belongs in the log, never on the page.
        _log.exception("the page could not answer")
        yield replace(exchange, error=tr(_UNFORESEEN))
