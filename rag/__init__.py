"""Dateline: questions to a news archive, answered in exact quotes of dated articles."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.archive import Archive, Status, ask, open_archive, open_seeds
    from rag.errors import DatelineError
    from rag.ingest import IngestReport, Progress
    from rag.records import (
        Answer,
        Article,
        Citation,
        Claim,
        Coverage,
        Filters,
        Hit,
        Outcome,
        Passage,
        Quote,
        Source,
        Turn,
        Verdict,
    )
    from rag.settings import Settings
    from rag.writing.scripted import ScriptedChat

_HOMES = {
    "rag.archive": ("Archive", "Status", "ask", "open_archive", "open_seeds"),
    "rag.errors": ("DatelineError",),
    "rag.ingest": ("IngestReport", "Progress"),
    "rag.records": (
        "Answer", "Article", "Citation", "Claim", "Coverage", "Filters", "Hit", "Outcome",
        "Passage", "Quote", "Source", "Turn", "Verdict",
    ),
    "rag.writing.scripted": ("ScriptedChat",),
    "rag.settings": ("Settings",),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Answer",
    "Archive",
    "Article",
    "Citation",
    "Claim",
    "Coverage",
    "DatelineError",
    "Filters",
    "Hit",
    "IngestReport",
    "Outcome",
    "Passage",
    "Progress",
    "Quote",
    "ScriptedChat",
    "Settings",
    "Source",
    "Status",
    "Turn",
    "Verdict",
    "ask",
    "open_archive",
    "open_seeds",
]


def __getattr__(name: str) -> Any:
    """Names come with the room they live in, so that importing any room stays light."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return __all__
