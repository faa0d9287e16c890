"""A model in a folder is run by a real engine, and its gibberish never reaches the reader."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from wire.newsroom import FERRY, HITS, QUESTION, answerer, last, texts
from wire.tiny import write_tiny_model

from rag.errors import MissingPackage, ModelError
from rag.writing.chat import Chat, Limits
from rag.writing.models import chat_named
from rag.writing.prompts import Filled

HAS_ENGINE = importlib.util.find_spec("onnxruntime_genai") is not None
needs_engine = pytest.mark.skipif(
    not HAS_ENGINE, reason="onnxruntime-genai is not installed: pip install 'dateline[onnx]'"
)


def local(folder: Path) -> Chat:
    return chat_named(f"onnx:{folder}", limits=Limits(timeout=30, retries=0, tokens=60))


@pytest.mark.skipif(HAS_ENGINE, reason="the engine is installed")
def test_a_missing_engine_is_named_with_its_command() -> None:
    """Who lacks the engine is told what to type."""
    with pytest.raises(MissingPackage, match=r"pip install 'dateline\[onnx\]' -c"):
        chat_named("onnx:model")


@needs_engine
def test_a_real_engine_streams_what_the_model_writes(tmp_path: Path) -> None:
    """The model's tokens arrive in pieces and are counted."""
    reply = local(write_tiny_model(tmp_path)).stream(Filled("Be brief.", "Is it so?"))

    pieces = [piece for piece in reply if piece]

    assert len(pieces) > 1
    assert reply.usage.read > 5
    assert not reply.usage.estimated


@needs_engine
@pytest.mark.parametrize("seed", range(5))
def test_gibberish_ends_in_the_quoted_answer(tmp_path: Path, seed: int) -> None:
    """Nothing of what an untrained model writes is shown."""
    chat = local(write_tiny_model(tmp_path, seed=seed))

    draft = last(answerer(chat, context=1000).draft(QUESTION, HITS))

    assert texts(draft) == [FERRY[: FERRY.index(".") + 1]]
    assert draft.notes[-1].startswith("Quoted without the chat model: ")


@needs_engine
def test_a_folder_without_a_model_is_a_line(tmp_path: Path) -> None:
    """A wrong folder is named in a line."""
    with pytest.raises(ModelError, match="holds no model that can be run"):
        local(tmp_path).say(Filled("Be brief.", "Is it so?"))
