"""The forward pass of MiniLM, a BERT of six layers, written down as an ONNX graph.

Tokens and their mask in, unit vectors out: mean pooling over the tokens and L2 normalisation are
part of the graph, as the model card describes. Most operators are onnxruntime's fused ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 384
# The model's own configuration (config.json beside the weights).
LAYERS, HEADS, _EPSILON = 6, 12, 1e-12

Weights = dict[str, NDArray[Any]]


class Graph:
    """Writes the nodes down one by one; weights become tensors given to the session."""

    def __init__(self, weights: Weights) -> None:
        from onnx import helper

        self._helper = helper
        self._weights = weights
        self._nodes: list[Any] = []
        self.tensors: Weights = {}

    def written(self) -> bytes:
        """The serialised graph; the values of `tensors` are handed to the session apart."""
        hidden = self._embeddings()
        for layer in range(LAYERS):
            hidden = self._layer(layer, hidden)
        self._pool(hidden)
        return self._serialised()

    def _embeddings(self) -> str:
        table = "embeddings"
        # Every token is of the first segment, so its embedding goes into the positions'.
        segment = self._weights[f"{table}.token_type_embeddings.weight"][0]
        self._tensor("positions", self._weights[f"{table}.position_embeddings.weight"] + segment)
        inputs = [
            "tokens",
            "",
            self._weight(f"{table}.word_embeddings.weight"),
            "positions",
            "",
            self._weight(f"{table}.LayerNorm.weight"),
            self._weight(f"{table}.LayerNorm.bias"),
            "mask",
        ]
        outputs = ["embedded", "lengths"]
        self._fused("EmbedLayerNormalization", inputs, outputs, epsilon=_EPSILON)
        return "embedded"

    def _layer(self, index: int, hidden: str) -> str:
        prefix = f"encoder.layer.{index}"
        attended = self._attention(f"{prefix}.attention.self", hidden)
        projected = self._dense(f"{prefix}.attention.output.dense", attended)
        middle = self._skip_norm(
            f"{prefix}.attention.output", f"{prefix}.attention.output.dense.bias", projected, hidden
        )
        wide = self._dense(f"{prefix}.intermediate.dense", middle)
        active = f"{prefix}.gelu"
        bias = self._weight(f"{prefix}.intermediate.dense.bias")
        self._fused("BiasGelu", [wide, bias], [active])
        narrow = self._dense(f"{prefix}.output.dense", active)
        return self._skip_norm(f"{prefix}.output", f"{prefix}.output.dense.bias", narrow, middle)

    def _pool(self, hidden: str) -> None:
        """Mean over the tokens that are not padding, then unit length."""
        self._node("Constant", [], ["token_axis"], value_ints=[1])
        self._node("Constant", [], ["vector_axis"], value_ints=[2])
        self._node("Cast", ["mask"], ["weights"], to=1)
        self._node("Unsqueeze", ["weights", "vector_axis"], ["column"])
        self._node("Mul", [hidden, "column"], ["weighted"])
        self._node("ReduceSum", ["weighted", "token_axis"], ["sum"], keepdims=0)
        self._node("LpNormalization", ["sum"], ["vectors"], axis=1, p=2)

    def _serialised(self) -> bytes:
        helper = self._helper
        from onnx import TensorProto

        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT32, ["batch", "length"])
            for name in ("tokens", "mask")
        ]
        output = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", DIMENSIONS])
        graph = helper.make_graph(
            self._nodes, "minilm", inputs, [output], initializer=self._declared()
        )
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
        return bytes(model.SerializeToString())

    def _attention(self, prefix: str, hidden: str) -> str:
        weight, bias = self._joined(prefix)
        self._tensor(f"{prefix}.weight", weight)
        self._tensor(f"{prefix}.bias", bias)
        inputs = [hidden, f"{prefix}.weight", f"{prefix}.bias", "lengths"]
        self._fused("Attention", inputs, [f"{prefix}.out"], num_heads=HEADS)
        return f"{prefix}.out"

    def _joined(self, prefix: str) -> tuple[NDArray[Any], NDArray[Any]]:
        """The weights and biases of query, key and value side by side."""
        parts = ("query", "key", "value")
        weight = np.concatenate([self._weights[f"{prefix}.{p}.weight"].T for p in parts], axis=1)
        bias = np.concatenate([self._weights[f"{prefix}.{p}.bias"] for p in parts])
        return weight, bias

    def _dense(self, prefix: str, hidden: str) -> str:
        self._tensor(f"{prefix}.weight", self._weights[f"{prefix}.weight"].T)
        self._node("MatMul", [hidden, f"{prefix}.weight"], [f"{prefix}.out"])
        return f"{prefix}.out"

    def _skip_norm(self, prefix: str, bias: str, hidden: str, skip: str) -> str:
        # The fused SkipLayerNormalization adds number by number and took four times as long.
        self._node("Add", [hidden, self._weight(bias)], [f"{prefix}.biased"])
        self._node("Add", [f"{prefix}.biased", skip], [f"{prefix}.sum"])
        scale = self._weight(f"{prefix}.LayerNorm.weight")
        shift = self._weight(f"{prefix}.LayerNorm.bias")
        inputs = [f"{prefix}.sum", scale, shift]
        self._node("LayerNormalization", inputs, [f"{prefix}.norm"], epsilon=_EPSILON, axis=-1)
        return f"{prefix}.norm"

    def _weight(self, name: str) -> str:
        self._tensor(name, self._weights[name])
        return name

    def _tensor(self, name: str, values: NDArray[Any]) -> None:
        self.tensors[name] = np.ascontiguousarray(values)

    def _node(self, kind: str, inputs: list[str], outputs: list[str], **attributes: Any) -> None:
        self._nodes.append(self._helper.make_node(kind, inputs, outputs, **attributes))

    def _fused(self, kind: str, inputs: list[str], outputs: list[str], **attributes: Any) -> None:
        self._node(kind, inputs, outputs, domain="com.microsoft", **attributes)

    def _declared(self) -> list[Any]:
        """Each tensor by name, type and shape; its values are handed to the session apart."""
        from onnx import TensorProto

        declared = []
        for name, values in self.tensors.items():
            tensor = TensorProto(name=name, dims=values.shape)
            tensor.data_type = self._helper.np_dtype_to_tensor_dtype(values.dtype)
            tensor.data_location = TensorProto.EXTERNAL
            tensor.external_data.add(key="location", value="given-in-memory")
            declared.append(tensor)
        return declared
