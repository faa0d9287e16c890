"""The one place where settings become parts."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from langchain_core.embeddings import Embeddings
from langchain_core.runnables import Runnable

from rag.chain import (
    Answerer,
    Checker,
    Request,
    Surroundings,
    Understands,
    Verbatim,
    build,
)
from rag.embedding import embeddings_named, identity
from rag.errors import SettingsError
from rag.index import Index
from rag.ingest import Ingest, Splitting
from rag.lexicon import common_words
from rag.quoting import QuotingAnswerer
from rag.records import Answer, Coverage, Filters, Hit, PastTurn, Receipt, Turn
from rag.retriever import HybridRetriever
from rag.settings import Settings
from rag.spelling import Speller
from rag.store import Database, Store, text_hash
from rag.understanding import Understanding

if TYPE_CHECKING:
    from rag.chat import Chat
    from rag.prompts import Prompt

_VERSIONS = ("dateline", "chromadb", "tantivy", "langchain-core", "onnxruntime")


@dataclass(frozen=True, slots=True)
class Parts:
    """All that an open archive is made of."""

    database: Database
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
    database = Database(folder / "store.sqlite3")
    store = Store(database, embedding=embedding)
    fingerprint = f"{embedding}/{settings.passage_size}/{settings.passage_overlap}"
    index = Index(folder, store)
    embeddings = embeddings_named(settings.embedding)
    splitting = Splitting(settings.passage_size, settings.passage_overlap)
    retriever = HybridRetriever(
        searchable=index.current, store=store, embeddings=embeddings, limit=settings.passages
    )
    state = _State(store, index, settings, fingerprint)
    speller = Speller(lambda: index.current().words, common_words)
    rules = Understanding(
        publishers=state.publishers, admitted=state.admitted, mended=speller.mended
    )
    quoting = QuotingAnswerer(state.rarity, max_quotes=settings.max_quotes)
    voice = _Voice(rules, quoting, Verbatim(), {})
    if settings.chat_model:
        voice = _written(settings, settings.chat_model, rules, quoting)
    chain = build(
        understanding=voice.understanding,
        retriever=retriever,
        answerer=voice.answerer,
        checker=voice.checker,
        surroundings=Surroundings(
            coverage=state.coverage,
            receipt=partial(state.receipt, voice.prompts),
            behind=state.behind,
        ),
    )
    ingest = Ingest(store, index, embeddings, splitting)
    return Parts(database, store, index, embeddings, rules, retriever, ingest, chain, fingerprint)


@dataclass(frozen=True, slots=True)
class _Voice:
    """Who understands, answers and checks; `prompts` are the versions of those in use."""

    understanding: Understands
    answerer: Answerer
    checker: Checker
    prompts: Mapping[str, str]


def _written(
    settings: Settings, model: str, rules: Understanding, quoting: QuotingAnswerer
) -> _Voice:
    """The voice of a chat model, held to the text; it falls back to the rules and the quotes."""
    from rag.chat import Limits, Prices
    from rag.galley import Unsupported
    from rag.generating import GeneratingAnswerer, Held
    from rag.models import chat_named
    from rag.prompts import prompts
    from rag.rewording import RewordingUnderstanding

    priced = settings.chat_price_read is not None and settings.chat_price_written is not None
    chat = chat_named(
        model,
        base_url=settings.chat_base_url,
        limits=Limits(
            timeout=settings.chat_timeout,
            retries=settings.chat_retries,
            tokens=settings.chat_tokens,
            per_minute=settings.chat_per_minute,
        ),
        prices=Prices(settings.chat_price_read or 0, settings.chat_price_written or 0)
        if priced
        else None,
    )
    asked = prompts(settings.prompts)
    checker = Held(_checker(settings.checker, chat, asked.judge))
    answerer = GeneratingAnswerer(
        chat,
        asked.answer,
        checker=checker,
        quoting=quoting,
        context=settings.chat_context,
        unsupported=Unsupported(settings.unsupported),
    )
    understanding = RewordingUnderstanding(
        rules, chat, condense=asked.condense, decompose=asked.decompose
    )
    return _Voice(understanding, answerer, checker, asked.versions)


def _checker(name: str, chat: Chat, judge: Prompt) -> Checker:
    """The checker that a setting names.

    Raises:
        SettingsError: the name is none of those known and no importable class.
    """
    from rag.claims import LadderChecker
    from rag.judging import JudgingChecker

    if name == "ladder":
        return LadderChecker()
    if name == "chat":
        return JudgingChecker(LadderChecker(), chat, judge)
    module, _, maker = name.partition(":")
    try:
        own: Checker = getattr(import_module(module), maker)()
    except (ImportError, AttributeError, ValueError, TypeError) as error:
        raise SettingsError(
            f"checker {name!r} cannot be used ({error}): it is `ladder`, `chat` or `module:Name`,"
            " a class whose `check` takes a claim and gives it with its verdict"
        ) from error
    return own


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

    def receipt(self, prompts: Mapping[str, str], request: Request, hits: Sequence[Hit]) -> Receipt:
        return Receipt(
            corpus=self._hashed(self._store.generation()),
            embedding=self._fingerprint,
            settings=self._settings.answering(),
            versions=_versions(),
            today=request.today,
            filters=request.filters,
            turns=tuple(_past(turn) for turn in request.turns),
            model=self._settings.chat_model,
            prompts=prompts,
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
