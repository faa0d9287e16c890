"""The face: what a script may call, and what it gets."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from conftest import written

import rag
from rag.archive import Archive, open_default, open_seeds, rebuild
from rag.errors import IndexMismatch, QuestionError, ReadError, StoreDamaged
from rag.records import CANNOT_ANSWER, Filters, Turn, Verdict
from rag.settings import Settings
from rag.versions import changes


def test_an_answer_can_be_checked_by_hand(archive: Archive) -> None:
    """Every quote of an answer is cut out of its article, word for word, and its claim with it."""
    answer = archive.ask("How many passengers does the ferry carry?")

    assert not answer.abstained and answer.complete
    assert "120" in answer.text and "[1]" in answer.text
    for claim in answer.claims:
        assert claim.verdict is Verdict.SUPPORTED
        for citation in claim.citations:
            quote, article = citation.quote, archive.article(citation.source.article_id)
            assert article.text[quote.start : quote.end] == quote.text
            assert citation.passage.start <= quote.start < quote.end <= citation.passage.end
    assert [citation.marker for citation in answer.citations] == [1][: len(answer.citations)] or [
        citation.marker for citation in answer.citations
    ] == list(range(1, len(answer.citations) + 1))


def test_a_citation_prints_its_source_card(archive: Archive) -> None:
    """Marker, quote, passage and source have the fields that a script reads."""
    (citation, *_) = archive.ask("What will the Ellery bridge cost?").citations

    source = citation.source
    assert citation.marker == 1
    assert (source.publisher, source.published) in {
        ("Harbour Herald", date(2024, 3, 4)),
        ("Inland Courier", date(2024, 3, 5)),
    }
    assert source.title == "Council votes to rebuild the Ellery bridge"
    assert source.url is None


def test_what_the_archive_does_not_say_is_an_answer(archive: Archive) -> None:
    """Off topic, the archive abstains and tells what it searched and what came nearest."""
    answer = archive.ask("What is the melting point of tungsten?")

    assert answer.abstained and answer.text == CANNOT_ANSWER
    assert answer.claims == () and answer.citations == ()
    assert answer.coverage is not None and answer.coverage.articles == 6


def test_an_answer_becomes_json(archive: Archive) -> None:
    """`to_dict` holds plain values with the text, the claims and the citations' sources."""
    plain = json.loads(json.dumps(archive.ask("Who is the mayor?").to_dict()))

    assert plain["text"] and plain["complete"] is True
    for citation in plain["citations"]:
        assert {"marker", "quote", "passage", "source"} <= set(citation)
        assert citation["source"]["published"].startswith("2024-03")
    assert plain["receipt"]["corpus"]


def test_a_follow_up_takes_its_turns(archive: Archive) -> None:
    """The exchanges before a question are given with it."""
    first = archive.ask("Who is the mayor of Port Ellery?")

    second = archive.ask("What did he say?", turns=[Turn("Who is the mayor?", first)])

    assert second.question == "What did he say?" and second.complete


def test_filters_limit_an_answer(archive: Archive) -> None:
    """No citation comes from an article that the filters leave out."""
    filters = Filters(publishers=("Inland Courier",), since=date(2024, 4, 1))

    answer = archive.ask("What will the Ellery bridge cost?", filters=filters)

    assert all(filters.admits(citation.source) for citation in answer.citations)
    assert all(filters.admits(hit.passage.source) for hit in answer.hits)
    assert answer.coverage is not None and answer.coverage.articles == 1


@pytest.mark.parametrize("question", ["", " \n ", "?!…", "w" * 2_001 + "?"])
def test_a_question_that_cannot_be_asked_is_told(archive: Archive, question: str) -> None:
    """Empty, only marks or too long: one error of one kind."""
    with pytest.raises(QuestionError):
        archive.ask(question)


def test_search_gives_hits(archive: Archive) -> None:
    """Best first, at most as many as asked for; any words may be searched for."""
    assert len(archive.search("bridge ferry apples clock", limit=3)) == 3
    assert len(archive.search("오케스트라", limit=2)) <= 2
    with pytest.raises(QuestionError):
        archive.search("", limit=2)


