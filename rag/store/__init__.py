"""The store of articles: the one truth, from which both indexes can be made again."""

from rag.store.catalogue import Catalogue, Census, Listed
from rag.store.conversations import Conversations
from rag.store.database import Database
from rag.store.feedback import Feedback
from rag.store.keys import Keys
from rag.store.rows import Entry, Known, Origin, Vector, text_hash
from rag.store.store import Store
from rag.store.upkeep import Upkeep

__all__ = [
    "Catalogue",
    "Census",
    "Conversations",
    "Database",
    "Entry",
    "Feedback",
    "Keys",
    "Known",
    "Listed",
    "Origin",
    "Store",
    "Upkeep",
    "Vector",
    "text_hash",
]
