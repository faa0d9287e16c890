"""Passages: offsets, sizes, and every word in one of them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from rag.passages import passage_id, split
from rag.records import Article, Passage, Source

_ODD = st.sampled_from(
    ["\n", "\n\n", " ", ". ", "! ", "e\u0301", "👩‍👩‍👧", "日本語", "a" * 90, "\u200b", "\t"]
)
_TEXTS = st.lists(st.one_of(st.text(max_size=30), _ODD), max_size=60).map("".join)


def article(text: str) -> Article:
    return Article(Source("a"), text, "hash")


def cut(text: str, size: int = 200, overlap: int = 40) -> list[Passage]:
    return split(article(text), size=size, overlap=overlap)


@settings(max_examples=150, deadline=None)
@given(_TEXTS)
def test_a_passage_is_its_stretch_of_the_article(text: str) -> None:
    """The offsets of every passage cut exactly its text out of the article."""
    for passage in cut(text):
        assert text[passage.start : passage.end] == passage.text


@settings(max_examples=150, deadline=None)
@given(_TEXTS, st.integers(20, 300), st.integers(0, 10))
def test_no_passage_is_longer_than_the_size(text: str, size: int, overlap: int) -> None:
    """No passage is empty or longer than the size asked for."""
    assert all(0 < len(passage.text) <= size for passage in cut(text, size, overlap))


@settings(max_examples=150, deadline=None)
@given(_TEXTS)
def test_every_word_is_in_a_passage(text: str) -> None:
    """Every character that is not white space lies in some passage."""
    covered = bytearray(len(text))
    for passage in cut(text):
        covered[passage.start : passage.end] = b"\1" * (passage.end - passage.start)
    assert all(covered[i] or char.isspace() for i, char in enumerate(text))


@settings(max_examples=100, deadline=None)
@given(_TEXTS)
def test_passages_advance(text: str) -> None:
    """Each passage begins and ends after the one before, so that cutting comes to an end."""
    passages = cut(text)
    for before, after in pairwise(passages):
        assert before.start < after.start
        assert before.end < after.end


def test_passages_overlap_by_whole_sentences() -> None:
    """The next passage repeats the last sentences of the one before, within the overlap."""
    text = " ".join(f"Sentence number {n:02d} ends here." for n in range(20))

    passages = cut(text, size=150, overlap=60)

    for before, after in pairwise(passages):
        assert 0 < before.end - after.start <= 60
        assert after.text.startswith("Sentence")


def test_one_word_of_a_megabyte_is_cut_to_size() -> None:
    """A word without end is cut into pieces of the size that hold all of it."""
    text = "x" * 1_000_000

    passages = cut(text, size=1000, overlap=150)

    assert len(passages) == 1000
    assert sum(len(passage.text) for passage in passages) == len(text)


@pytest.mark.parametrize("text", ["", " ", "\n" * 100_000, "\t\n " * 30_000])
def test_white_space_alone_has_no_passage(text: str) -> None:
    """Nothing but white space gives nothing to search."""
    assert cut(text) == []


def test_ids_tell_articles_versions_and_places_apart() -> None:
    """The same stretch of the same version has the same id; any other has another."""
    one = article("text")
    other = Article(Source("a"), "text", "other hash")

    ids = {passage_id(one, 0, 4), passage_id(one, 0, 3), passage_id(other, 0, 4)}

    assert len(ids) == 3
    assert passage_id(one, 0, 4) == passage_id(article("text"), 0, 4)


def test_a_long_article_is_cut_in_good_time() -> None:
    """Five megabytes of sentences give passages that cover it, without reading it anew for each."""
    text = "A short sentence of a long report stands here. " * 106_000

    passages = cut(text, size=1000, overlap=150)

    assert passages[-1].end >= len(text) - 1
    assert 5_000 < len(passages) < 8_000
