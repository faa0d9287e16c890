"""Embeddings by name: the built-in MiniLM, or any that LangChain can name."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING

from langchain_core.embeddings import Embeddings

from rag.errors import MissingPackage, SettingsError

if TYPE_CHECKING:
    from rag.embeddings.minilm import MiniLM

MINILM = "minilm"
# The same weights in eight bits: about twice as fast, and close to the vectors in full.
MINILM_INT8 = "minilm-int8"
# What an index remembers, so that the vectors of the two are never mixed.
_IDENTITIES = {
    MINILM: "all-MiniLM-L6-v2/53aa51172d14/fp32",
    MINILM_INT8: "all-MiniLM-L6-v2/53aa51172d14/int8-static-1",
}


class MiniLMEmbeddings(Embeddings):
    """all-MiniLM-L6-v2 as LangChain embeddings; the model is loaded at the first text."""

    def __init__(self, name: str = MINILM) -> None:
        self._name = name
        self._model: MiniLM | None = None
        self._turn = threading.Lock()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Unit vectors of 384 numbers, one a text, in order."""
        vectors: list[list[float]] = self._loaded().embed(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a question."""
        return self.embed_documents([text])[0]

    def _loaded(self) -> MiniLM:
        # An ingest and a question may both be the first.
        with self._turn:
            if self._model is None:
                self._model = _loaded(self._name)
            return self._model


@cache
def _loaded(name: str) -> MiniLM:
    """The model, once a process: some 200 MB that every archive in it shares."""
    from rag.embeddings.minilm import MiniLM

    if name == MINILM:
        return MiniLM()
    from rag.embeddings.quantised import QuantisedGraph

    return MiniLM(QuantisedGraph)


def embeddings_named(name: str) -> Embeddings:
    """The embeddings of a setting: `minilm`, `minilm-int8`, or LangChain's `provider:model`.

    Raises:
        SettingsError: the name is unknown to LangChain.
        MissingPackage: its provider's package is not installed.
    """
    if name in _IDENTITIES:
        return MiniLMEmbeddings(name)
    from langchain.embeddings import init_embeddings

    try:
        made = init_embeddings(name)
    except ImportError as error:
        provider = name.partition(":")[0]
        raise MissingPackage(
            f"embeddings {name!r} need a package that is not installed ({error}): run"
            f" `pip install 'dateline[{provider}]' -c constraints.txt`"
        ) from error
    except ValueError as error:
        raise SettingsError(
            f"unknown embeddings {name!r}: use `{MINILM}`, `{MINILM_INT8}` or `provider:model`,"
            " such as `openai:text-embedding-3-small`"
        ) from error
    if not isinstance(made, Embeddings):
        raise SettingsError(f"embeddings {name!r} name no model: use `provider:model`")
    return made


def identity(name: str) -> str:
    """What an index remembers of the embeddings it was built with."""
    return _IDENTITIES.get(name, name)
