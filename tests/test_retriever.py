"""The retriever: filters hold, copies share a slot, no article crowds the others out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest
from conftest import HashedWords

from rag.archive import Archive
from rag.indexes.index import Index
from rag.ingest import Ingest, Splitting
from rag.passages import split
from rag.records import Filters, Query
from rag.retriever import PER_ARTICLE, HybridRetriever
from rag.store import Database, Store

TODAY = date(2024, 10, 1)


def query(text: str, **more: object) -> Query:
    return replace(Query(text, text, Filters(), TODAY), **more)  # type: ignore[arg-type]


def sources(archive: Archive, text: str, filters: Filters) -> set[str]:
    return {hit.passage.source.article_id for hit in archive.search(text, filters=filters)}


def test_the_passage_that_says_it_comes_first(archive: Archive) -> None:
    """Hits are best first, each with the ranks and the cosine that it has."""
    hits = archive.search("How many passengers does the ferry carry?")

    assert hits[0].passage.source.article_id == "ferry.md"
    assert set(hits[0].legs) == {"words", "vectors"}
    assert hits[0].similarity is not None and 0.3 < hits[0].similarity <= 1
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(since=date(2024, 4, 1)), {"ferry.md", "harvest", "orchestra.md"}),
        (Filters(until=date(2024, 3, 4)), {"bridge.md"}),
        (Filters(as_of=date(2024, 4, 18), since=date(2024, 4, 1)), {"ferry.md"}),
        (Filters(since=date(2030, 1, 1)), set()),
        (Filters(publishers=("inland courier",)), {"ferry.md", "wire/bridge.md"}),
        (Filters(publishers=("ZÜRCHER BOTE",)), {"orchestra.md"}),
        (Filters(articles=("library.md", "harvest")), {"library.md", "harvest"}),
        (Filters(articles=("library.md",), since=date(2000, 1, 1)), set()),
    ],
)
def test_hits_pass_the_filters(archive: Archive, filters: Filters, expected: set[str]) -> None:
    """Only what the filters admit is found; an article without date passes no date."""
    found = archive.search("Port Ellery bridge ferry", filters=filters)

    assert {hit.passage.source.article_id for hit in found} == expected
    assert all(filters.admits(hit.passage.source) for hit in found)


def test_a_copy_shares_the_slot_of_its_twin(archive: Archive) -> None:
    """Of two articles with one text one is a hit, and it names the other."""
    hits = archive.search("What will the bridge cost?")

    bridges = [hit for hit in hits if "bridge" in hit.passage.source.article_id]
    assert len(bridges) == 1
    (copy,) = bridges[0].copies
    assert {bridges[0].passage.source.article_id, copy.article_id} == {
        "bridge.md",
        "wire/bridge.md",
    }


@dataclass
class Scripted:
    """A generation whose legs say what they are told."""

    ids: Sequence[str]
    words: Scripted = field(init=False)
    vectors: Scripted = field(init=False)

    def __post_init__(self) -> None:
        self.words = self.vectors = self

    def search(
        self, asked: object, *, limit: int, filters: Filters | None = None
    ) -> list[tuple[str, float]]:
        return [(key, 1.0 / rank) for rank, key in enumerate(self.ids[:limit], start=1)]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """One article of many passages, and one of a single passage, in a store."""
    store = Store(Database(tmp_path / "store.sqlite3"), embedding="words")
    (tmp_path / "n").mkdir()
    text = " ".join(
        f"Sentence number {n} of the long report tells item {n * 7}." for n in range(40)
    )
    (tmp_path / "n" / "long.txt").write_text(text)
    (tmp_path / "n" / "short.md").write_text(
        "---\npublisher: Herald\npublished: 2024-05-01\n---\nAnother report."
    )
    index = Index(tmp_path, store)
    Ingest(store, index, HashedWords(), Splitting(200, 0)).run([tmp_path / "n"])
    index.close()
    return store


def ids(store: Store, article_id: str) -> list[str]:
    article = store.article(article_id)
    assert article is not None
    return [passage.id for passage in split(article, size=200, overlap=0)]


def retriever(store: Store, found: Sequence[str], limit: int = 12) -> HybridRetriever:
    generation = Scripted(found)
    return HybridRetriever(
        searchable=lambda: generation, store=store, embeddings=HashedWords(), limit=limit
    )


def test_one_article_does_not_crowd_out_the_others(store: Store) -> None:
    """Beyond a few passages of one article the other articles come first."""
    long, (short,) = ids(store, "long.txt"), ids(store, "short.md")
    assert len(long) > 2 * PER_ARTICLE

    hits = retriever(store, [*long, short], limit=PER_ARTICLE + 2).search(query("report"))

    found = [hit.passage.id for hit in hits]
    assert found == [*long[:PER_ARTICLE], short, long[PER_ARTICLE]]


def test_a_named_publisher_or_period_is_preferred(store: Store) -> None:
    """What the question names gains on the rest, and nothing is lost."""
    long, (short,) = ids(store, "long.txt"), ids(store, "short.md")
    found = retriever(store, [long[0], short])

    plain = {hit.passage.id: hit.score for hit in found.search(query("report"))}
    for more in (
        {"publishers": ("Herald",)},
        {"period": (date(2024, 5, 1), date(2024, 5, 31))},
    ):
        preferred = {hit.passage.id: hit.score for hit in found.search(query("report", **more))}
        assert preferred.keys() == plain.keys()
        assert preferred[short] / preferred[long[0]] > plain[short] / plain[long[0]]


def test_passages_of_the_last_answer_are_looked_at_again(store: Store) -> None:
    """What earlier turns cited is among the hits even if nothing finds it now."""
    long, (short,) = ids(store, "long.txt"), ids(store, "short.md")

    hits = retriever(store, long[:1]).search(query("report", carried=(short,)))

    assert [hit.passage.id for hit in hits] == [long[0], short]


def test_an_id_that_the_store_does_not_know_is_no_hit(store: Store) -> None:
    """An index that is behind may name passages that are gone: they are passed by."""
    (short,) = ids(store, "short.md")

    hits = retriever(store, ["gone", short]).search(query("report"))

    assert [hit.passage.id for hit in hits] == [short]
    assert retriever(store, []).search(query("report")) == ()


def test_a_filter_that_leaves_many_passages_is_searched_by_reach(archive: Archive) -> None:
    """With the exact search or without it, the same filter finds the same articles."""
    wide = Filters(since=date(2024, 1, 1))

    assert sources(archive, "ferry to the island", wide) >= {"ferry.md"}
    assert "library.md" not in sources(archive, "clock on the library", wide)


def test_it_is_a_langchain_retriever(archive: Archive) -> None:
    """`invoke` gives documents with their card and offsets, for anybody's chain."""
    documents = archive._parts.retriever.invoke("Who is the mayor?")

    first = documents[0]
    article = archive.article(first.metadata["article_id"])
    start, end = first.metadata["start"], first.metadata["end"]
    assert article.text[start:end] == first.page_content
    assert first.metadata["published"] in ("2024-03-04", "2024-03-05")
    assert {"id", "title", "publisher", "url", "score"} <= set(first.metadata)
