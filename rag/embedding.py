"""Embeddings by name: the built-in MiniLM, or any that LangChain can name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langchain_core.embeddings import Embeddings

from rag.errors import MissingPackage, SettingsError

if TYPE_CHECKING:
    from rag.minilm import MiniLM

MINILM = "minilm"
_MINILM_IDENTITY = "all-MiniLM-L6-v2/53aa51172d14/fp32"


class MiniLMEmbeddings(Embeddings):
    """all-MiniLM-L6-v2 as LangChain embeddings; the model is loaded at the first text."""

    def __init__(self) -> None:
        self._model: MiniLM | None = None

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Unit vectors of 384 numbers, one a text, in order."""
        vectors: list[list[float]] = self._loaded().embed(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a question."""
        return self.embed_documents([text])[0]

    def _loaded(self) -> MiniLM:
        if self._model is None:
            from rag.minilm import MiniLM

            self._model = MiniLM()
        return self._model


def embeddings_named(name: str) -> Embeddings:
    """The embeddings of a setting: `minilm` or `provider:model` as LangChain spells it.

    Raises:
        SettingsError: the name is unknown to LangChain.
        MissingPackage: its provider's package is not installed.
    """
    if name == MINILM:
        return MiniLMEmbeddings()
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
            f"unknown embeddings {name!r}: use `{MINILM}` or `provider:model`, such as"
            " `openai:text-embedding-3-small`"
        ) from error
    if not isinstance(made, Embeddings):
        raise SettingsError(f"embeddings {name!r} name no model: use `provider:model`")
    return made


def identity(name: str) -> str:
    """What an index remembers of the embeddings it was built with."""
    return _MINILM_IDENTITY if name == MINILM else name
