"""What an answer was not made from, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from rag.archive import Archive, open_archive
from rag.quoting.left_out import Limit, limits_of
from rag.records import Filters, Source

QUESTION = "What did the harbour tunnel cost?"
TEXTS = {
    "early": ("The Gazette", "2023-05-02", "The harbour tunnel cost 410 million crowns."),
    "late": ("The Echo", "2023-05-14", "The harbour tunnel cost 480 million crowns, it is said."),
    "undated": ("The Echo", "", "The harbour tunnel was to cost 90 million crowns in 1974."),
    "other": ("The Wire", "2023-05-14", "A heron was seen in the park again on Sunday morning."),
}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """Four articles: three of the tunnel, one of a heron."""
    for name, (publisher, published, text) in TEXTS.items():
        day = f"date: {published}\n" if published else ""
        card = f"---\ntitle: {name}\npublisher: {publisher}\n{day}---\n"
        (tmp_path / f"{name}.md").write_text(f"{card}{text}\n", encoding="utf-8")
    with open_archive(tmp_path / "index") as opened:
        opened.ingest(tmp_path)
        yield opened


def test_nothing_is_left_out_without_limits(archive: Archive) -> None:
    """A question without limits over a small archive leaves nothing out."""
    out = archive.left_out(archive.ask(QUESTION))

    assert (out.undated, out.outside_dates, out.other_publishers) == (0, 0, 0)
    assert (out.missed, out.crowded, out.lower) == ((), (), 0)


def test_articles_beyond_the_limits_are_counted_and_named(archive: Archive) -> None:
    """Undated, older and others' articles are counted; the best that were missed are named."""
    filters = Filters(since=date(2023, 5, 10), publishers=("The Echo",))

    out = archive.left_out(archive.ask(QUESTION, filters=filters), filters=filters)

    assert (out.undated, out.outside_dates, out.other_publishers) == (1, 1, 2)
    assert {missed.hit.passage.source.title: missed.limits for missed in out.missed} == {
        "early": (Limit.EARLIER, Limit.PUBLISHER),
        "undated": (Limit.UNDATED,),
    }


def test_limits_of_the_question_count_too(archive: Archive) -> None:
    """A date that the question itself asks for leaves articles out as a filter does."""
    question = "What did the harbour tunnel cost, as reported since 10 May 2023?"
    answer = archive.ask(question)

    out = archive.left_out(answer)

    assert out.filters.since == date(2023, 5, 10)
    assert out.undated == 1
    assert "early" in [missed.hit.passage.source.title for missed in out.missed]


def test_limits_that_leave_nothing(archive: Archive) -> None:
    """Where the limits leave nothing to search, what would have been found is named."""
    filters = Filters(since=date(2030, 1, 1))

    out = archive.left_out(archive.ask(QUESTION, filters=filters), filters=filters)

    assert (out.undated, out.outside_dates) == (1, 3)
    assert out.missed[0].limits in ((Limit.EARLIER,), (Limit.UNDATED,))


def test_passages_of_one_article_are_crowded_out(tmp_path: Path) -> None:
    """Of an article that fills the passages, those beyond its share are named as crowded out."""
    paragraphs = [
        f"The harbour tunnel cost much in its part {n}. " + f"Digging part {n} took long. " * 40
        for n in range(9)
    ]
    (tmp_path / "long.md").write_text("\n\n".join(paragraphs), encoding="utf-8")
    for n in range(20):
        text = f"A harbour in the north, number {n}, has tunnel lamp {n * 7} to mend."
        (tmp_path / f"short{n}.md").write_text(text, encoding="utf-8")
    with open_archive(tmp_path / "index") as archive:
        archive.ingest(tmp_path)

        out = archive.left_out(archive.ask("What did the parts of the harbour tunnel cost?"))

    assert {hit.passage.source.article_id for hit in out.crowded} == {"long.md"}
    assert out.lower > 0


@pytest.mark.parametrize(
    ("source", "limits"),
    [
        (Source("a", publisher="The Echo", published=date(2023, 5, 1)), ()),
        (Source("a", publisher="THE ECHO", published=date(2022, 1, 1)), (Limit.EARLIER,)),
        (Source("a", publisher="The Echo", published=date(2024, 1, 1)), (Limit.LATER,)),
        (Source("a"), (Limit.UNDATED, Limit.PUBLISHER)),
    ],
)
def test_every_limit_is_given(source: Source, limits: tuple[Limit, ...]) -> None:
    """A source card that passes no limit is told all of them; one that passes, none."""
    filters = Filters(since=date(2023, 1, 1), until=date(2023, 12, 31), publishers=("The Echo",))

    assert limits_of(source, filters) == limits
    assert filters.admits(source) is not bool(limits)
