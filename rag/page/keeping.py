"""Keeping a conversation beside the answering: never long in its way, and never its failure."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.conversation import Conversation, Exchange, new_id
from rag.errors import DatelineError
from rag.page.tongue import later, tr

if TYPE_CHECKING:
    from rag.archive import Archive

_log = logging.getLogger(__name__)

# Somebody who adds articles may hold the store for longer; then it is written when it is free.
_PATIENCE = 0.5  # seconds that an answer waits for it

_NO_COOKIE = later("This conversation is not kept, because the browser takes no cookies.")
_UNWRITABLE = later(
    "This conversation is not kept, because the archive's folder cannot be written now."
)


class Keeping:
    """Writes what is asked and answered, one after the other, in a thread of its own."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="conversations")

    def kept(
        self,
        conversation: Conversation,
        exchange: Exchange,
        reader: str | None,
        *,
        instead_of: Sequence[Exchange] = (),
    ) -> Conversation:
        """The conversation with the exchange in it, kept, or saying why it is not."""
        grown = conversation.plus(exchange)
        if reader is None:
            return replace(grown, unkept=tr(_NO_COOKIE))
        key = conversation.id or new_id()
        gone = [one.key for one in instead_of]

        def keep() -> None:
            self._archive.conversations.keep(key, exchange, reader, instead_of=gone)

        return replace(grown, id=key, unkept=self._written(keep))

    def taken_back(
        self, conversation: Conversation, gone: Sequence[Exchange], reader: str | None
    ) -> None:
        """See that exchanges which are not in the conversation any more are not kept either."""
        key = conversation.id
        if key is None or reader is None:
            return
        keys = [exchange.key for exchange in gone]
        self._written(lambda: self._archive.conversations.take_back(key, keys, reader))

    def _written(self, write: Callable[[], None]) -> str | None:
        """None once it is written, or will be; else why not, for the reader."""
        writing = self._writer.submit(_logged, write)
        try:
            writing.result(_PATIENCE)
        except TimeoutError:
            return None
        except DatelineError:
            return tr(_UNWRITABLE)
        return None


def _logged(write: Callable[[], None]) -> None:
    try:
        write()
    except DatelineError as error:
        _log.warning("a conversation is not kept: %s", error)
        raise
