"""A tiny chat model with random weights: real to an engine, gibberish to a reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

HEADS, HEAD_SIZE, CONTEXT = 2, 8, 4096
HIDDEN = HEADS * HEAD_SIZE
SPECIAL = ["<s>", "</s>", "<pad>"]


def write_tiny_model(folder: Path, *, seed: int = 0) -> Path:
    """Write the model, its tokenizer and its description into the folder."""
    vocabulary = _write_tokenizer(folder)
    _write_network(folder, vocabulary, np.random.default_rng(seed))
    _write_description(folder, vocabulary)
    return folder


def _write_tokenizer(folder: Path) -> int:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(["the ferry ran aground and nobody was hurt " * 9], trainer)
    tokenizer.save(str(folder / "tokenizer.json"))
    stated = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<s>",
        "eos_token": "</s>",
        "pad_token": "<pad>",
        "model_max_length": CONTEXT,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(stated), encoding="utf-8")
    return int(tokenizer.get_vocab_size())


def _write_network(folder: Path, vocabulary: int, die: np.random.Generator) -> None:
    """One layer: the sum of the embeddings so far, turned into logits; keys and values pile up."""
    constants: dict[str, np.ndarray[tuple[int, ...], np.dtype[Any]]] = {
        "embedding": die.normal(size=(vocabulary, HIDDEN)).astype(np.float32),
        "head": die.normal(size=(HIDDEN, vocabulary)).astype(np.float32),
        "heads": np.array([0, 0, HEADS, HEAD_SIZE], np.int64),
        "along": np.array(1, np.int64),
    }
    nodes = [
        helper.make_node("Gather", ["embedding", "input_ids"], ["x"]),
        helper.make_node("CumSum", ["x", "along"], ["sum"]),
        helper.make_node("MatMul", ["sum", "head"], ["logits"]),
        helper.make_node("Reshape", ["x", "heads"], ["apart"]),
        helper.make_node("Transpose", ["apart"], ["new"], perm=[0, 2, 1, 3]),
        *(
            helper.make_node("Concat", [f"past.0.{kind}", "new"], [f"present.0.{kind}"], axis=2)
            for kind in ("key", "value")
        ),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [
            _value("input_ids", TensorProto.INT64, ["batch", "new"]),
            _value("attention_mask", TensorProto.INT64, ["batch", "total"]),
            *(_cache(f"past.0.{kind}", "past") for kind in ("key", "value")),
        ],
        [
            _value("logits", TensorProto.FLOAT, ["batch", "new", vocabulary]),
            *(_cache(f"present.0.{kind}", "total") for kind in ("key", "value")),
        ],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, str(folder / "model.onnx"))


def _value(name: str, kind: int, shape: list[str | int]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


def _cache(name: str, length: str) -> onnx.ValueInfoProto:
    return _value(name, TensorProto.FLOAT, ["batch", HEADS, length, HEAD_SIZE])


def _write_description(folder: Path, vocabulary: int) -> None:
    kinds = ("key", "value")
    decoder = {
        "session_options": {"provider_options": []},
        "filename": "model.onnx",
        "head_size": HEAD_SIZE,
        "hidden_size": HIDDEN,
        "num_attention_heads": HEADS,
        "num_key_value_heads": HEADS,
        "num_hidden_layers": 1,
        "inputs": {
            "input_ids": "input_ids",
            "attention_mask": "attention_mask",
            **{f"past_{kind}_names": f"past.%d.{kind}" for kind in kinds},
        },
        "outputs": {
            "logits": "logits",
            **{f"present_{kind}_names": f"present.%d.{kind}" for kind in kinds},
        },
    }
    model = {
        "type": "llama",
        "vocab_size": vocabulary,
        "context_length": CONTEXT,
        "bos_token_id": 0,
        "eos_token_id": 1,
        "pad_token_id": 2,
        "decoder": decoder,
    }
    search = {"max_length": CONTEXT, "past_present_share_buffer": False}
    described = json.dumps({"model": model, "search": search})
    (folder / "genai_config.json").write_text(described, encoding="utf-8")
