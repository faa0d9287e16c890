"""A generation: the words and vectors of one state of the store, in a sealed folder.

words/  vectors/  and, written last, seal.json

Where a Chroma server has the vectors, the folder holds the words alone; where it has the words too,
`vocabulary.sqlite3` in their stead.
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
from rag.indexes.served import Served
from rag.indexes.served_words import ServedWords
from rag.indexes.vectors import Filling, Vectors
from rag.indexes.vocabulary import Counting, is_worn
from rag.indexes.words import Words
from rag.records import Filters
from rag.store import Store

# Passages held at once while a folder is filled.
_BATCH = 2_000
_WORDS, _VECTORS, _VOCABULARY = "words", "vectors", "vocabulary.sqlite3"


class Matching(Protocol):
    """Passages, found by their words, wherever those are; see `rag.indexes.words`."""

    def count(self) -> int: ...
    def search(self, text: str, *, limit: int, filters: Filters) -> list[tuple[str, float]]: ...
    def rarity(self, term: str) -> float: ...
    def seen(self, term: str) -> bool: ...
    def written(self, word: str) -> int: ...
    def beginning(self, prefix: str) -> list[tuple[str, int]]: ...


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
    words: Matching
    vectors: Nearest
    folder: Path

    def fits(self, served: Served | None) -> bool:
        """Whether it has its words where they are, as far as the server has told."""
        return _are_there(served, isinstance(self.words, ServedWords))

    def close(self) -> None:
        if isinstance(self.vectors, Vectors):
            self.vectors.close()


def opened(folder: Path, served: Served | None) -> Generation:
    """The generation in a folder, with what is not there but served.

    Raises:
        IndexUnavailable: a file of it is missing or is not as it was sealed.
    """
    sealed = seal_of(folder)
    if sealed is None or not fits(sealed, served) or not is_whole(folder, sealed):
        raise IndexUnavailable(f"the index {folder} is damaged: run `rag rebuild`")
    vectors = served or Vectors(folder / _VECTORS)
    return Generation(sealed.generation, sealed.token, _words(folder, served), vectors, folder)


def _words(folder: Path, served: Served | None) -> Matching:
    vocabulary = folder / _VOCABULARY
    if served and vocabulary.exists():
        return ServedWords(served, vocabulary)
    return Words(folder / _WORDS)


def made(parent: Path, store: Store, base: Path | None, served: Served | None) -> Path:
    """A new sealed folder: a copy of the base with what changed since, or all from the store.

    Nothing is embedded: the store holds every vector. A change that others make to the store
    meanwhile may be in it in part; it is done again when the folder is brought up to it.

    Raises:
        IndexUnavailable: it cannot be written, or the server does not tell what it has.
    """
    number, token = store.change()
    folder = parent / f"{number:09d}-{secrets.token_hex(4)}"
    try:
        since = _copied(base, folder, store)
        _fill(folder, store, since, served)
        seal(folder, generation=number, token=token)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        said = (
            "not all files could be copied" if isinstance(error, shutil.Error) else error.strerror
        )
        raise IndexUnavailable(
            f"the index in {parent} cannot be written ({said or error}): check free"
            " space and permissions; no article is lost"
        ) from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def descends(sealed: Seal, store: Store) -> bool:
    """Whether a sealed generation is of this store, and the store still knows what came after."""
    return (store.token(sealed.generation) or "") == sealed.token


def fits(sealed: Seal, served: Served | None) -> bool:
    """Whether a sealed folder holds what is not served, as far as the server has told."""
    has_vectors = any(name.startswith(f"{_VECTORS}/") for name in sealed.files)
    return has_vectors == (served is None) and _are_there(served, _VOCABULARY in sealed.files)


def _are_there(served: Served | None, are_served: bool) -> bool:
    return (served.has_words if served else False) in (None, are_served)


def _copied(base: Path | None, folder: Path, store: Store) -> int:
    """Copy a base that can be gone on with; the generation it held, 0 for an empty folder."""
    sealed = seal_of(base) if base else None
    if base is None or sealed is None or not is_whole(base, sealed) or _is_worn(base, store):
        folder.mkdir(parents=True)
        return 0
    shutil.copytree(base, folder, ignore=shutil.ignore_patterns("seal.json", "*.lock"))
    return sealed.generation


def _is_worn(base: Path, store: Store) -> bool:
    file = base / _VOCABULARY
    return file.exists() and is_worn(file, store.coverage(Filters()).passages)


def _words_under_way(folder: Path, served: Served | None) -> Words | Counting:
    """The words under way, of the kind that was begun; else as the server tells."""
    vocabulary, words = folder / _VOCABULARY, folder / _WORDS
    if vocabulary.exists() or (served and not words.exists() and served.asked_for_words()):
        return Counting(vocabulary)
    return Words(words)


def _fill(folder: Path, store: Store, since: int, served: Served | None) -> None:
    words = _words_under_way(folder, served)
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
