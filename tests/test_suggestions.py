"""Suggested questions, over a real archive of small articles."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.archive import Archive, open_archive
from rag.quoting.suggestions import Suggestions

ARTICLES = {
    "bridge.md": """---
title: The bridge at Oberhaven
publisher: Coast Gazette
published: 2021-03-04
---
Marta Lindqvist opened the bridge at Oberhaven on Thursday. The bridge at Oberhaven cost 48
million crowns to build. The old ferry of Oberhaven was sold to a museum in 1987. The ferry of
Oberhaven carried 320 passengers on its last day.
""",
    "harbour.md": """---
title: A harbour for Langport
publisher: Langport Post
published: 2022-05-06
---
Anton Farrow signed the contract for the harbour of Langport. Langport had 12 fishing boats left
when the contract was signed. The first harbour of Langport was built in 1911.
""",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("suggestions")
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    with open_archive(folder / "index") as opened:
        opened.ingest(folder)
        yield opened


def test_examples_are_answered(archive: Archive) -> None:
    """Every example is a question that the archive answers."""
    found = archive.examples()

    assert found
    assert all(not archive.ask(question).abstained for question in found)


def test_examples_are_of_different_articles(archive: Archive) -> None:
    """The first two examples of two articles are answered from one each."""
    first, second, *_ = archive.examples()

    cited = [{c.source.article_id for c in archive.ask(q).citations} for q in (first, second)]
    assert cited[0] != cited[1]


def test_follow_ups_lead_on(archive: Archive) -> None:
    """What follows is answered, and is not what was asked already."""
    question = "Who opened the bridge at Oberhaven?"
    answer = archive.ask(question)

    found = archive.follow_ups(answer)

    assert found
    assert question not in found
    assert all(not archive.ask(question).abstained for question in found)


def test_a_refusal_leads_nowhere(archive: Archive) -> None:
    """An answer that cites nothing suggests nothing."""
    answer = archive.ask("What is the capital of Peru?")

    assert archive.follow_ups(answer) == ()


def test_the_archive_is_asked_only_so_often(archive: Archive) -> None:
    """However many questions could be made, few are tried."""
    asked: list[str] = []

    def refuses(question: str) -> object:
        asked.append(question)
        return archive.ask("What is the capital of Peru?")

    sources = [source for source in archive.sources() for _ in range(30)]
    found = Suggestions(refuses, archive.article).examples(sources, most=3)  # type: ignore[arg-type]

    assert found == ()
    assert len(asked) <= 12
