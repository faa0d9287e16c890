"""The checks of the index, and of what lies about that nothing needs any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.indexes.generation import descends
from rag.indexes.index import Index
from rag.indexes.seal import seal_of
from rag.records import Filters
from rag.settings import Settings
from rag.store import Store, Upkeep
from rag.upkeep.checks.check import Check, Seen, State
from rag.upkeep.probe import Probed, probed


@dataclass(frozen=True, slots=True)
class IndexChecks:
    """Looks at the index in a folder, and makes it again from the store."""

    index: Index
    store: Store
    upkeep: Upkeep
    folder: Path
    settings: Settings

    def all(self) -> Iterator[Check]:
        """The checks, each of what the ones after it stand on."""
        yield Check("index", self._files, self._refreshed)
        yield Check("counts", self._counts, self._remade)
        yield Check("leftovers", self._leftovers, self._tidied)

    def _files(self) -> Seen:
        behind = self.index.behind()
        if not self.store.generation():
            return Seen(State.OK, "none yet, as there are no articles")
        if behind is None or not self.index.is_whole():
            return Seen(State.WRONG, "a file of it is missing, damaged or of another store")
        if behind:
            said = f"behind the store by {behind}: the next question brings it up"
            return Seen(State.UNTIDY, said)
        return Seen(State.OK, "every file is as it was sealed, in step with the store")

    def _refreshed(self) -> str:
        self.index.refresh()
        return "brought up from the store"

    def _counts(self) -> Seen:
        if not self.store.generation():
            return Seen(State.OK, "no passages yet")
        if self.index.behind():
            return Seen(State.UNTIDY, "not counted while the index is behind")
        held = probed(self.folder, self.settings)
        if not isinstance(held, Probed):
            return Seen(State.WRONG, held)
        wanted = self.store.coverage(Filters()).passages
        said = f"{held.words:,} in the words, {held.vectors:,} in the vectors"
        if (held.words, held.vectors) != (wanted, wanted):
            return Seen(State.WRONG, f"{said}, {wanted:,} in the store")
        return Seen(State.OK, f"{said}, as in the store")

    def _remade(self) -> str:
        self.index.remake()
        return "made again from the store"

    def _leftovers(self) -> Seen:
        left = {
            "folders of old or unfinished indexes": len(self._spare()),
            "vectors of old texts": self.upkeep.unused_vectors(),
            "notes of old changes": self.upkeep.outdated(self.index.oldest()),
            "free pages": self.upkeep.free_pages(),
        }
        there = [f"{count:,} {name}" for name, count in left.items() if count]
        if there:
            return Seen(State.UNTIDY, f"{', '.join(there)}, which nothing needs")
        return Seen(State.OK, "none")

    def _tidied(self) -> str:
        self.index.discard_others()
        self.upkeep.drop_unused_vectors()
        self.upkeep.prune(self.index.oldest())
        if self.upkeep.compact():
            return "cleared"
        return "cleared; the store shrinks when nobody reads it"

    def _spare(self) -> list[Path]:
        """Folders that nobody opens: unfinished, of no use, or older than the one before."""
        others = self.index.kept()[1:]
        seals = {folder: seal_of(folder) for folder in others}
        useful = [folder for folder, held in seals.items() if held and descends(held, self.store)]
        return [folder for folder in others if folder not in useful[-1:]]
