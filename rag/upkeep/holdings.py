"""What an archive holds, in figures: for whoever looks after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rag.errors import IndexUnavailable
from rag.indexes.index import Index
from rag.settings import Settings
from rag.store import Catalogue, Census


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is in the store and the bytes it takes on disk.

    `words` and `vectors` are those of every generation that is kept. `behind` is how many changes
    of the store the index lacks, None if it is damaged or not made yet.
    """

    census: Census
    store_bytes: int
    words_bytes: int
    vectors_bytes: int
    behind: int | None

    @property
    def health(self) -> str:
        """In a line: is all in step, and if not, what mends it."""
        if self.behind is None:
            return "damaged: run `rag doctor`" if self.census.articles else "empty"
        if self.behind:
            return f"behind by {self.behind}: the next question brings it up"
        return "in step"


def holdings(catalogue: Catalogue, index: Index, folder: Path) -> Holdings:
    """What the archive in a folder holds now; only looks."""
    kept = index.kept()
    return Holdings(
        census=catalogue.census(),
        store_bytes=_bytes(folder.glob("store.sqlite3*")),
        words_bytes=sum(_bytes((made / "words").rglob("*")) for made in kept),
        vectors_bytes=sum(_bytes((made / "vectors").rglob("*")) for made in kept),
        behind=index.behind(),
    )


def check_there(folder: Path, settings: Settings) -> None:
    """See that there is an archive to look after: opening one would make it.

    Raises:
        IndexUnavailable: the folder has no store, and the settings name no server.
    """
    if settings.store is not None or (folder / "store.sqlite3").exists():
        return
    if (folder / "generations").exists():
        raise IndexUnavailable(
            f"the store of the archive in {folder} is gone: put a copy of store.sqlite3 back, or"
            " use `rag restore FILE --replace`"
        )
    raise IndexUnavailable(f"there is no archive in {folder}: name another with --index")


def _bytes(paths: Iterable[Path]) -> int:
    """The sizes of those that are files; one that goes meanwhile counts nothing."""
    total = 0
    for path in paths:
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total
