"""The one place where settings become parts."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from langchain_core.embeddings import Embeddings
from langchain_core.runnables import Runnable

from rag.chain import Request, Surroundings, Verbatim, build
from rag.embedding import embeddings_named, identity
from rag.index import Index
from rag.ingest import Ingest, Splitting
from rag.quoting import QuotingAnswerer
from rag.records import Answer, Coverage, Filters, Hit, PastTurn, Receipt, Turn
from rag.retriever import HybridRetriever
from rag.settings import Settings
from rag.store import Store, text_hash
from rag.understanding import Understanding

_VERSIONS = ("dateline", "chromadb", "tantivy", "langchain-core", "onnxruntime")


@dataclass(frozen=True, slots=True)
class Parts:
    """All that an open archive is made of."""

    store: Store
    index: Index
    embeddings: Embeddings
    understanding: Understanding
    retriever: HybridRetriever
    ingest: Ingest
    chain: Runnable[Request, Answer]
    fingerprint: str


def assemble(folder: Path, settings: Settings) -> Parts:
    """The parts of the archive in a folder; nothing heavy is loaded before it is used.

    They are not bound to the folder yet: see `Store.bind`.

    Raises:
        IndexUnavailable: the folder cannot be opened or written.
    """
    embedding = identity(settings.embedding)
    store = Store(folder / "store.sqlite3", embedding=embedding)
    fingerprint = f"{embedding}/{settings.passage_size}/{settings.passage_overlap}"
    index = Index(folder, store)
    embeddings = embeddings_named(settings.embedding)
    splitting = Splitting(settings.passage_size, settings.passage_overlap)
    retriever = HybridRetriever(
        searchable=index.current, store=store, embeddings=embeddings, limit=settings.passages
    )
    state = _State(store, index, settings, fingerprint)
    understanding = Understanding(publishers=state.publishers, admitted=state.admitted)
    chain = build(
        understanding=understanding,
        retriever=retriever,
        answerer=QuotingAnswerer(state.rarity, max_quotes=settings.max_quotes),
        checker=Verbatim(),
        surroundings=Surroundings(
            coverage=state.coverage,
            receipt=state.receipt,
            behind=state.behind,
        ),
    )
    ingest = Ingest(store, index, embeddings, splitting)
    return Parts(
        store, index, embeddings, understanding, retriever, ingest, chain, fingerprint
    )


class _State:
    """What the chain asks of the store and the index, remembered while nothing changes."""

    def __init__(self, store: Store, index: Index, settings: Settings, fingerprint: str) -> None:
        self._store = store
        self._index = index
        self._settings = settings
        self._fingerprint = fingerprint
        self._covered = lru_cache(maxsize=256)(self._cover)
        self._published = lru_cache(maxsize=1)(self._list_publishers)
        self._hashed = lru_cache(maxsize=1)(self._hash_corpus)

    def coverage(self, filters: Filters) -> Coverage:
        return self._covered(self._store.generation(), filters)

    def admitted(self, filters: Filters) -> int:
        return self.coverage(filters).articles

    def publishers(self) -> list[str]:
        return self._published(self._store.generation())

    def rarity(self, term: str) -> float:
        return self._index.opened().words.rarity(term)

    def behind(self) -> str | None:
        """A line for the reader when the newest articles are not searched yet."""
        if self._index.current().number == self._store.generation():
            return None
        return "Articles are being added: this answer is from the archive as it was before."

    def receipt(self, request: Request, hits: Sequence[Hit]) -> Receipt:
        return Receipt(
            corpus=self._hashed(self._store.generation()),
            embedding=self._fingerprint,
            settings=self._settings.model_dump(mode="json", exclude={"index"}),
            versions=_versions(),
            today=request.today,
            filters=request.filters,
            turns=tuple(_past(turn) for turn in request.turns),
            passages={hit.passage.id: text_hash(hit.passage.text) for hit in hits},
        )

    def _cover(self, generation: int, filters: Filters) -> Coverage:
        del generation  # the key under which the rest is remembered
        return self._store.coverage(filters)

    def _list_publishers(self, generation: int) -> list[str]:
        del generation
        return self._store.publishers()

    def _hash_corpus(self, generation: int) -> str:
        del generation
        return self._store.corpus()


def _past(turn: Turn) -> PastTurn:
    answer = turn.answer
    return PastTurn(
        question=turn.question,
        understood=answer.understood,
        sentences=tuple(claim.text for claim in answer.claims),
        passages=tuple(dict.fromkeys(c.passage.id for c in answer.citations)),
        abstained=answer.abstained,
    )


@lru_cache(maxsize=1)
def _versions() -> dict[str, str]:
    return {
        **{name: version(name) for name in _VERSIONS},
        "python": platform.python_version(),
    }
