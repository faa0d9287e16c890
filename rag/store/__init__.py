"""The store of articles: the one truth, from which both indexes can be made again."""

from rag.store.database import Database
from rag.store.rows import Entry, Known, Origin, Vector, text_hash
from rag.store.store import Store

__all__ = ["Database", "Entry", "Known", "Origin", "Store", "Vector", "text_hash"]
