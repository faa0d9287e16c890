"""What is on a Chroma server, kept in step with the store and shared by all replicas.

Vectors, and where the server can the words.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence

from rag.errors import IndexUnavailable
from rag.indexes.card import card, folded, where
from rag.indexes.chroma_requests import Broken, Missing
from rag.indexes.chroma_server import ChromaServer, Found, Held, Row
from rag.indexes.entry import terms_of
from rag.indexes.sparse import Sparse, weighed
from rag.records import Filters, Passage
from rag.store import Store, Vector

# Passages held at once while the collection is filled.
_BATCH = 2_000
# Passages that the store has no more are dropped from what is found; so many more are asked for.
_SPARE = 20
# Between dropping a collection and giving its name to the next one the server takes less.
_REPLACED_SECONDS = 0.3
# How often it is looked whether the server still holds what it was given.
_LOOK_SECONDS = 30.0


class Served:
    """One collection, named by the store and by what its vectors were made with.

    Its metadata name the change of the store that it holds, and are written last. Whoever holds
    the lock on the articles brings it up; everybody searches it. While it is brought up it may
    hold a passage that the store has no more: those are never found.

    Raises (all methods):
        Unreachable: the server does not answer.
        IndexUnavailable: it cannot be used.
    """

    def __init__(self, server: ChromaServer, store: Store, fingerprint: str) -> None:
        self._server = server
        self._store = store
        self._fingerprint = fingerprint
        self._known: Held | None = None
        self._looked = float("-inf")
        self._is_doubtful = False

    def close(self) -> None:
        """Let go of the connections."""
        self._server.close()

    def count(self) -> int:
        return self._server.count(self._collection())

    @property
    def has_words(self) -> bool | None:
        """Whether the words are there too; None while the server has not told."""
        known = self._known
        return known.has_words if known else None

    def asked_for_words(self) -> bool:
        """Whether the words are there too, as the server tells."""
        return self._collection().has_words

    def search(self, vector: Sequence[float], *, limit: int) -> Found:
        """Passage ids with their cosine to the vector, best first."""
        return self._live(lambda held, most: self._server.nearest(held, vector, most), limit)

    def matching(self, words: Sparse, *, limit: int, filters: Filters) -> Found:
        """Passage ids with the inner product of their words and these, best first."""
        admitted = where(filters)

        def match(held: Held, most: int) -> Found:
            if not held.has_words:
                raise Missing(
                    "the words are not on the Chroma server any more: this index is made again"
                    " from the store with the next question, or by `rag rebuild`; no article is"
                    " lost"
                )
            return self._server.matching(held, words, most, admitted)

        return self._live(match, limit)

    def is_behind(self) -> bool:
        """Whether the server holds another state than the store's, or may have lost it.

        It is asked until it has told, then every half minute, and after a search that failed on it.
        """
        is_recent = time.monotonic() - self._looked < _LOOK_SECONDS
        if self._known and is_recent and not self._is_doubtful:
            return False
        self._looked = time.monotonic()
        try:
            held = self._server.named(self._name)
        except IndexUnavailable:
            return False  # a search will tell
        self._known = held or self._known
        return self._is_doubtful or held is None or _change_of(held) != self._store.change()

    def bring_up(self) -> None:
        """Make the server hold what the store does; call with the lock on the articles held."""
        held = self._server.named(self._name)
        change = self._store.change()
        if held is None or not self._is_kin(held) or self._is_broken(held):
            self.renew()
            return
        try:
            if _change_of(held) != change:
                self._fill(held, since=_change_of(held)[0])
                self._mark(held, change)
            self._accept(held)
        except (Broken, Missing):
            self.renew()

    def renew(self) -> None:
        """Make a new collection of all that the store holds, then drop those before it.

        Call with the lock on the articles held. Until it is complete the one before is searched.
        """
        change = self._store.change()
        passing = f"{self._name}-next"
        self._server.drop(passing)
        held = self._server.make(passing, {"fingerprint": self._fingerprint})
        self._fill(held, since=0)
        self._mark(held, change)
        self._server.drop(self._name)
        self._server.rename(held, self._name)
        for other in list(self._server.names()):
            if other.startswith(self._prefix) and other != self._name:
                self._server.drop(other)
        self._accept(held)

    @property
    def _prefix(self) -> str:
        return f"dateline-{self._store.identity()}-"

    @property
    def _name(self) -> str:
        return self._prefix + hashlib.sha256(self._fingerprint.encode()).hexdigest()[:12]

    def _live(self, search: Callable[[Held, int], Found], limit: int) -> Found:
        """What a search finds that is still in the store."""
        found = self._found(search, limit + _SPARE)
        live = self._store.live([key for key, _ in found])
        return [(key, score) for key, score in found if key in live][:limit]

    def _found(self, search: Callable[[Held, int], Found], limit: int) -> Found:
        try:
            return search(self._collection(), limit)
        except Missing:
            # It is being replaced by a newer one of its name.
            self._known = None
            time.sleep(_REPLACED_SECONDS)
        except Broken:
            self._is_doubtful = True
            raise
        try:
            return search(self._collection(), limit)
        except Missing:
            self._is_doubtful = True
            raise

    def _collection(self) -> Held:
        held = self._known or self._server.named(self._name)
        if held is None:
            self._is_doubtful = True
            raise Missing(
                "the vectors are not on the Chroma server yet: they are put there from the store"
                " by the ingest that is running, by the next question, or by `rag rebuild`; no"
                " article is lost"
            )
        self._known = held
        return held

    def _accept(self, held: Held) -> None:
        self._known, self._is_doubtful, self._looked = held, False, time.monotonic()

    def _is_kin(self, held: Held) -> bool:
        """Whether the collection is of this store, and the store still knows what came after."""
        number, token = _change_of(held)
        return number >= 0 and (self._store.token(number) or "") == token

    def _is_broken(self, held: Held) -> bool:
        """Whether the collection fails, after a search in it did."""
        if not self._is_doubtful:
            return False
        try:
            for ((passage, vector),) in self._store.added_since(0, batch=1):
                self._server.nearest(held, [float(value) for value in vector], 1)
                if held.has_words:
                    self._server.matching(held, weighed(terms_of(passage)), 1, None)
                break
        except (Broken, Missing):
            return True
        return False

    def _fill(self, held: Held, *, since: int) -> None:
        if since:
            self._server.remove(held, self._store.removed_since(since))
        for batch in self._store.added_since(since, batch=_BATCH):
            row = _row_with_words if held.has_words else _row
            self._server.put(held, [row(passage, vector) for passage, vector in batch])

    def _mark(self, held: Held, change: tuple[int, str]) -> None:
        number, token = change
        marked = {"fingerprint": self._fingerprint, "generation": number, "token": token}
        self._server.mark(held, marked)


def _row(passage: Passage, vector: Vector) -> Row:
    return Row(passage.id, vector, card(passage.source))


def _row_with_words(passage: Passage, vector: Vector) -> Row:
    return Row(passage.id, vector, folded(passage.source), weighed(terms_of(passage)))


def _change_of(held: Held) -> tuple[int, str]:
    """The change of the store that a collection holds; -1 of one that was never completed."""
    number = int(held.metadata.get("generation", -1))
    return number, str(held.metadata.get("token", ""))
