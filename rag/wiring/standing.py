"""How the archive stands: what an answer tells of it besides what was found."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.metadata import version

from rag.chain import Request
from rag.indexes.index import Index
from rag.records import Coverage, Filters, Hit, PastTurn, Receipt, Turn
from rag.settings import Settings
from rag.store import Store, text_hash
from rag.wiring.in_force import in_force

_VERSIONS = ("dateline", "chromadb", "tantivy", "langchain-core", "onnxruntime")


class Standing:
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
        """What is searched under the filters."""
        return self._covered(self._store.generation(), filters)

    def admitted(self, filters: Filters) -> int:
        """How many articles the filters let pass."""
        return self.coverage(filters).articles

    def publishers(self) -> list[str]:
        """Every publisher that has an article in the archive."""
        return self._published(self._store.generation())

    def rarity(self, term: str) -> float:
        """How much a term tells a passage from the others: see `Words.rarity`."""
        return self._index.opened().words.rarity(term)

    def behind(self) -> str | None:
        """A line for the reader when the newest articles are not searched yet."""
        if self._index.current().number == self._store.generation():
            return None
        return "Articles are being added: this answer is from the archive as it was before."

    def receipt(self, prompts: Mapping[str, str], request: Request, hits: Sequence[Hit]) -> Receipt:
        """What the answer to a request is made from; `prompts` are those of the voice."""
        settings = in_force(self._settings, request.options)
        return Receipt(
            corpus=self._hashed(self._store.generation()),
            embedding=self._fingerprint,
            settings=settings.answering(),
            versions=_versions(),
            today=request.today,
            filters=request.filters,
            turns=tuple(_past(turn) for turn in request.turns),
            model=settings.chat_model,
            prompts=prompts,
            options=request.options,
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
