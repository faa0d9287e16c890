"""What is noticed of articles as they are stored: copies of a report, words to a machine."""

from __future__ import annotations

from collections.abc import Sequence

from rag.quoting.flagging import instructions
from rag.records import Article
from rag.store import Store


class Noticed:
    """Counts over one ingest; see `IngestReport`."""

    def __init__(self) -> None:
        self.copies = 0
        self.flagged = 0

    def look(self, store: Store, stored: Sequence[Article]) -> None:
        """Look at articles that were just stored, all of a batch at once."""
        self.flagged += sum(bool(instructions(article.text)) for article in stored)
        fresh = {article.id for article in stored}
        found = store.copies(fresh)
        reports = {frozenset((key, *(c.article_id for c in found[key]))) for key in found}
        # Of a report that is new itself, one article is the report and the others its copies.
        self.copies += sum(len(each & fresh) - (each <= fresh) for each in reports)
