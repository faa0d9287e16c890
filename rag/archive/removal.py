"""Taking articles out of an archive: unread from now on, or forgotten to the last byte."""

from __future__ import annotations

from collections.abc import Sequence

from rag.errors import IndexBusy, ReadError
from rag.wiring import Parts


def remove(parts: Parts, ids: Sequence[str]) -> None:
    """Have the articles neither read nor found any more; their versions stay in the history.

    Raises:
        ReadError: one of them was removed before; then none is removed.
        IndexBusy: another process is writing to this archive.
    """
    live = parts.store.known(ids)
    missing = [article_id for article_id in ids if article_id not in live]
    if missing:
        raise ReadError(f"{missing[0]!r} was removed before; only its history is left")
    with parts.index.writing():
        parts.store.remove(ids)
        parts.index.refresh()


def forget(parts: Parts, ids: Sequence[str]) -> None:
    """Delete the articles with all that holds a word of them, what conversations quote included.

    Raises:
        IndexBusy: another process is writing, or reads all the while.
    """
    with parts.index.writing():
        for article_id in ids:
            parts.conversations.forget(article_id)
            parts.feedback.forget(article_id)
        parts.upkeep.forget(ids)
        parts.index.remake()
        parts.index.discard_others()
        if not parts.upkeep.compact():
            raise IndexBusy(
                "the articles are forgotten, but another process reads the store and keeps its"
                " old pages: run `rag doctor` when it is done"
            )
