"""A receipt is enough to answer again."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from conftest import written

from rag.archive import Archive, open_archive
from rag.errors import ReadError
from rag.records import Filters, Turn
from rag.replay import read_recorded, replay
from rag.settings import Settings

QUESTIONS = (
    "How much will the swing bridge cost?",
    "Who said nobody had been hurt?",
    "What is the capital of Peru?",
    "What was reported last week about the ferry?",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_same_archive_same_answer(archive: Archive, question: str) -> None:
    """On the same archive a recorded answer replays identical, whatever day it is now."""
    answer = archive.ask(question, today=date(2024, 4, 25))

    found = replay(archive, json.loads(json.dumps(answer.to_dict())))

    assert found.identical, found.drifts


def test_follow_up_and_filters_are_replayed(archive: Archive) -> None:
    """The turns before a question and its filters are part of the receipt."""
    first = archive.ask("How much will the swing bridge cost?")
    filters = Filters(until=date(2024, 12, 31), publishers=("Harbour Herald",))
    answer = archive.ask(
        "And how long will it take?", turns=[Turn(first.question, first)], filters=filters
    )

    found = replay(archive, json.loads(json.dumps(answer.to_dict())))

    assert answer.understood != answer.question
    assert found.identical, found.drifts


def test_a_changed_article_is_named_as_the_reason(tmp_path: Path) -> None:
    """When the archive has changed, the replay says what drifted and that the corpus did."""
    files = {"a.md": "The tower in Lund is 80 metres high."}
    with open_archive(tmp_path / "index", Settings()) as archive:
        archive.ingest(written(tmp_path / "files", files))
        recorded = json.loads(json.dumps(archive.ask("How high is the tower?").to_dict()))
        written(tmp_path / "files", {"a.md": "The tower in Lund is 85 metres high."})
        archive.ingest(tmp_path / "files")

        found = replay(archive, recorded)

    assert not found.identical
    assert any(drift.startswith("claims") for drift in found.drifts)
    assert any(reason.startswith("corpus") for reason in found.reasons)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"receipt": 3}'])
def test_a_file_without_a_receipt_is_refused(tmp_path: Path, content: str) -> None:
    """What is no recorded answer is a clear error."""
    path = tmp_path / "answer.json"
    path.write_text(content)

    with pytest.raises(ReadError, match="rag ask --json"):
        read_recorded(path)
