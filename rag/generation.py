"""A generation: the words and vectors of one state of the store, in a sealed folder.

words/  vectors/  and, written last, seal.json
"""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from rag.errors import IndexUnavailable
from rag.seal import Seal, is_whole, seal, seal_of
from rag.store import Store
from rag.vectors import Filling, Vectors
from rag.words import Words

# Passages held at once while a folder is filled.
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Generation:
    """One complete, searchable generation; `number` is the store's generation it holds.

    Whoever searches it keeps it open: its files are let go when the last one forgets it.
    """

    number: int
    token: str
    words: Words
    vectors: Vectors
    folder: Path

    def close(self) -> None:
        self.vectors.close()


def opened(folder: Path) -> Generation:
    """The generation in a folder.

    Raises:
        IndexUnavailable: a file of it is missing or is not as it was sealed.
    """
    sealed = seal_of(folder)
    if sealed is None or not is_whole(folder, sealed):
        raise IndexUnavailable(f"the index {folder} is damaged: run `rag rebuild`")
    words, vectors = Words(folder / "words"), Vectors(folder / "vectors")
    return Generation(sealed.generation, sealed.token, words, vectors, folder)


def made(parent: Path, store: Store, base: Path | None) -> Path:
    """A new sealed folder: a copy of the base with what changed since, or all from the store.

    Nothing is embedded: the store holds every vector.

    Raises:
        IndexUnavailable: it cannot be written.
    """
    number = store.generation()
    folder = parent / f"{number:09d}-{secrets.token_hex(4)}"
    try:
        since = _copied(base, folder)
        _fill(folder, store, since)
        seal(folder, generation=number, token=store.token(number) or "")
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise IndexUnavailable(
            f"the index in {parent} cannot be written ({error.strerror or error}): check free"
            " space and permissions; no article is lost"
        ) from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def descends(sealed: Seal, store: Store) -> bool:
    """Whether a sealed generation is of this store, and the store still knows what came after."""
    return (store.token(sealed.generation) or "") == sealed.token


def _copied(base: Path | None, folder: Path) -> int:
    """Copy a base, if it is as it was sealed; the generation it held, 0 for an empty folder."""
    sealed = seal_of(base) if base else None
    if base is None or sealed is None or not is_whole(base, sealed):
        folder.mkdir(parents=True)
        return 0
    shutil.copytree(base, folder, ignore=shutil.ignore_patterns("seal.json", "*.lock"))
    return sealed.generation


def _fill(folder: Path, store: Store, since: int) -> None:
    words, filling = Words(folder / "words"), Filling(folder / "vectors")
    try:
        if since:
            gone = store.removed_since(since)
            words.remove(gone)
            filling.remove(gone)
        for batch in store.added_since(since, batch=_BATCH):
            words.add(passage for passage, _ in batch)
            filling.add([passage for passage, _ in batch], [vector for _, vector in batch])
        words.commit()
        filling.finish()
    finally:
        filling.close()