def test_articles_are_read_by_id(archive: Archive) -> None:
    """All of them in the order of their ids, one by its id, none by another's."""
    articles = archive.articles()

    assert [article.id for article in articles] == sorted(article.id for article in articles)
    assert archive.article("library.md").title == "The library and its clock"
    assert archive.article("library.md").published is None
    with pytest.raises(ReadError, match="no article 'nothing'"):
        archive.article("nothing")


def test_status_counts_what_there_is(archive: Archive) -> None:
    """Articles, passages, publishers, the span of dates and what it was built with."""
    status = archive.status()

    assert (status.articles, status.first, status.last) == (6, date(2024, 3, 4), date(2024, 9, 20))
    assert status.publishers == ("Harbour Herald", "Inland Courier", "Zürcher Bote")
    assert status.generation == status.searchable == 1
    assert status.built_with.endswith("/1000/150")


def test_a_removed_article_is_gone(news: Path, tmp_path: Path) -> None:
    """It is neither read nor found any more, and cannot be removed again; its history stays."""
    with rag.open_archive(tmp_path / "index") as archive:
        archive.ingest([news / "library.md", str(news / "ferry.md")])

        assert archive.remove("library.md") == ("library.md",)

        with pytest.raises(ReadError, match="removed before"):
            archive.remove("library.md")
        assert [version.live for version in archive.history("library.md")] == [False]
        assert [article.id for article in archive.articles()] == ["ferry.md"]
        hits = archive.search("the clock on the library")
        assert {hit.passage.source.article_id for hit in hits} <= {"ferry.md"}


def test_an_article_is_removed_by_its_url_and_all_or_none(news: Path, tmp_path: Path) -> None:
    """A url names an article as its id does; with one unknown name nothing is removed."""
    with rag.open_archive(tmp_path / "index") as archive:
        archive.ingest(news)

        with pytest.raises(ReadError, match=r"no article 'fery.md'.*'ferry.md'"):
            archive.remove("ferry.md", "fery.md")
        assert archive.article("ferry.md")
        assert archive.remove("https://herald.example/apples", "harvest") == ("harvest",)
        assert archive.status().articles == 5


def test_versions_are_told_with_what_changed(tmp_path: Path) -> None:
    """Each version with its number, time and text; the last is live and states its correction."""
    news = written(tmp_path / "news", {"a.txt": "One began. Two followed."})
    with rag.open_archive(tmp_path / "index") as archive:
        archive.ingest(news)
        (news / "a.txt").write_text("One began. Three followed.", encoding="utf-8")
        archive.ingest(news)

        first, second = archive.history("a.txt")

    assert (first.number, first.live, first.corrected) == (1, False, None)
    assert (second.number, second.live, second.corrected is not None) == (2, True, True)
    assert first.stored is not None and second.stored is not None
    assert first.stored <= second.stored
    assert changes(first.article, second.article)[-2:] == ("-Two followed.", "+Three followed.")
    assert changes(first.article, first.article) == ()


def test_copies_are_told_by_article(archive: Archive) -> None:
    """Of two articles that carry one report each is the other's copy; the rest have none."""
    copies = archive.copies([article.id for article in archive.articles()])

    assert {key: [source.article_id for source in found] for key, found in copies.items()} == {
        "bridge.md": ["wire/bridge.md"],
        "wire/bridge.md": ["bridge.md"],
    }


def test_holdings_count_versions_copies_and_bytes(news: Path, tmp_path: Path) -> None:
    """What is stored, by publisher, what it takes on disk, and that the index is in step."""
    with rag.open_archive(tmp_path / "index") as archive:
        assert archive.holdings().health == "empty"
        archive.ingest(news)
        archive.remove("library.md")

        held = archive.holdings()

        assert (held.census.articles, held.census.versions, held.census.reports) == (5, 6, 4)
        assert ("Harbour Herald", 2) in held.census.publishers
        assert min(held.store_bytes, held.words_bytes, held.vectors_bytes) > 1_000
        assert held.health == "in step"
        shutil.rmtree(tmp_path / "index" / "generations")
        assert archive.holdings().health == "damaged: run `rag doctor`"


