"""The one place where settings become parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from langchain_core.embeddings import Embeddings
from langchain_core.runnables import Runnable

from rag.asking.spelling import Speller
from rag.asking.understanding import Understanding
from rag.chain import Request
from rag.embeddings.embedding import embeddings_named, identity
from rag.indexes.chroma_server import ChromaServer
from rag.indexes.index import Index
from rag.indexes.served import Served
from rag.ingest import Ingest, Splitting
from rag.language.lexicon import common_words
from rag.records import AS_CONFIGURED, Answer, Options
from rag.retriever import HybridRetriever
from rag.settings import Settings
from rag.store import Catalogue, Conversations, Database, Feedback, Keys, Store, Upkeep
from rag.wiring.chains import Chains
from rag.wiring.in_force import voices
from rag.wiring.standing import Standing

__all__ = ["Parts", "assemble", "voices"]


@dataclass(frozen=True, slots=True)
class Parts:
    """All that an open archive is made of."""

    database: Database
    store: Store
    catalogue: Catalogue
    conversations: Conversations
    feedback: Feedback
    keys: Keys
    upkeep: Upkeep
    index: Index
    embeddings: Embeddings
    understanding: Understanding
    retriever: HybridRetriever
    ingest: Ingest
    chain: Callable[[Options], Runnable[Request, Answer]]
    fingerprint: str

    def close(self) -> None:
        """Let go of the files; closing twice changes nothing."""
        self.index.close()
        self.store.close()


def assemble(folder: Path, settings: Settings) -> Parts:
    """The parts of the archive in a folder; nothing heavy is loaded before it is used.

    They are not bound to the folder yet: see `Store.bind`.

    Raises:
        IndexUnavailable: the folder or a server cannot be reached or written.
        SettingsError: an address is none.
    """
    embedding = identity(settings.embedding)
    fingerprint = f"{embedding}/{settings.passage_size}/{settings.passage_overlap}"
    database = Database(_place(folder, settings))
    store = Store(database, embedding=embedding)
    index = Index(folder, store, _served(settings, store, fingerprint))
    embeddings = embeddings_named(settings.embedding)
    retriever = HybridRetriever(
        searchable=index.current, store=store, embeddings=embeddings, limit=settings.passages
    )
    standing = Standing(store, index, settings, fingerprint)
    speller = Speller(lambda: index.current().words, common_words)
    rules = Understanding(
        publishers=standing.publishers, admitted=standing.admitted, mended=speller.mended
    )
    chain = Chains(settings, standing, rules, retriever)
    chain(AS_CONFIGURED)  # so that settings which cannot be used are told of at once
    splitting = Splitting(settings.passage_size, settings.passage_overlap)
    return Parts(
        database=database,
        store=store,
        catalogue=Catalogue(database),
        conversations=Conversations(database),
        feedback=Feedback(database),
        keys=Keys(database),
        upkeep=Upkeep(database, embedding=embedding),
        index=index,
        embeddings=embeddings,
        understanding=rules,
        retriever=retriever,
        ingest=Ingest(store, index, embeddings, splitting),
        chain=chain,
        fingerprint=fingerprint,
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
