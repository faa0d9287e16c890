"""What reaches each layer of MiniLM? Makes the table that the eight-bit model is scaled by.

    python bench/calibrate.py

Writes `rag/minilm_reach.npz`: for each layer the least and the greatest value met in each channel
of its input, over invented articles, their titles, and texts without a word. The same texts give
the same table.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from newsroom import reports

from rag.embeddings.bert import Graph
from rag.embeddings.minilm import MiniLM
from rag.embeddings.quantised import REACH, inputs

# Articles of about a passage; with 40 or 120 the vectors were as close.
_ARTICLES, _CHARACTERS, _SEED = 60, 700, 7
# Without these the vectors of texts that are no prose are off by .05.
_WORDLESS = ("", "?", "!", "-")


class Watched(Graph):
    """The graph in full, giving what goes into its layers as well."""

    def _serialised(self) -> bytes:
        import onnx

        model = onnx.load_model_from_string(super()._serialised())
        for name in inputs().values():
            watched = onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
            model.graph.output.append(watched)
        return bytes(model.SerializeToString())


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=REACH)
    table = measured()
    np.savez_compressed(parser.parse_args().to, **table)


def measured() -> dict[str, Any]:
    """The least and greatest value of each channel, shape (2, channels), by layer."""
    model = MiniLM(Watched)
    articles = list(reports(_ARTICLES, characters=_CHARACTERS, seed=_SEED))
    texts = [part for article in articles for part in (article.text, article.title)]
    found: dict[str, list[Any]] = {layer: [] for layer in inputs()}
    for text in (*texts, *_WORDLESS):
        tokens = np.array([model._tokenizer.encode(text).ids], dtype=np.int32)
        given = {"tokens": tokens, "mask": np.ones_like(tokens)}
        for layer, values in zip(
            found, model._session.run(list(inputs().values()), given), strict=True
        ):
            rows = values.reshape(-1, values.shape[-1])
            found[layer] += [rows.min(axis=0), rows.max(axis=0)]
    return {
        layer: np.stack([np.min(rows, axis=0), np.max(rows, axis=0)]).astype(np.float16)
        for layer, rows in found.items()
    }


if __name__ == "__main__":
    main()
