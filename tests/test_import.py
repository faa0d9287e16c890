"""Importing: `import rag` is light, and says what it has."""

from __future__ import annotations

import subprocess
import sys

import pytest

import rag

HEAVY = {
    "chromadb",
    "gradio",
    "onnxruntime",
    "tokenizers",
    "scipy",
    "dateparser",
    "numpy",
    "sqlalchemy",
}


def imported(code: str) -> set[str]:
    """The top-level packages that a fresh interpreter imports for this code."""
    words = [sys.executable, "-X", "importtime", "-c", code]
    told = subprocess.run(words, capture_output=True, text=True, timeout=120, check=True).stderr
    names = [line.rpartition("|")[2].strip() for line in told.splitlines() if "|" in line]
    return {name.partition(".")[0] for name in names}


def test_import_rag_brings_nothing_heavy() -> None:
    """The name alone costs none of the packages that do the work, LangChain included."""
    found = imported("import rag")

    assert "rag" in found
    assert not found & HEAVY
    assert not {name for name in found if name.startswith("langchain")}


def test_opening_rooms_brings_no_model_and_no_page() -> None:
    """The face alone loads neither the vector index, nor the model, nor the page."""
    found = imported("import rag.archive")

    assert not found & {"chromadb", "gradio", "onnxruntime", "tokenizers", "scipy"}


def test_every_name_is_there() -> None:
    """What `__all__` promises can be had; anything else is no attribute."""
    for name in rag.__all__:
        assert getattr(rag, name) is not None
    assert dir(rag) == rag.__all__
    with pytest.raises(AttributeError, match="nothing"):
        _ = rag.nothing
