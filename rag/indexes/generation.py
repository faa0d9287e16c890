"""A generation: the words and vectors of one state of the store, in a sealed folder.

words/  vectors/  and, written last, seal.json

Where the vectors are served by a Chroma server, the folder holds the words alone.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rag.errors import IndexUnavailable
from rag.indexes.seal import Seal, is_whole, seal, seal_of
from rag.indexes.vectors import Filling, Vectors
from rag.indexes.words import Words
from rag.store import Store

# Passages held at once while a folder is filled.
_BATCH = 2_000
_VECTORS = "vectors"


class Nearest(Protocol):
    """Passages, found by meaning, wherever their vectors are."""

    def count(self) -> int: ...
    def search(self, vector: Sequence[float], *, limit: int) -> list[tuple[str, float]]: ...


@dataclass(frozen=True, slots=True)
class Generation:
    """One complete, searchable generation; `number` is the store's generation it holds.

    Whoever searches it keeps it open: its files are let go when the last one forgets it.
    """

    number: int
    token: str
    words: Words
    vectors: Nearest
    folder: Path

    def close(self) -> None:
        if isinstance(self.vectors, Vectors):
            self.vectors.close()


def opened(folder: Path, served: Nearest | None) -> Generation:
    """The generation in a folder, its vectors there too unless they are served.

    Raises:
        IndexUnavailable: a file of it is missing or is not as it was sealed.
    """
    sealed = seal_of(folder)
    if sealed is None or not fits(sealed, served) or not is_whole(folder, sealed):
        raise IndexUnavailable(f"the index {folder} is damaged: run `rag rebuild`")
    words, vectors = Words(folder / "words"), served or Vectors(folder / _VECTORS)
    return Generation(sealed.generation, sealed.token, words, vectors, folder)


def made(parent: Path, store: Store, base: Path | None, served: Nearest | None) -> Path:
    """A new sealed folder: a copy of the base with what changed since, or all from the store.

    Nothing is embedded: the store holds every vector. A change that others make to the store
    meanwhile may be in it in part; it is done again when the folder is brought up to it.

    Raises:
        IndexUnavailable: it cannot be written.
    """
    number, token = store.change()
    folder = parent / f"{number:09d}-{secrets.token_hex(4)}"
    try:
        since = _copied(base, folder)
        _fill(folder, store, since, served)
        seal(folder, generation=number, token=token)
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


def fits(sealed: Seal, served: Nearest | None) -> bool:
    """Whether a sealed folder holds vectors just where none are served."""
    has_vectors = any(name.startswith(f"{_VECTORS}/") for name in sealed.files)
    return has_vectors == (served is None)


def _copied(base: Path | None, folder: Path) -> int:
    """Copy a base, if it is as it was sealed; the generation it held, 0 for an empty folder."""
    sealed = seal_of(base) if base else None
    if base is None or sealed is None or not is_whole(base, sealed):
        folder.mkdir(parents=True)
        return 0
    shutil.copytree(base, folder, ignore=shutil.ignore_patterns("seal.json", "*.lock"))
    return sealed.generation


def _fill(folder: Path, store: Store, since: int, served: Nearest | None) -> None:
    words = Words(folder / "words")
    filling = Filling(folder / _VECTORS) if served is None else None
    try:
        if since:
            gone = store.removed_since(since)
            words.remove(gone)
            if filling:
                filling.remove(gone)
        for batch in store.added_since(since, batch=_BATCH):
            words.add(passage for passage, _ in batch)
            if filling:
                filling.add([passage for passage, _ in batch], [vector for _, vector in batch])
        words.commit()
        if filling:
            filling.finish()
    finally:
        if filling:
            filling.close()