def test_an_archive_is_found_again_where_it_was_copied(news: Path, tmp_path: Path) -> None:
    """A copied folder answers like the first, and nothing is embedded or made again."""
    with rag.open_archive(tmp_path / "one") as first:
        first.ingest(news)
        before = first.ask("Who is the mayor?")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    names = sorted(path.name for path in (tmp_path / "two" / "generations").iterdir())

    with rag.open_archive(tmp_path / "two") as second:
        assert second.ask("Who is the mayor?").text == before.text
    assert sorted(path.name for path in (tmp_path / "two" / "generations").iterdir()) == names


def test_other_settings_are_refused_until_it_is_rebuilt(news: Path, tmp_path: Path) -> None:
    """An index is not asked with other sizes than it was built with; `rebuild` mends it."""
    with rag.open_archive(tmp_path / "index") as archive:
        archive.ingest(news)
    smaller = Settings(passage_size=500)

    with pytest.raises(IndexMismatch, match=r"1000/150.*500/150.*rag rebuild"):
        rag.open_archive(tmp_path / "index", smaller)
    assert rebuild(tmp_path / "index", smaller) >= 6
    with rag.open_archive(tmp_path / "index", smaller) as archive:
        assert "120" in archive.ask("How many passengers does the ferry carry?").text


def test_the_seeds_answer_while_the_archive_is_empty(tmp_path: Path) -> None:
    """Nobody's empty archive is made to ask the seeds, which are made once."""
    settings = Settings(index=tmp_path / "own")

    with open_default(settings) as archive:
        assert archive.is_seeds and not archive.is_empty()
        folder, changed = archive.folder, archive.status().generation
    assert not (tmp_path / "own").exists()
    with open_seeds(settings) as again:
        assert (again.folder, again.status().generation) == (folder, changed)


def test_a_damaged_index_of_the_seeds_is_made_again(tmp_path: Path) -> None:
    """It is only a cache: nobody is asked to mend it."""
    settings = Settings(passage_size=700)
    with open_seeds(settings) as seeds:
        folder = seeds.folder
    (folder / "store.sqlite3").write_bytes(b"no store" * 2000)

    with open_seeds(settings) as seeds:
        assert not seeds.is_empty()


def test_an_archive_of_ones_own_comes_before_the_seeds(news: Path, tmp_path: Path) -> None:
    """Once there is an article of the user's, the seeds are not asked."""
    settings = Settings(index=tmp_path / "own")
    with rag.open_archive(settings=settings) as own:
        own.ingest([news / "ferry.md"])

    with open_default(settings) as archive:
        assert not archive.is_seeds and archive.folder == tmp_path / "own"


def test_an_archive_that_lost_its_store_is_told(news: Path, tmp_path: Path) -> None:
    """The seeds do not answer in its place, and the index is not thrown away."""
    settings = Settings(index=tmp_path / "own")
    with rag.open_archive(settings=settings) as own:
        own.ingest([news / "ferry.md"])
    for path in (tmp_path / "own").glob("store.sqlite3*"):
        path.unlink()

    with pytest.raises(StoreDamaged, match="is empty"):
        open_default(settings)


def test_ask_alone_is_enough(news: Path, tmp_path: Path) -> None:
    """One function opens, asks and closes."""
    with rag.open_archive(tmp_path / "index") as archive:
        archive.ingest(str(news))

    assert (
        "120" in rag.ask("How many passengers does the ferry carry?", index=tmp_path / "index").text
    )


def test_closing_twice_changes_nothing(tmp_path: Path) -> None:
    """An archive may be closed in a `with` and by hand; an empty one abstains."""
    with rag.open_archive(tmp_path / "index") as archive:
        assert archive.is_empty()
        assert archive.ask("Who is the mayor?").abstained
        archive.close()


def test_both_raw_seed_articles_can_be_read(tmp_path: Path) -> None:
    """Two files without title or publisher, one of them undated, are two articles."""
    folder = written(
        tmp_path / "raw", {"1.txt": "date 2023-09-13 One began.", "2.txt": "Two began."}
    )

    with rag.open_archive(tmp_path / "index") as archive:
        archive.ingest(folder)
        assert [article.published for article in archive.articles()] == [date(2023, 9, 13), None]
