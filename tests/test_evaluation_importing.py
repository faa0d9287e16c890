"""Questions written down elsewhere become a suite whose labels are quotes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from overlap_archive import article

from rag.evaluation import SuiteError, load_suite
from rag.evaluation.making.importing import read_questions
from rag.evaluation.making.material import write_suite
from rag.evaluation.making.published import read_beir, read_multihop, read_squad

BRIDGE = article("bridge", "The bridge opened on Monday. It cost 412 million crowns.")
TUNNEL = article("tunnel", "The tunnel opened on Friday.")


def written(file: Path, *rows: Mapping[str, Any]) -> Path:
    """A JSON lines file of these rows."""
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def test_an_answer_finds_its_evidence(tmp_path: Path) -> None:
    """A question with nothing but an answer is labelled with the sentence that says it."""
    file = written(
        tmp_path / "q.jsonl",
        {"question": "When did the tunnel open?", "answer": "Friday"},
        {"question": "What is the capital of Peru?"},
        {"question": ""},
        {"question": "When did it open?", "answer": "Monday", "article": "bridge", "quote": "on M"},
    )

    material = read_questions(file, [BRIDGE, TUNNEL])

    found, none, given = material.cases
    assert [(e.article, e.quote) for e in found.evidence] == [("tunnel", TUNNEL.text)]
    assert (none.answerable, none.expect) == (False, "abstain")
    assert given.evidence[0].quote == "on M"
    assert material.skipped == ("row 3: no question",)


def test_a_table_is_read_like_lines(tmp_path: Path) -> None:
    """A CSV table says the same; several right answers stand apart by a bar."""
    file = tmp_path / "q.csv"
    file.write_text("question,answer,category\nWhat was it?,412 million|crowns,numeric\n", "utf-8")

    [case] = read_questions(file, [BRIDGE]).cases

    assert case.reference.answers == ("412 million", "crowns")
    assert (case.category, len(case.evidence)) == ("numeric", 0)


def test_a_suite_is_written_and_read_back(tmp_path: Path) -> None:
    """What is imported is a suite that loads; an old one is never overwritten."""
    file = written(tmp_path / "q.jsonl", {"question": "Where?", "answer": "Friday"})
    (tmp_path / "news").mkdir()
    material = read_questions(file, [TUNNEL])

    write_suite(material, tmp_path / "mine", name="mine", articles="../news")

    assert load_suite(tmp_path / "mine").cases == material.cases
    with pytest.raises(SuiteError, match="already"):
        write_suite(material, tmp_path / "mine", name="mine", articles="../news")


def test_squad_is_read(tmp_path: Path) -> None:
    """Paragraphs become articles, answers quotes, impossible questions near misses."""
    paragraph = {
        "context": BRIDGE.text,
        "qas": [
            {"id": "1", "question": "When?", "answers": [{"text": "Monday", "answer_start": 21}]},
            {"id": "2", "question": "Why?", "answers": [], "is_impossible": True},
            {"id": "3", "question": "Off?", "answers": [{"text": "Monday", "answer_start": 3}]},
        ],
    }
    file = tmp_path / "squad.json"
    file.write_text(json.dumps({"data": [{"title": "A B", "paragraphs": [paragraph]}]}), "utf-8")

    material = read_squad(file)

    assert [a.id for a in material.articles] == ["A-B-0"]
    right, impossible = material.cases
    assert right.evidence[0].quote == "The bridge opened on Monday."
    assert (impossible.expect, impossible.near_miss) == ("abstain", ("A-B-0",))
    assert len(material.skipped) == 1


def test_beir_is_read(tmp_path: Path) -> None:
    """Each relevant text is a group, quoted by the sentence nearest to the query."""
    written(tmp_path / "corpus.jsonl", {"_id": "1", "title": "T", "text": BRIDGE.text})
    written(tmp_path / "queries.jsonl", {"_id": "q", "text": "bridge cost"})
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq\t1\t1\n", "utf-8")

    [case] = read_beir(tmp_path).cases

    assert [(e.group, e.article) for e in case.evidence] == [("g1", "1")]
    assert case.answerable


def test_multihop_is_read(tmp_path: Path) -> None:
    """Each fact is a group; null queries expect an abstention."""
    entry = {"title": "T", "body": BRIDGE.text, "source": "S", "url": "https://a.example/1"}
    asked = {"query": "When?", "answer": "Monday", "question_type": "inference_query"}
    fact = {"url": entry["url"], "fact": "The bridge opened on Monday."}
    (tmp_path / "corpus.json").write_text(json.dumps([entry]), "utf-8")
    queries = [
        asked | {"evidence_list": [fact]},
        asked | {"question_type": "null_query", "evidence_list": []},
    ]
    (tmp_path / "MultiHopRAG.json").write_text(json.dumps(queries), "utf-8")

    told, null = read_multihop(tmp_path).cases

    assert (told.category, len(told.groups), told.answerable) == ("inference", 1, True)
    assert (null.expect, null.reference.answers) == ("abstain", ())


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A missing file, or lines that are not JSON, end in one message."""
    broken = tmp_path / "broken.jsonl"
    broken.write_text("{", encoding="utf-8")

    with pytest.raises(SuiteError, match="line 1"):
        read_questions(broken)
    with pytest.raises(SuiteError, match="cannot be read"):
        read_squad(tmp_path / "none.json")
