"""A Chroma server, spoken to over HTTP: collections of vectors by name, and what is in them.

Chroma's own client sets no time limit on a request, so that a silent server would hold a question
for ever; the few requests that are needed are made here. The same requests serve Chroma Cloud and
a distributed Chroma. A single server knows no sparse vectors: words are searched by each replica.
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlsplit

import numpy as np
from numpy.typing import NDArray

from rag.errors import IndexUnavailable, SettingsError, Unreachable

if TYPE_CHECKING:
    import httpx

_CONNECT_SECONDS, _READ_SECONDS, _WRITE_SECONDS = 2.0, 10.0, 120.0
# A request is made once more: after a restart the first one meets a connection that is gone.
_AGAIN_SECONDS = 0.2
# What a server in front of the server answers while that is away, or when it is pressed.
_PASSING = frozenset({429, 502, 503, 504})
# Rows of one request, unless the server takes fewer: some two megabytes.
_BATCH = 1_000
_TENANT, _DATABASE = "default_tenant", "default_database"
# As in the index folder; see `rag.indexes.vectors`.
_GRAPH = {"hnsw": {"space": "cosine", "ef_search": 200, "sync_threshold": 10_000}}
_LISTED = 100

Vector = NDArray[np.float32]
Found = list[tuple[str, float]]


class Missing(IndexUnavailable):
    """The server has no such collection (any more)."""


class Broken(IndexUnavailable):
    """The server answers, and cannot do it: its files may be damaged."""


@dataclass(frozen=True, slots=True)
class Held:
    """A collection on the server."""

    id: str
    name: str
    metadata: Mapping[str, Any]


class ChromaServer:
    """The collections of one database of a Chroma server; for any number of threads.

    The address is `http(s)://host:port`; `?tenant=…&database=…` names others than Chroma's own
    defaults, a path is where a proxy has the server. Certificates are verified. The token is sent
    as `Authorization: Bearer` and as `x-chroma-token`: a server alone asks for none, a proxy in
    front of it or Chroma Cloud does.

    Raises (all methods):
        Unreachable: it does not answer, or not in time.
        Missing: it has no such collection.
        Broken: it answers that it failed.
        IndexUnavailable: it refuses the token, or is no Chroma server.
    """

    def __init__(self, address: str, token: str | None) -> None:
        """Connects to nothing yet.

        Raises:
            SettingsError: the address is none.
        """
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(
                "the setting `chroma` is no address: it is like http://host:8000, or"
                " https://host?tenant=…&database=…"
            )
        if "@" in parts.netloc:
            raise SettingsError(
                "the setting `chroma` holds a user: what the server asks for stands in"
                " RAG_CHROMA_TOKEN alone"
            )
        chosen = parse_qs(parts.query)
        tenant, database = (
            quote(chosen.get(key, [usual])[0], safe="")
            for key, usual in (("tenant", _TENANT), ("database", _DATABASE))
        )
        self.name = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self._root = f"{self.name}/api/v2"
        self._collections = f"{self._root}/tenants/{tenant}/databases/{database}/collections"
        self._headers = (
            {"Authorization": f"Bearer {token}", "x-chroma-token": token} if token else {}
        )
        self._opening = threading.Lock()
        self._open: httpx.Client | None = None
        self._taken: int | None = None

    def named(self, name: str) -> Held | None:
        """The collection of this name, None if there is none."""
        try:
            return _held(self._ask("GET", f"/{name}"))
        except Missing:
            return None

    def names(self) -> Iterator[str]:
        """The names of all collections."""
        start = 0
        while found := self._ask("GET", f"?limit={_LISTED}&offset={start}"):
            yield from (str(each["name"]) for each in found)
            start += _LISTED

    def make(self, name: str, metadata: Mapping[str, Any]) -> Held:
        """Make a new, empty collection of a name that no other has."""
        body = {"name": name, "metadata": dict(metadata), "configuration": _GRAPH}
        # The answer to the first try may be lost: the second finds what that made.
        return _held(self._ask("POST", "", {**body, "get_or_create": True}))

    def mark(self, collection: Held, metadata: Mapping[str, Any]) -> None:
        """Set the metadata of a collection."""
        self._ask("PUT", f"/{collection.id}", {"new_metadata": dict(metadata)})

    def rename(self, collection: Held, name: str) -> None:
        """Give a collection a name that no other has."""
        self._ask("PUT", f"/{collection.id}", {"new_name": name})

    def drop(self, name: str) -> None:
        """Delete a collection; one that is not there changes nothing."""
        try:
            self._ask("DELETE", f"/{name}")
        except Missing:
            return

    def put(
        self,
        collection: Held,
        ids: Sequence[str],
        vectors: Sequence[Vector],
        metadatas: Sequence[Mapping[str, Any]],
    ) -> None:
        """Add vectors, replacing those of the same id; twice the same changes nothing."""
        batch = self._batch()
        for start in range(0, len(ids), batch):
            part = slice(start, start + batch)
            packed = [_packed(vector) for vector in vectors[part]]
            rows = {"ids": list(ids[part]), "embeddings": packed}
            self._ask(
                "POST",
                f"/{collection.id}/upsert",
                {**rows, "metadatas": [dict(card) for card in metadatas[part]]},
                seconds=_WRITE_SECONDS,
            )

    def remove(self, collection: Held, ids: Sequence[str]) -> None:
        """Take vectors out; unknown ids change nothing."""
        batch = self._batch()
        for start in range(0, len(ids), batch):
            body = {"ids": list(ids[start : start + batch])}
            self._ask("POST", f"/{collection.id}/delete", body, seconds=_WRITE_SECONDS)

    def nearest(self, collection: Held, vector: Sequence[float], limit: int) -> Found:
        """Ids with their cosine to the vector, best first."""
        body = {"query_embeddings": [list(vector)], "n_results": limit, "include": ["distances"]}
        found = self._ask("POST", f"/{collection.id}/query", body)
        return [
            (str(key), 1.0 - float(distance))
            for key, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def count(self, collection: Held) -> int:
        return int(self._ask("GET", f"/{collection.id}/count"))

    def close(self) -> None:
        """Let go of the connections; the next request opens new ones."""
        with self._opening:
            if self._open is not None:
                self._open.close()
            self._open = None

    def _batch(self) -> int:
        """How many rows the server takes at once."""
        if self._taken is None:
            told = self._answer("GET", f"{self._root}/pre-flight-checks", None, _READ_SECONDS)
            self._taken = min(_BATCH, int(told.get("max_batch_size", _BATCH)))
        return self._taken

    def _ask(self, method: str, path: str, body: Any = None, seconds: float = _READ_SECONDS) -> Any:
        return self._answer(method, self._collections + path, body, seconds)

    def _answer(self, method: str, address: str, body: Any, seconds: float) -> Any:
        response = self._sent(method, address, body, seconds)
        if not response.is_success:
            raise self._refusal(response)
        try:
            return response.json()
        except ValueError as error:
            raise IndexUnavailable(
                f"{self.name} is no Chroma server: it answers with no JSON; check `chroma`"
            ) from error

    def _sent(self, method: str, address: str, body: Any, seconds: float) -> httpx.Response:
        """The response; of the second try where the first met a server that was away."""
        import httpx

        timeout = httpx.Timeout(seconds, connect=_CONNECT_SECONDS)
        again = True
        while True:
            try:
                response = self._client().request(method, address, json=body, timeout=timeout)
            except httpx.HTTPError as error:
                if not again:
                    said = str(error) or type(error).__name__
                    raise self._away(said) from error
            else:
                if not again or response.status_code not in _PASSING:
                    return response
            again = False
            time.sleep(_AGAIN_SECONDS)

    def _client(self) -> httpx.Client:
        import httpx

        with self._opening:
            if self._open is None:
                self._open = httpx.Client(headers=self._headers)
            return self._open

    def _refusal(self, response: httpx.Response) -> IndexUnavailable:
        code, said = response.status_code, response.text[:200]
        if code == 404:
            return Missing(
                f"the vectors are not on the Chroma server {self.name} (any more): they are put"
                " there again from the store with the next question, or by `rag rebuild`; no"
                " article is lost"
            )
        if code in (401, 403):
            return IndexUnavailable(
                f"the Chroma server {self.name} refuses the token (HTTP {code}): set"
                " RAG_CHROMA_TOKEN to what it asks for"
            )
        if code in _PASSING:
            return self._away(f"HTTP {code}")
        if code >= 500:
            return Broken(
                f"the Chroma server {self.name} failed (HTTP {code}: {said}): its vectors are made"
                " again from the store if it fails so again, or by `rag rebuild`; no article is"
                " lost"
            )
        return IndexUnavailable(
            f"the Chroma server {self.name} refuses a request (HTTP {code}: {said}): check the"
            " setting `chroma`"
        )

    def _away(self, said: str) -> Unreachable:
        return Unreachable(
            f"the Chroma server {self.name} does not answer ({said}): see that it runs; it is"
            " tried again with the next question, and no article is lost"
        )


def _held(found: Mapping[str, Any]) -> Held:
    return Held(str(found["id"]), str(found["name"]), found.get("metadata") or {})


def _packed(vector: Vector) -> str:
    """A vector as Chroma takes it: its numbers' bytes in base64, a quarter of their digits."""
    return base64.b64encode(np.asarray(vector, dtype="<f4").tobytes()).decode()
