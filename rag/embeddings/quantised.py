"""MiniLM with the weights of its layers, and what goes into them, in eight bits.

Twice as fast as in full where the processor multiplies bytes. The scales of what goes in are
constants: one taken from the texts at hand, as dynamic quantisation has it, would make the vector
of a text depend on the others of its batch.

The channels of an input differ in reach by two orders of magnitude. Each is divided by a number
of its own, by which the weights that meet it are multiplied, so that one scale serves all (Xiao
et al., SmoothQuant, 2023). `minilm_reach.npz` holds the least and the greatest value met in each
channel, as `bench/calibrate.py` measures them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.embeddings.bert import HEADS, LAYERS, Graph, Weights

REACH = Path(__file__).with_name("minilm_reach.npz")
# How much of the difference between channels goes to the weights. Of .3 to 1 on paragraphs that
# were not calibrated on, .7 kept the vectors closest to those in full.
_TO_WEIGHTS = 0.7
# The second halves of two feed-forward layers stay in full: of all the parts of the model they
# cost the vectors most.
_IN_FULL = ("encoder.layer.0.output.dense", "encoder.layer.3.output.dense")
# A channel that reaches no farther is silent.
_LEAST = 1e-5
_LEAST_SHARE = 1e-4

Array = NDArray[Any]


def inputs() -> dict[str, str]:
    """The name of what goes into each layer that is in eight bits, by the layer's own."""
    into = {}
    hidden = "embedded"
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        into[f"{layer}.attention.self"] = hidden
        into[f"{layer}.attention.output.dense"] = f"{layer}.attention.self.out"
        into[f"{layer}.intermediate.dense"] = f"{layer}.attention.output.norm"
        into[f"{layer}.output.dense"] = f"{layer}.gelu"
        hidden = f"{layer}.output.norm"
    return {layer: name for layer, name in into.items() if layer not in _IN_FULL}


class QuantisedGraph(Graph):
    """The graph with its dense layers in eight bits, each column of weights with its own scale."""

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        with np.load(REACH) as held:
            self._reach = {name: held[name].astype(np.float32) for name in held.files}

    def _attention(self, prefix: str, hidden: str) -> str:
        weight, bias = self._joined(prefix)
        self._tensor(f"{prefix}.bias", bias)
        values, weights, scale, scales, zero, zeros = self._in_bytes(prefix, hidden, weight)
        taken = [values, weights, f"{prefix}.bias", scale, scales, "lengths", zero, zeros]
        self._fused("QAttention", taken, [f"{prefix}.out"], num_heads=HEADS)
        return f"{prefix}.out"

    def _dense(self, prefix: str, hidden: str) -> str:
        if prefix in _IN_FULL:
            return super()._dense(prefix, hidden)
        taken = self._in_bytes(prefix, hidden, self._weights[f"{prefix}.weight"].T)
        self._fused("MatMulIntegerToFloat", taken, [f"{prefix}.out"])
        return f"{prefix}.out"

    def _in_bytes(self, prefix: str, hidden: str, weight: Array) -> list[str]:
        """The names of input, weights, their scales and their zeros, in this order of pairs."""
        low, high = self._reach[prefix]
        share = _shares(np.maximum(np.abs(low), np.abs(high)), weight)
        scale, zero = _scale(low / share, high / share)
        weights, scales = _columns(weight * share[:, None])
        given = {
            "share": 1 / share,
            "weights": weights,
            "scale": scale,
            "scales": scales,
            "zero": zero,
            "zeros": np.zeros(len(scales), dtype=np.int8),
        }
        for name, values in given.items():
            self._tensor(f"{prefix}.{name}", values)
        scale_and_zero = [f"{prefix}.scale", f"{prefix}.zero"]
        self._node("Mul", [hidden, f"{prefix}.share"], [f"{prefix}.even"])
        self._node("QuantizeLinear", [f"{prefix}.even", *scale_and_zero], [f"{prefix}.values"])
        taken = ("values", "weights", "scale", "scales", "zero", "zeros")
        return [f"{prefix}.{name}" for name in taken]


def _shares(reach: Array, weight: Array) -> Array:
    """What each channel of an input is divided by, shape (channels,)."""
    of_input = np.maximum(reach, _LEAST) ** _TO_WEIGHTS
    of_weights = np.maximum(np.abs(weight).max(axis=1), _LEAST) ** (1 - _TO_WEIGHTS)
    shares: Array = np.maximum(of_input / of_weights, _LEAST_SHARE).astype(np.float32)
    return shares


def _scale(low: Array, high: Array) -> tuple[Array, Array]:
    """The scale and the zero that lay the whole reach of an input out over 0 to 255."""
    least, most = min(0.0, float(low.min())), max(0.0, float(high.max()))
    scale = (most - least) / 255
    return np.array(scale, dtype=np.float32), np.array(round(-least / scale), dtype=np.uint8)


def _columns(weight: Array) -> tuple[Array, Array]:
    """The weights in -127 to 127, and the scale of each column."""
    scales = (np.abs(weight).max(axis=0) / 127).astype(np.float32)
    return np.round(weight / scales).astype(np.int8), scales
