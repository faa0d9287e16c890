"""The stand-in for a Chroma with sparse vectors: Chroma's own client finds what it should."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from chromadb import HttpClient, K, Knn, Schema, Search, SparseVectorIndexConfig
from chromadb.base_types import SparseVector
from chromadb.errors import ChromaError
from cluster.chroma import Chroma
from cluster.sparse_chroma import SparseChroma

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

ROWS: dict[str, tuple[list[int], list[float], int]] = {
    "bridge": ([1, 5], [1.0, 2.0], 2023),
    "ferry": ([5, 9], [0.5, 1.0], 2024),
    "mill": ([7], [3.0], 2024),
}


@pytest.fixture
def sparse(chroma: Chroma) -> Iterator[SparseChroma]:
    made = SparseChroma(chroma.url)
    yield made
    made.close()


@pytest.fixture
def collection(sparse: SparseChroma) -> Iterator[Collection]:
    """Three rows, put there by Chroma's own client."""
    client = HttpClient(host="127.0.0.1", port=sparse.port)
    schema = Schema().create_index(SparseVectorIndexConfig(bm25=False), key="words")
    made = client.create_collection("stand-in", schema=schema, embedding_function=None)
    made.upsert(
        ids=list(ROWS),
        embeddings=np.array([[1, 0], [0, 1], [1, 1]], dtype=np.float32),
        metadatas=[
            {"words": SparseVector(indices=places, values=values), "year": year}
            for places, values, year in ROWS.values()
        ],
    )
    yield made
    client.delete_collection("stand-in")


def search(collection: Collection, places: list[int], **more: Any) -> Search:
    asked = SparseVector(indices=places, values=[1.0] * len(places))
    return Search().rank(Knn(query=asked, key="words", **more)).select(K.SCORE)


def found(collection: Collection, asked: Search) -> dict[str, float]:
    (rows,) = collection.search(asked).rows()
    return {row["id"]: row["score"] or 0.0 for row in rows}


def test_a_search_is_ranked_by_the_inner_product(collection: Collection) -> None:
    """The score is 1 less the product; a row without a common index has 1 and comes last."""
    rows = found(collection, search(collection, [5, 9]))

    assert list(rows) == ["bridge", "ferry", "mill"]
    assert rows == pytest.approx({"bridge": -1.0, "ferry": -0.5, "mill": 1.0})


def test_limits_filters_and_selections_are_kept(collection: Collection) -> None:
    """At both limits, under a condition, and with the fields that were asked for."""
    asked = search(collection, [5])
    assert list(found(collection, asked.limit(1))) == ["bridge"]
    assert list(found(collection, search(collection, [5], limit=2))) == ["bridge", "ferry"]
    assert list(found(collection, asked.limit(1, offset=1))) == ["ferry"]
    assert list(found(collection, asked.where(K("year") >= 2024))) == ["ferry", "mill"]

    ((row, *_),) = collection.search(asked.select("year", "words")).rows()

    assert row["id"] == "bridge" and "score" not in row
    assert row["metadata"] == {"year": 2023, "words": SparseVector([1, 5], [1.0, 2.0])}


def test_rows_are_replaced_and_taken_out(collection: Collection) -> None:
    """A row that is written again has its new words; one that is deleted is not found."""
    collection.upsert(
        ids=["mill"],
        embeddings=np.array([[1, 1]], dtype=np.float32),
        metadatas=[{"words": SparseVector(indices=[9], values=[4.0])}],
    )
    collection.delete(ids=["ferry"])

    assert list(found(collection, search(collection, [9]))) == ["mill", "bridge"]


def test_the_dense_vectors_are_the_real_servers(collection: Collection) -> None:
    """They are searched as ever, and the schema tells of the sparse index beside them."""
    nearest = collection.query(query_embeddings=np.array([[0, 1]], dtype=np.float32), n_results=1)

    assert nearest["ids"] == [["ferry"]]
    assert collection.schema is not None
    index = collection.schema.keys["words"].sparse_vector
    assert index is not None and index.sparse_vector_index is not None
    assert index.sparse_vector_index.enabled


@pytest.mark.parametrize("key", ["year", "other"])
def test_what_chroma_refuses_is_refused(collection: Collection, key: str) -> None:
    """A key without an index, and more rows than Chroma Cloud takes at once."""
    with pytest.raises(ChromaError):
        collection.search(Search().rank(Knn(query=SparseVector([1], [1.0]), key=key)))
    with pytest.raises(ChromaError, match="too many records"):
        many = np.ones((301, 2), dtype=np.float32)
        collection.upsert(ids=[str(n) for n in range(301)], embeddings=many)
