"""The words of the house: what is stored, what is found, what is answered.

Every record is frozen. Offsets count characters (Unicode code points) of `Article.text`, start
inclusive and end exclusive. What is not known is None; nothing is invented to fill a field.
"""

from rag.records.answers import (
    CANNOT_ANSWER,
    Answer,
    Coverage,
    Draft,
    PastTurn,
    Receipt,
    Turn,
    Usage,
)
from rag.records.articles import Article, Hit, Passage, Source
from rag.records.claims import Citation, Claim, Conflict, DateNote, Outcome, Quote, Verdict
from rag.records.questions import (
    AS_CONFIGURED,
    QUOTES,
    Filters,
    Options,
    Query,
    Strictness,
    Unsupported,
)

__all__ = [
    "AS_CONFIGURED",
    "CANNOT_ANSWER",
    "QUOTES",
    "Answer",
    "Article",
    "Citation",
    "Claim",
    "Conflict",
    "Coverage",
    "DateNote",
    "Draft",
    "Filters",
    "Hit",
    "Options",
    "Outcome",
    "Passage",
    "PastTurn",
    "Query",
    "Quote",
    "Receipt",
    "Source",
    "Strictness",
    "Turn",
    "Unsupported",
    "Usage",
    "Verdict",
]
