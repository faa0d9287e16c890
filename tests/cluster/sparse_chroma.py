"""A stand-in for a Chroma deployment with sparse vectors, before a Chroma server that has none.

Distributed Chroma and Chroma Cloud cannot run on one machine. This takes the sparse parts off what
it passes on, keeps them, and answers `search` from them: as Chroma's documentation has it, and so
that Chroma's own client understands (`tests/test_sparse_chroma.py`). Filters, cards and dense
vectors are the real server's. It is none of the real thing's index: it compares every row.

Of Chroma Cloud it has the limits (https://docs.trychroma.com/cloud/quotas-limits).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import numpy as np

from cluster.ports import free_port

_WRITES = ("add", "update", "upsert")
_MOST_ROWS, _MOST_FOUND, _MOST_PREDICATES, _MOST_VALUE_BYTES = 300, 300, 8, 4096
# Of a search that names no limit.
_CANDIDATES = 16

Json = dict[str, Any]


class Refusal(Exception):
    """A request that is not taken, with the status of the answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class SparseChroma:
    """The stand-in; killed and started again on the same port, with what it was given."""

    def __init__(self, behind: str) -> None:
        self._behind = behind
        # By collection: the indexes of its sparse keys, and the sparse vectors of its rows.
        self._indexes: dict[str, Json] = {}
        self._rows: dict[str, dict[str, Json]] = {}
        # Whether it has sparse vectors; without, all is as the real server has it.
        self.is_sparse = True
        # Whether it is of a version that looks at no schema.
        self.is_old = False
        # From a request on whose path ends so, it hangs up on everybody; None: it never does.
        self.dies_at: str | None = None
        self._is_dead = False
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Listen."""
        self._server = _Quiet(("127.0.0.1", self.port), _handler(self))
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}
        )
        self._thread.start()

    def kill(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    close = kill

    def live_again(self) -> None:
        """Hang up on nobody any more."""
        self.dies_at, self._is_dead = None, False

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, str] | None:
        """Status and text of the answer to a request; None: hang up."""
        self._is_dead = self._is_dead or (self.dies_at is not None and path.endswith(self.dies_at))
        if self._is_dead:
            return None
        if not self.is_sparse:
            return self._passed(method, path, body)
        plain, _, _ = path.partition("?")
        _, at_collections, rest = plain.partition("/collections")
        parts = rest.strip("/").split("/") if rest else []
        root = plain.removesuffix(rest)
        try:
            if at_collections and method == "POST" and not parts:
                return self._created(path, json.loads(body))
            if len(parts) == 2 and parts[1] in _WRITES:
                return self._written(path, parts[0], json.loads(body))
            if len(parts) == 2 and parts[1] == "search":
                searches = json.loads(body)["searches"]
                return 200, json.dumps(self._found(f"{root}/{parts[0]}", parts[0], searches))
            if len(parts) == 2 and parts[1] == "query":
                _see(json.loads(body)["n_results"] <= _MOST_FOUND, "too many results")
            status, text = self._passed(method, path, body)
            return (status, self._with_indexes(text)) if at_collections else (status, text)
        except Refusal as refusal:
            error = {"error": "InvalidArgumentError", "message": str(refusal)}
            return refusal.status, json.dumps(error)

    def _created(self, path: str, body: Json) -> tuple[int, str]:
        """A new collection; the indexes of sparse vectors are kept here."""
        if self.is_old:
            body.pop("schema", None)
        indexes = {}
        for key, types in ((body.get("schema") or {}).get("keys") or {}).items():
            if types.get("sparse_vector", {}).get("sparse_vector_index", {}).get("enabled"):
                indexes[key] = types.pop("sparse_vector")
        _see(len(indexes) <= 1, "only one sparse vector index is allowed")
        for key in indexes:
            if not body["schema"]["keys"][key]:
                del body["schema"]["keys"][key]
        status, text = self._passed("POST", path, json.dumps(body).encode())
        if status == 200 and indexes:
            self._indexes.setdefault(json.loads(text)["id"], indexes)
        return status, self._with_indexes(text)

    def _written(self, path: str, collection: str, body: Json) -> tuple[int, str]:
        """Rows; their sparse vectors are kept here."""
        _see(len(body["ids"]) <= _MOST_ROWS, "too many records", status=422)
        kept = {}
        for key, card in zip(body["ids"], body.get("metadatas") or (), strict=False):
            found = {name: value for name, value in (card or {}).items() if _is_sparse(value)}
            for name, value in found.items():
                self._see_sparse(collection, name, value)
                del card[name]
            kept[key] = found
        body["metadatas"] = [card or None for card in body.get("metadatas") or ()] or None
        status, text = self._passed("POST", path, json.dumps(body).encode())
        if status in (200, 201):
            rows = self._rows.setdefault(collection, {})
            for key, found in kept.items():
                rows[key] = rows.get(key, {}) | found
        return status, text

    def _see_sparse(self, collection: str, name: str, value: Json) -> None:
        places = value["indices"]
        _see(name in self._indexes.get(collection, {}), f"{name} has no sparse vector index")
        _see(len(places) == len(value["values"]), "indices and values differ in length")
        _see(places == sorted(set(places)), "indices are not strictly ascending")
        _see(all(0 <= place < 2**32 for place in places), "an index is no u32")
        _see(8 * len(places) <= _MOST_VALUE_BYTES, "metadata value too large", status=422)

    def _found(self, root: str, collection: str, searches: list[Json]) -> Json:
        """What Chroma answers: a column for each thing, in it a list for each search."""
        every = [self._searched(root, collection, search) for search in searches]
        names = ("ids", "documents", "embeddings", "metadatas", "scores", "select")
        return {name: [each.get(name) for each in every] for name in names}

    def _searched(self, root: str, collection: str, search: Json) -> Json:
        selected = search.get("select", {}).get("keys", [])
        asked = (search.get("rank") or {}).get("$knn", {})
        _see(_is_sparse(asked.get("query")), "only sparse vectors are ranked here")
        _see(asked["key"] in self._indexes.get(collection, {}), "no index on this key")
        _see(_predicates(search.get("filter")) <= _MOST_PREDICATES, "too many predicates", 422)
        live = self._live(root, search.get("filter"))
        rows = self._rows.get(collection, {})
        query = dict(zip(asked["query"]["indices"], asked["query"]["values"], strict=True))
        ranked = [
            (_distance(query, rows[key][asked["key"]]), key)
            for key in live
            if asked["key"] in rows.get(key, {})
        ]
        ranked.sort(key=lambda found: found[0])
        page = search.get("limit") or {}
        first = page.get("offset", 0)
        last = first + min(page.get("limit") or _MOST_FOUND, _MOST_FOUND)
        best = ranked[: asked.get("limit", _CANDIDATES)][first:last]
        ids = [key for _, key in best]
        found: Json = {"ids": ids, "select": sorted(selected)}
        if "#score" in selected:
            found["scores"] = [score for score, _ in best]
        if "#document" in selected:
            found["documents"] = [live[key][0] for key in ids]
        if fields := [name for name in selected if name == "#metadata" or name[0] != "#"]:
            cards = [(live[key][1] or {}) | rows[key] for key in ids]
            found["metadatas"] = [
                {name: value for name, value in card.items() if {"#metadata", name} & {*fields}}
                for card in cards
            ]
        return found

    def _live(self, root: str, where: Json | None) -> dict[str, tuple[str | None, Json | None]]:
        """Document and card of each row that the real server lets through, in its order."""
        body = {"where": where, "include": ["documents", "metadatas"]}
        status, text = self._passed("POST", f"{root}/get", json.dumps(body).encode())
        if status != 200:
            raise Refusal(status, text)
        found = json.loads(text)
        columns = zip(found["ids"], found["documents"], found["metadatas"], strict=True)
        return {key: (document, card) for key, document, card in columns}

    def _with_indexes(self, text: str) -> str:
        """The real server's answer; a collection in it shows its sparse indexes again."""
        told = json.loads(text) if text else None
        for each in told if isinstance(told, list) else [told]:
            if isinstance(each, dict) and isinstance(each.get("schema"), dict):
                for key, index in self._indexes.get(each["id"], {}).items():
                    each["schema"]["keys"].setdefault(key, {})["sparse_vector"] = index
        return json.dumps(told) if told is not None else text

    def _passed(self, method: str, path: str, body: bytes) -> tuple[int, str]:
        headers = {"content-type": "application/json"} if body else {}
        found = httpx.request(
            method, self._behind + path, content=body, headers=headers, timeout=60
        )
        return found.status_code, found.text


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of who hangs up."""


def _handler(stand_in: SparseChroma) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            said = stand_in.answer(self.command, self.path, body)
            if said is None:
                return
            status, text = said
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = do_PUT = do_DELETE = answer

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler


def _see(is_so: bool, message: str, status: int = 400) -> None:
    if not is_so:
        raise Refusal(status, message)


def _is_sparse(value: object) -> bool:
    return isinstance(value, Mapping) and value.get("#type") == "sparse_vector"


def _distance(asked: Mapping[int, float], held: Json) -> float:
    """As Chroma has it: 1 less the inner product, in single precision."""
    values = zip(held["indices"], held["values"], strict=True)
    product = sum(value * asked[place] for place, value in values if place in asked)
    return float(np.float32(1) - np.float32(product))


def _predicates(where: Json | None) -> int:
    """How many conditions a filter has."""
    if not where:
        return 0
    if len(where) == 1 and (parts := where.get("$and") or where.get("$or")):
        return sum(map(_predicates, parts))
    return len(where)
