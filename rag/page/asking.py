"""A question put to the archive, as a conversation that grows until the answer is complete."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.errors import DatelineError
from rag.page.conversation import Conversation, Exchange
from rag.records import Filters

if TYPE_CHECKING:
    from rag.archive import Archive

_log = logging.getLogger(__name__)

_UNFORESEEN = "Something went wrong while answering; the server's log says what. Please ask again."


def asked(
    archive: Archive, conversation: Conversation, question: str, filters: Filters
) -> Iterator[Conversation]:
    """The conversation with the question added, then with each snapshot of its answer.

    What goes wrong becomes the exchange's error line; nothing is raised.
    """
    exchange = Exchange(question, filters=filters)
    yield conversation.plus(exchange)
    started = time.monotonic()
    try:
        for answer in archive.stream(question, turns=conversation.turns, filters=filters):
            seconds = time.monotonic() - started
            exchange = replace(exchange, answer=answer, seconds=seconds)
            yield conversation.plus(exchange)
    except DatelineError as error:
        yield conversation.plus(replace(exchange, error=str(error)))
    except Exception:
        # The border to the reader: a traceback belongs in the log, never on the page.
        _log.exception("the page could not answer")
        yield conversation.plus(replace(exchange, error=_UNFORESEEN))
