"""A Chroma server: collections of vectors by name, and what is in them.

Chroma Cloud and a distributed Chroma have the words too, as sparse vectors; a single server refuses
those, and its collections are made without.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import IndexUnavailable
from rag.indexes.chroma_requests import (
    WRITE_SECONDS,
    Broken,
    ChromaRequests,
    Missing,
    Refused,
)
from rag.indexes.sparse import Sparse

# Rows of one request, unless the server takes fewer: some two megabytes.
_BATCH = 1_000
# What Chroma Cloud takes in one request and gives for one
# (https://docs.trychroma.com/cloud/quotas-limits); a distributed Chroma is held to the same.
_CLOUD_ROWS, _CLOUD_FOUND = 300, 300
_LISTED = 100
# As in the index folder; see `rag.indexes.vectors`.
_GRAPH = {"hnsw": {"space": "cosine", "ef_search": 200, "sync_threshold": 10_000}}
# The key of the words among a row's metadata; of a collection, that its rows have them.
_WORDS = "words"
# The rarities in a question are ours: Chroma is not to weigh by its own (`bm25`).
_SPARSE_INDEX = {"sparse_vector_index": {"enabled": True, "config": {"bm25": False}}}
_COSINE = {"vector_index": {"enabled": True, "config": {"space": "cosine"}}}
_SCHEMA = {
    "defaults": {},
    "keys": {"#embedding": {"float_list": _COSINE}, _WORDS: {"sparse_vector": _SPARSE_INDEX}},
}

Vector = NDArray[np.float32]
Found = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Held:
    """A collection on the server."""

    id: str
    name: str
    metadata: Mapping[str, Any]

    @property
    def has_words(self) -> bool:
        """Whether it was made to hold words."""
        return bool(self.metadata.get(_WORDS))


@dataclass(frozen=True, slots=True)
class Row:
    """A passage in a collection; its words only where the collection has some."""

    id: str
    vector: Vector
    card: Mapping[str, str | int]
    words: Sparse | None = None


class ChromaServer:
    """The collections of one database of a Chroma server; for any number of threads.

    Raises (all methods): as `ChromaRequests`, which also tells of address and token.
    """

    def __init__(self, address: str, token: str | None) -> None:
        """Connects to nothing yet.

        Raises:
            SettingsError: the address is none.
        """
        self._requests = ChromaRequests(address, token)
        self._ask = self._requests.ask
        self._taken: int | None = None

    @property
    def name(self) -> str:
        """Its address, without tenant and database."""
        return self._requests.name

    def named(self, name: str) -> Held | None:
        """The collection of this name, None if there is none."""
        try:
            return self._held(self._ask("GET", f"/{name}"))
        except Missing:
            return None

    def names(self) -> Iterator[str]:
        """The names of all collections."""
        start = 0
        while found := self._ask("GET", f"?limit={_LISTED}&offset={start}"):
            yield from (str(each["name"]) for each in found)
            start += _LISTED

    def make(self, name: str, metadata: Mapping[str, Any]) -> Held:
        """Make a new, empty collection of a name that no other has; for words too if it can be."""
        # The answer to the first try may be lost: the second finds what that made.
        body = {"name": name, "get_or_create": True}
        with suppress(Refused, Broken):
            marked = {**metadata, _WORDS: True}
            made = self._ask("POST", "", {**body, "metadata": marked, "schema": _SCHEMA})
            held = self._held(made)
            if _indexes_words(made):
                return held
            self.drop(name)  # made by a server of a version that does not look at schemas
        plain = {"metadata": dict(metadata), "configuration": _GRAPH}
        return self._held(self._ask("POST", "", {**body, **plain}))

    def mark(self, collection: Held, metadata: Mapping[str, Any]) -> None:
        """Set the metadata of a collection; that it has words stays among them."""
        kept = {_WORDS: True} if collection.has_words else {}
        self._ask("PUT", f"/{collection.id}", {"new_metadata": {**metadata, **kept}})

    def rename(self, collection: Held, name: str) -> None:
        """Give a collection a name that no other has."""
        self._ask("PUT", f"/{collection.id}", {"new_name": name})

    def drop(self, name: str) -> None:
        """Delete a collection; one that is not there changes nothing."""
        with suppress(Missing):
            self._ask("DELETE", f"/{name}")

    def put(self, collection: Held, rows: Sequence[Row]) -> None:
        """Add rows, replacing those of the same id; twice the same changes nothing."""
        batch = self._batch(collection)
        for start in range(0, len(rows), batch):
            part = rows[start : start + batch]
            body = {
                "ids": [row.id for row in part],
                "embeddings": [_packed(row.vector) for row in part],
                "metadatas": [_metadata(row) for row in part],
            }
            self._ask("POST", f"/{collection.id}/upsert", body, WRITE_SECONDS)

    def remove(self, collection: Held, ids: Sequence[str]) -> None:
        """Take rows out; unknown ids change nothing."""
        batch = self._batch(collection)
        for start in range(0, len(ids), batch):
            body = {"ids": list(ids[start : start + batch])}
            self._ask("POST", f"/{collection.id}/delete", body, WRITE_SECONDS)

    def nearest(self, collection: Held, vector: Sequence[float], limit: int) -> Found:
        """Ids with their cosine to the vector, best first; where it has words at most 300."""
        most = min(limit, _CLOUD_FOUND) if collection.has_words else limit
        body = {"query_embeddings": [list(vector)], "n_results": most, "include": ["distances"]}
        found = self._ask("POST", f"/{collection.id}/query", body)
        return [
            (str(key), 1.0 - float(distance))
            for key, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def matching(
        self, collection: Held, words: Sparse, limit: int, where: Mapping[str, Any] | None
    ) -> Found:
        """Ids with the inner product of their words and these, best first, at most 300.

        `where` is a condition on the rows' cards. A row with no word in common is not found.
        """
        most = min(limit, _CLOUD_FOUND)
        rank = {"$knn": {"query": _sparse(words), "key": _WORDS, "limit": most}}
        search = {
            "filter": where,
            "rank": rank,
            "limit": {"offset": 0, "limit": most},
            "select": {"keys": ["#score"]},
        }
        found = self._ask("POST", f"/{collection.id}/search", {"searches": [search]})
        # Chroma's score of sparse vectors is a distance: 1 less their inner product.
        scored = zip(found["ids"][0], found["scores"][0] or (), strict=True)
        return [(str(key), 1.0 - score) for key, score in scored if score < 1.0]

    def count(self, collection: Held) -> int:
        return int(self._ask("GET", f"/{collection.id}/count"))

    def close(self) -> None:
        """Let go of the connections; the next request opens new ones."""
        self._requests.close()

    def _held(self, found: Any) -> Held:
        try:
            return Held(str(found["id"]), str(found["name"]), found.get("metadata") or {})
        except (AttributeError, KeyError, TypeError) as error:
            raise IndexUnavailable(
                f"{self.name} is no Chroma server: it answers with no collection; check `chroma`"
            ) from error

    def _batch(self, collection: Held) -> int:
        """How many rows the server takes at once."""
        if self._taken is None:
            told = self._requests.ask_server("/pre-flight-checks")
            self._taken = min(_BATCH, int(told.get("max_batch_size", _BATCH)))
        return min(self._taken, _CLOUD_ROWS) if collection.has_words else self._taken


def _indexes_words(made: Mapping[str, Any]) -> bool:
    """Whether a collection that was just made has the index of sparse vectors."""
    at: Any = made.get("schema")
    for key in ("keys", _WORDS, "sparse_vector", "sparse_vector_index"):
        at = (at or {}).get(key)
    return bool(at and at.get("enabled"))


def _metadata(row: Row) -> dict[str, Any]:
    return dict(row.card) if row.words is None else {**row.card, _WORDS: _sparse(row.words)}


def _sparse(words: Sparse) -> dict[str, Any]:
    """A sparse vector as Chroma takes it."""
    return {"#type": "sparse_vector", "indices": words.places, "values": words.values}


def _packed(vector: Vector) -> str:
    """A vector as Chroma takes it: its numbers' bytes in base64, a quarter of their digits."""
    return base64.b64encode(np.asarray(vector, dtype="<f4").tobytes()).decode()
