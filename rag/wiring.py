"""The one place where settings become parts."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from langchain_core.embeddings import Embeddings
from langchain_core.runnables import Runnable

from rag.asking.spelling import Speller
from rag.asking.understanding import Understanding
from rag.chain import (
    Answerer,
    Checker,
    Request,
    Surroundings,
    Understands,
    Verbatim,
    build,
)
from rag.embeddings.embedding import embeddings_named, identity
from rag.errors import SettingsError
from rag.indexes.chroma_server import ChromaServer
from rag.indexes.index import Index
from rag.indexes.served import Served
from rag.ingest import Ingest, Splitting
from rag.language.lexicon import common_words
from rag.quoting.answerer import QuotingAnswerer
from rag.quoting.strictness import threshold, unsupported
from rag.records import (
    AS_CONFIGURED,
    QUOTES,
    Answer,
    Coverage,
    Filters,
    Hit,
    Options,
    PastTurn,
    Receipt,
    Turn,
)
from rag.retriever import HybridRetriever
from rag.settings import MOST_PASSAGES, Settings
from rag.store import Conversations, Database, Feedback, Store, text_hash

if TYPE_CHECKING:
    from rag.writing.chat import Chat
    from rag.writing.prompts import Prompt

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
    chain: Callable[[Options], Runnable[Request, Answer]]
    fingerprint: str
    conversations: Conversations
    feedback: Feedback


def assemble(folder: Path, settings: Settings) -> Parts:
    """The parts of the archive in a folder; nothing heavy is loaded before it is used.

    They are not bound to the folder yet: see `Store.bind`.

    Raises:
        IndexUnavailable: the folder or a server cannot be reached or written.
        SettingsError: an address is none.
    """
    embedding = identity(settings.embedding)
    database = Database(_place(folder, settings))
    store = Store(database, embedding=embedding)
    fingerprint = f"{embedding}/{settings.passage_size}/{settings.passage_overlap}"
    index = Index(folder, store, _served(settings, store, fingerprint))
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
    chain = _Chains(settings, state, rules, retriever)
    chain(AS_CONFIGURED)  # so that settings which cannot be used are told of at once
    ingest = Ingest(store, index, embeddings, splitting)
    return Parts(
        database,
        store,
        index,
        embeddings,
        rules,
        retriever,
        ingest,
        chain,
        fingerprint,
        Conversations(database),
        Feedback(database),
    )


def _place(folder: Path, settings: Settings) -> Path | str:
    """Where the articles are: a file in the folder, or the address of a server."""
    return settings.store.get_secret_value() if settings.store else folder / "store.sqlite3"


def _served(settings: Settings, store: Store, fingerprint: str) -> Served | None:
    """The vectors on the Chroma server that a setting names; None: they are in the folder."""
    if settings.chroma is None:
        return None
    token = settings.chroma_token.get_secret_value() if settings.chroma_token else None
    return Served(ChromaServer(settings.chroma, token), store, fingerprint)


def voices(settings: Settings) -> tuple[str, ...]:
    """Who may be asked to answer: the configured one, then the others, each once."""
    configured = settings.chat_model or QUOTES
    return tuple(dict.fromkeys((configured, QUOTES, *settings.chat_models)))


def _in_force(settings: Settings, options: Options) -> Settings:
    """The settings with what the options of a question change of them.

    Raises:
        SettingsError: the options ask for a voice or a number that there is not.
    """
    known = voices(settings)
    voice = options.voice or known[0]
    if voice not in known:
        raise SettingsError(
            f"{voice!r} does not answer here, only {', '.join(known)}: name it in `chat_models`"
        )
    passages = settings.passages if options.passages is None else options.passages
    if not 1 <= passages <= MOST_PASSAGES:
        raise SettingsError(f"{passages} passages cannot be read: ask for 1 to {MOST_PASSAGES}")
    chosen = {
        "chat_model": None if voice == QUOTES else voice,
        "passages": passages,
        "unsupported": unsupported(options.strictness, settings.unsupported),
    }
    return settings.model_copy(update=chosen)


@dataclass(frozen=True, slots=True)
class _Voice:
    """Who understands, answers and checks; `prompts` are the versions of those in use."""

    understanding: Understands
    answerer: Answerer
    checker: Checker
    prompts: Mapping[str, str]


class _Chains:
    """The chain for each way in which a question may be answered, made when first asked for."""

    def __init__(
        self,
        settings: Settings,
        state: _State,
        rules: Understanding,
        retriever: HybridRetriever,
    ) -> None:
        self._settings = settings
        self._state = state
        self._rules = rules
        self._retriever = retriever
        self._chat = lru_cache(partial(_chat, settings))
        self._chain = lru_cache(self._built)

    def __call__(self, options: Options) -> Runnable[Request, Answer]:
        """The chain that answers so.

        Raises:
            SettingsError: the options ask for a voice or a number that there is not.
        """
        _in_force(self._settings, options)
        return self._chain(replace(options, passages=None))  # the request tells their number

    def _built(self, options: Options) -> Runnable[Request, Answer]:
        voice = self._voice(options)
        return build(
            understanding=voice.understanding,
            retriever=self._retriever,
            answerer=voice.answerer,
            checker=voice.checker,
            surroundings=Surroundings(
                coverage=self._state.coverage,
                receipt=partial(self._state.receipt, voice.prompts),
                behind=self._state.behind,
            ),
        )

    def _voice(self, options: Options) -> _Voice:
        settings = _in_force(self._settings, options)
        quoting = QuotingAnswerer(
            self._state.rarity,
            max_quotes=settings.max_quotes,
            threshold=threshold(options.strictness),
        )
        if settings.chat_model is None:
            return _Voice(self._rules, quoting, Verbatim(), {})
        return _written(settings, self._chat(settings.chat_model), self._rules, quoting)


def _chat(settings: Settings, model: str) -> Chat:
    """The chat model of this name, within the limits of the settings."""
    from rag.writing.chat import Limits, Prices
    from rag.writing.models import chat_named

    priced = settings.chat_price_read is not None and settings.chat_price_written is not None
    return chat_named(
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


def _written(
    settings: Settings, chat: Chat, rules: Understanding, quoting: QuotingAnswerer
) -> _Voice:
    """The voice of a chat model, held to the text; it falls back to the rules and the quotes."""
    from rag.writing.generating import GeneratingAnswerer, Held
    from rag.writing.prompts import prompts
    from rag.writing.rewording import RewordingUnderstanding

    asked = prompts(settings.prompts)
    checker = Held(_checker(settings.checker, chat, asked.judge))
    answerer = GeneratingAnswerer(
        chat,
        asked.answer,
        checker=checker,
        quoting=quoting,
        context=settings.chat_context,
        unsupported=settings.unsupported,
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
    from rag.checking.claims import LadderChecker
    from rag.writing.judging import JudgingChecker

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
        settings = _in_force(self._settings, request.options)
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
