"""What the doctor looks at, part by part, and how each part is mended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rag.settings import Settings
from rag.store import Upkeep
from rag.upkeep.checks.check import Check, Seen, State
from rag.upkeep.checks.index import IndexChecks
from rag.upkeep.checks.machine import of_machine
from rag.upkeep.checks.passages import PassageChecks
from rag.upkeep.checks.store import StoreChecks
from rag.wiring import Parts

__all__ = ["Check", "Seen", "State", "of_archive", "of_machine"]


def of_archive(parts: Parts, upkeep: Upkeep, folder: Path, settings: Settings) -> Iterator[Check]:
    """The checks of an archive, from the ground up; whoever mends holds the write lock."""
    yield from StoreChecks(parts, upkeep).all()
    yield from PassageChecks(parts, upkeep, settings).all()
    yield from IndexChecks(parts.index, parts.store, upkeep, folder, settings).all()
