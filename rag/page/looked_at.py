"""What a reader looks at beside an answer: its evidence, an article, what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rag.conversation import Conversation, Exchange
from rag.errors import DatelineError
from rag.page import evidence
from rag.page.opened import opened
from rag.page.reader import read
from rag.page.wording import sentence

if TYPE_CHECKING:
    from rag.archive import Archive

# What a button of the evidence tells when it opens an article.
_OPENS = frozenset({"marker", "hit", "article"})


def looked_at(
    archive: Archive, conversation: Conversation, exchange: Exchange, wanted: Mapping[str, str]
) -> tuple[str, str | None]:
    """What a pressed button shows as HTML, and the exchange's key if that is its evidence."""
    tab = evidence.LEFT_OUT if "article" in wanted else evidence.CITED
    back = evidence.back(exchange, tab=tab)
    try:
        if _OPENS & wanted.keys():
            return read(opened(archive, wanted, exchange=exchange, back=back)), None
        if wanted.get("tab") == evidence.LEFT_OUT and exchange.answer is not None:
            position = conversation.exchanges.index(exchange)
            out = archive.left_out(
                exchange.answer,
                turns=conversation.before(position).turns,
                filters=exchange.filters,
            )
            return evidence.panel(exchange, out), exchange.key
    except DatelineError as error:
        return evidence.notice(sentence(str(error)), back), None
    return evidence.panel(exchange), exchange.key
