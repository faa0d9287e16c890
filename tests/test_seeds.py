"""The seed articles, ours and the raw ones they restate, answer what they hold."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from rag import bundle
from rag.archive import Archive, open_archive
from rag.settings import Settings

# Read before a fixture clears the variables of the user.
_RAW = os.environ.get("RAG_RAW_SEEDS")


@pytest.fixture(scope="module", params=["ours", "raw"])
def seeds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """An archive of one pair of articles."""
    if request.param == "raw" and (not _RAW or not Path(_RAW).is_dir()):
        pytest.skip("RAG_RAW_SEEDS names no folder of the raw articles")
    folder = bundle.folder("seeds") if request.param == "ours" else Path(str(_RAW))
    archive = open_archive(tmp_path_factory.mktemp(request.param) / "index", Settings())
    request.addfinalizer(archive.close)
    report = archive.ingest(folder)
    assert (report.added, report.failures) == (2, ())
    return archive


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How large is the Vostochny Cosmodrome?", "551.5 square kilometers"),
        ("When did Vostochny begin operating as Russia's main spaceport?", "2016"),
        (
            "Which professor said North Korea lags behind in reconnaissance satellites?",
            "Lim Eul-chul",
        ),
        ("How far is the Vostochny Cosmodrome from Moscow?", "5,500 kilometers"),
    ],
)
def test_a_fact_is_quoted_word_for_word(seeds: Archive, question: str, said: str) -> None:
    """The answer holds the fact, and every quote slices out of its article."""
    answer = seeds.ask(question)

    assert said in answer.text
    for citation in answer.citations:
        text = seeds.article(citation.source.article_id).text
        assert text[citation.quote.start : citation.quote.end] == citation.quote.text


@pytest.mark.parametrize("question", ["What is the capital of Peru?", "Who won the World Cup?"])
def test_what_is_not_there_is_refused(seeds: Archive, question: str) -> None:
    """A refusal says what was searched."""
    answer = seeds.ask(question)

    assert answer.abstained
    assert answer.coverage is not None
    assert answer.coverage.articles == 2


def test_what_a_raw_article_does_not_state_stays_unknown(seeds: Archive) -> None:
    """Only stated dates and titles are known; a leading date is no part of the text."""
    articles = seeds.articles()

    assert any(article.published == date(2023, 9, 13) for article in articles)
    assert not any(article.text.lstrip().startswith("date ") for article in articles)
    if all(article.publisher is None for article in articles):
        assert sorted(str(article.published) for article in articles) == ["2023-09-13", "None"]
        assert all(article.title is None for article in articles)
