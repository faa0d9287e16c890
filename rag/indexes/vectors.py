"""Passages, found by meaning in a folder. The only module that knows Chroma's package.

Where a Chroma server has the vectors, see `rag.indexes.served`.
"""

from __future__ import annotations

import shutil
import tempfile
import time
import weakref
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import IndexUnavailable
from rag.indexes.card import card
from rag.indexes.scratch import Scratch
from rag.indexes.spare import blank_spare
from rag.records import Passage

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection
    from chromadb.base_types import Metadata

_COLLECTION = "passages"
# Chroma takes at most 5,461 rows a call.
_BATCH = 5_000
# Measured on 100,000 vectors of real text: recall@10 .971 at Chroma's default of 100, .988 at 200.
_EF_SEARCH = 200
# Chroma writes to the graph of a few rows when it opens it, and copying little costs nothing.
_COPIED_BYTES = 16_000_000
# Rows between two writings of the whole graph: seldom while a folder is filled; at the end at
# once (2 is the least that Chroma takes), since a search in an unwritten graph writes to it.
_SYNC_SELDOM, _SYNC_AT_ONCE = 10_000, 2
# Chroma's own writing in the background took up to some seconds on a busy machine.
_LOCKED_SECONDS = 60.0

Vector = NDArray[np.float32]
Found = list[tuple[str, float]]


class Vectors:
    """A finished folder of unit vectors, opened to be searched; any number may be at once.

    Chroma writes to its database at each opening, and two processes that write wedge it. So the
    database is copied into a scratch folder and the graph, which is only read, linked beside it:
    the folder itself never changes.

    Raises (all methods):
        IndexUnavailable: the folder is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._scratch = Scratch()
        try:
            _mirror(folder, self._scratch.folder)
            client, self._collection = _opened(self._scratch.folder, _SYNC_AT_ONCE)
        except OSError as error:
            raise _unavailable(folder, error) from error
        self._close = weakref.finalize(self, _close, client, self._scratch)
        # With the graph in memory the folder may be deleted under a running search.
        _touch(self._collection)

    def close(self) -> None:
        """Let go of the files; closing twice changes nothing. Forgetting it closes it too."""
        self._close()

    def count(self) -> int:
        return self._collection.count()

    def search(self, vector: Sequence[float], *, limit: int) -> Found:
        """Passage ids with their cosine to the vector, best first."""
        return _search(self._collection, vector, limit)


class Filling:
    """A folder of vectors under way; one process fills it, and nobody reads it before `finish`.

    The texts stay in the store: with them Chroma's files are six times as large and written at
    half the speed.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        _configure(folder, _SYNC_SELDOM)
        self._client, self._collection = _opened(folder, _SYNC_SELDOM)

    def add(self, passages: Sequence[Passage], vectors: Sequence[Vector]) -> None:
        """Add passages by their vectors, replacing those of the same id."""
        for start in range(0, len(passages), _BATCH):
            part = passages[start : start + _BATCH]
            ids = [passage.id for passage in part]
            stacked = np.stack(vectors[start : start + _BATCH])
            cards: list[Metadata] = [card(passage.source) for passage in part]
            _patiently(
                partial(self._collection.upsert, ids=ids, embeddings=stacked, metadatas=cards)
            )

    def remove(self, ids: Iterable[str]) -> None:
        """Take passages out; unknown ids change nothing."""
        wanted = list(ids)
        for start in range(0, len(wanted), _BATCH):
            _patiently(partial(self._collection.delete, ids=wanted[start : start + _BATCH]))

    def finish(self) -> None:
        """Have everything written down; Chroma writes some of its files at the first search."""
        self.close()
        _configure(self._folder, _SYNC_AT_ONCE)
        client, collection = _opened(self._folder, _SYNC_AT_ONCE)
        try:
            _touch(collection)
            # Once more, as the last to write: nothing is written behind the closed client then.
            _set_sync(collection, _SYNC_AT_ONCE)
        finally:
            client.close()
        blank_spare(self._folder)

    def close(self) -> None:
        """Let go of the files; closing twice changes nothing."""
        self._client.close()


def _opened(folder: Path, sync: int) -> tuple[Any, Collection]:
    """The client of a folder and its collection, made if it is not there."""
    import chromadb
    from chromadb.config import Settings

    # The variable of this name in a `.env` of the working folder is not for us.
    settings: dict[str, Any] = {"_env_file": None, "anonymized_telemetry": False}
    client: Any = None
    try:
        client = chromadb.PersistentClient(str(folder), settings=Settings(**settings))
        collection: Collection = client.get_or_create_collection(
            _COLLECTION,
            embedding_function=None,
            configuration={
                "hnsw": {"space": "cosine", "ef_search": _EF_SEARCH, "sync_threshold": sync}
            },
        )
    # Chroma raises its own errors, SQLite's and bare ones of its Rust core.
    except Exception as error:
        if client is not None:
            client.close()
        raise _unavailable(folder, error) from error
    return client, collection


def _configure(folder: Path, sync: int) -> None:
    """Set how often the graph is written; it holds from the next opening on."""
    client, collection = _opened(folder, sync)
    try:
        _set_sync(collection, sync)
    finally:
        client.close()


def _set_sync(collection: Collection, sync: int) -> None:
    _patiently(lambda: collection.modify(configuration={"hnsw": {"sync_threshold": sync}}))


def _patiently(act: Callable[[], object]) -> None:
    """Do a thing that finds the database locked while Chroma still writes behind a closed client.

    Raises:
        IndexUnavailable: it stays locked, or anything else goes wrong.
    """
    until = time.monotonic() + _LOCKED_SECONDS
    while True:
        try:
            act()
            return
        except Exception as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise IndexUnavailable(f"the vector index cannot be written: {error}") from error
        time.sleep(0.1)


def _search(collection: Collection, vector: Sequence[float], limit: int) -> Found:
    try:
        found = collection.query(
            query_embeddings=np.asarray([vector], dtype=np.float32),
            n_results=limit,
            include=["distances"],
        )
    except Exception as error:
        raise IndexUnavailable(
            f"the vector index failed ({error}): run `rag rebuild`; no article is lost"
        ) from error
    distances = found["distances"]
    assert distances is not None
    return [
        (passage_id, 1.0 - distance)
        for passage_id, distance in zip(found["ids"][0], distances[0], strict=True)
    ]


def _touch(collection: Collection) -> None:
    """Search once for nothing in particular."""
    held = collection.get(limit=1, include=["embeddings"])["embeddings"]
    if held is not None and len(held):
        _search(collection, [float(value) for value in held[0]], 1)


def _mirror(folder: Path, scratch: Path) -> None:
    """A copy of the database, and of the graph or, where that is large, links to it."""
    for path in folder.iterdir():
        target = scratch / path.name
        if path.is_file():
            shutil.copyfile(path, target)
        elif sum(part.stat().st_size for part in path.iterdir()) <= _COPIED_BYTES:
            shutil.copytree(path, target)
        else:
            _link(path, target)


def _link(path: Path, target: Path) -> None:
    try:
        target.symlink_to(path, target_is_directory=True)
    except OSError:  # not every system lets everybody make links
        shutil.copytree(path, target)


def _close(client: Any, scratch: Scratch) -> None:
    client.close()
    scratch.close()


def _unavailable(folder: Path, error: Exception) -> IndexUnavailable:
    return IndexUnavailable(
        f"the vector index {folder} cannot be opened ({error}): see that its disk and that of"
        f" {tempfile.gettempdir()} have room, or run `rag rebuild`; no article is lost"
    )
