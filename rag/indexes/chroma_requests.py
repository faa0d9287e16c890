"""Requests to a Chroma server: each within its time, once more where it passes, refused by type.

Chroma's own client sets no time limit on a request, so that a silent server would hold a question
for ever; the few requests that are needed are made here.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlsplit

from rag.errors import IndexUnavailable, SettingsError, Unreachable

if TYPE_CHECKING:
    import httpx

# Of a request that reads; one that writes may take longer.
READ_SECONDS, WRITE_SECONDS = 10.0, 120.0
_CONNECT_SECONDS = 2.0
# A request is made once more: after a restart the first one meets a connection that is gone.
_AGAIN_SECONDS = 0.2
# What a server in front of the server answers while that is away, or when it is pressed.
_PASSING = frozenset({429, 502, 503, 504})
_TENANT, _DATABASE = "default_tenant", "default_database"


class Missing(IndexUnavailable):
    """The server has no such collection (any more)."""


class Broken(IndexUnavailable):
    """The server answers, and cannot do it: its files may be damaged."""


class Refused(IndexUnavailable):
    """The server does not take such a request."""


class ChromaRequests:
    """Requests to one database of a Chroma server; for any number of threads.

    The address is `http(s)://host:port`; `?tenant=…&database=…` names others than Chroma's own
    defaults, a path is where a proxy has the server. Certificates are verified. The token is sent
    as `Authorization: Bearer` and as `x-chroma-token`: a server alone asks for none, a proxy in
    front of it or Chroma Cloud does.

    Raises (all methods):
        Unreachable: it does not answer, or not in time.
        Missing: it has no such collection.
        Broken: it answers that it failed.
        Refused: it does not take such a request.
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

    def ask(self, method: str, path: str, body: Any = None, seconds: float = READ_SECONDS) -> Any:
        """What the server answers about the collections, or about the one of a path."""
        return self._answer(method, self._collections + path, body, seconds)

    def ask_server(self, path: str) -> Any:
        """What the server answers about itself."""
        return self._answer("GET", self._root + path, None, READ_SECONDS)

    def close(self) -> None:
        """Let go of the connections; the next request opens new ones."""
        with self._opening:
            if self._open is not None:
                self._open.close()
            self._open = None

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
        return Refused(
            f"the Chroma server {self.name} refuses a request (HTTP {code}: {said}): check the"
            " setting `chroma`"
        )

    def _away(self, said: str) -> Unreachable:
        return Unreachable(
            f"the Chroma server {self.name} does not answer ({said}): see that it runs; it is"
            " tried again with the next question, and no article is lost"
        )
