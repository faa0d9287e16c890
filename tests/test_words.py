"""Words: passages found by their terms, filtered as asked, replaced and removed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rag.errors import IndexUnavailable
from rag.indexes.entry import head_terms
from rag.indexes.words import Words
from rag.records import Filters, Passage, Source


def passage(
    key: str,
    text: str,
    *,
    article: str = "a",
    title: str | None = None,
    publisher: str | None = None,
    published: date | None = None,
) -> Passage:
    source = Source(article, title, publisher, published)
    return Passage(key, source, text, 0, len(text))


MARCH = passage("m", "The bridge opens.", publisher="Herald", published=date(2024, 3, 4))
JUNE = passage(
    "j", "The bridge closes.", article="b", publisher="Zürcher Bote", published=date(2024, 6, 2)
)
UNDATED = passage("u", "The bridge stands.", article="c")


@pytest.fixture
def words(tmp_path: Path) -> Words:
    made = Words(tmp_path / "words")
    made.add([MARCH, JUNE, UNDATED])
    made.commit()
    return made


def found(words: Words, text: str, filters: Filters = Filters()) -> set[str]:  # noqa: B008
    return {key for key, _ in words.search(text, limit=10, filters=filters)}


def test_the_rarer_term_weighs_more(words: Words) -> None:
    """A passage that shares the rare term comes before those that share the common one."""
    hits = words.search("Which bridge closes?", limit=10, filters=Filters())

    assert hits[0][0] == "j"
    assert len(hits) == 3
    assert [score for _, score in hits] == sorted((score for _, score in hits), reverse=True)


def test_forms_of_a_word_are_one_term(words: Words) -> None:
    """Case, accents and endings do not matter."""
    assert found(words, "OPENING Brídges") == {"m", "j", "u"}


def test_title_publisher_and_date_are_searched(words: Words) -> None:
    """The source card is found like the text."""
    assert found(words, "Herald") == {"m"}
    assert found(words, "June 2024") == {"m", "j"}
    assert words.search("2024-06-02", limit=10, filters=Filters())[0][0] == "j"


@pytest.mark.parametrize(
    "text", ["", "   ", "?!…", "the of and", "조선", "x" * 100_000, "AND OR NOT *:^~"]
)
def test_a_text_that_shares_no_term_finds_nothing(words: Words, text: str) -> None:
    """No term in common, no hit; signs of a query language are no more than signs."""
    assert found(words, text) == set()


def test_a_very_long_text_is_searched_by_its_rarest_terms(words: Words) -> None:
    """A thousand terms are no error, and the one that says something is kept."""
    text = "bridge " + " ".join(f"word{n}" for n in range(1000)) + " closes"

    hits = words.search(text, limit=10, filters=Filters())

    assert isinstance(hits, list)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(since=date(2024, 4, 1)), {"j"}),
        (Filters(until=date(2024, 3, 4)), {"m"}),
        (Filters(as_of=date(2024, 3, 3)), set()),
        (Filters(since=date(1, 1, 1)), {"m", "j"}),
        (Filters(publishers=("zürcher bote", "other")), {"j"}),
        (Filters(publishers=("HERALD",), articles=("b",)), set()),
        (Filters(articles=("a", "c")), {"m", "u"}),
    ],
)
def test_filters_leave_what_they_admit(words: Words, filters: Filters, expected: set[str]) -> None:
    """Dates, publishers and articles limit the search; the undated never pass a date."""
    admitted = {p.id for p in (MARCH, JUNE, UNDATED) if filters.admits(p.source)}

    assert found(words, "bridge", filters) == expected == admitted


def test_a_filter_changes_no_score(words: Words) -> None:
    """A hit has the score that it has without the filter."""
    every = dict(words.search("bridge opens", limit=10, filters=Filters()))
    some = dict(words.search("bridge opens", limit=10, filters=Filters(articles=("a",))))

    assert some["m"] == pytest.approx(every["m"])


def test_passages_are_replaced_and_removed(words: Words, tmp_path: Path) -> None:
    """The same id again replaces; a removed one is gone; unknown ids change nothing."""
    words.add([passage("m", "A tunnel instead.")])
    words.remove(["j", "unknown"])
    words.commit()

    assert found(words, "bridge") == {"u"}
    assert found(Words(tmp_path / "words"), "tunnel") == {"m"}


def test_rarity_falls_with_every_passage_that_holds_the_term(words: Words) -> None:
    """An unseen term is the rarest, one that all hold the least rare."""
    assert words.rarity("unseen") > words.rarity("close") > words.rarity("bridg") > 0
    assert words.seen("bridg") and not words.seen("unseen")


def test_words_are_kept_as_they_were_written(words: Words) -> None:
    """Beside the terms stand the longer words, folded, with their numbers of passages."""
    assert words.written("bridge") == 3
    assert words.written("opens") == words.written("zurcher") == words.written("march") == 1
    assert not words.written("open") and not words.written("the")
    assert words.beginning("b") == [("bridge", 3), ("bote", 1)]


def test_a_damaged_folder_is_told(words: Words, tmp_path: Path) -> None:
    """A folder whose list of files is broken is refused in a line."""
    del words
    (tmp_path / "words" / "meta.json").write_text("{")

    with pytest.raises(IndexUnavailable, match="cannot be opened"):
        Words(tmp_path / "words")


def test_the_head_holds_title_publisher_and_date() -> None:
    """The date stands in figures and in words; what is unknown adds nothing."""
    assert head_terms(Source("a")) == []
    assert {"herald", "2024", "june", "bridg"} <= set(
        head_terms(Source("a", "Bridges", "Herald", date(2024, 6, 2)))
    )


def test_dates_before_the_year_1000_keep_their_order(tmp_path: Path) -> None:
    """A very old date is a day like any other."""
    words = Words(tmp_path / "old")
    words.add([passage("o", "Old bridge.", published=date(900, 1, 2))])
    words.commit()

    assert found(words, "bridge", Filters(since=date(899, 1, 1), until=date(901, 1, 1))) == {"o"}
    assert found(words, "bridge", Filters(since=date(2000, 1, 1))) == set()
