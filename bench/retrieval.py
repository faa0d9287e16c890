"""Is the right passage found? Questions over xquad-en and multihop-facts, through the archive.

    python bench/retrieval.py --data DIR [--embedding minilm-int8]        (or RAG_BENCH_DATA)

xquad-en: 240 paragraphs, one article each; hit@k is the share of the 1,190 questions whose own
paragraph is among the first k. multihop-facts: 438 evidence sentences with publisher, title and
date, one article each; recall@k is the mean share of a question's evidence among the first k,
nDCG@10 with gain 1 for each evidence sentence. 95 % intervals by bootstrap over questions.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rag import Archive, Hit, Settings, open_archive
from rag.embeddings.embedding import MINILM

Measured = dict[str, list[float]]


def main() -> None:
    """Print a line for each measure of each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=None)
    parser.add_argument("--embedding", default=MINILM)
    arguments = parser.parse_args()
    from pools import data_folder

    folder = data_folder(arguments.data)
    settings = Settings(embedding=arguments.embedding)
    for name, measure in (("xquad-en", xquad), ("multihop-facts", multihop)):
        with (
            tempfile.TemporaryDirectory() as place,
            open_archive(Path(place) / "index", settings) as archive,
        ):
            for label, values in measure(archive, folder, Path(place)).items():
                low, high = interval(values)
                print(
                    f"{name:<16}{label:<12}{np.mean(values):.3f}"
                    f"  [{low:.3f}, {high:.3f}]  n={len(values)}"
                )


def xquad(archive: Archive, folder: Path, place: Path) -> Measured:
    """Hits of each question's own paragraph among the first 1 and 5."""
    rows: list[dict[str, Any]] = []
    questions: list[tuple[str, str]] = []
    data = json.loads((folder / "xquad-en/xquad.en.json").read_text("utf-8"))["data"]
    for paragraph in (p for article in data for p in article["paragraphs"]):
        key = f"p{len(rows)}"
        rows.append({"id": key, "text": paragraph["context"]})
        questions += [(asked["question"], key) for asked in paragraph["qas"]]
    ingest(archive, rows, place)
    found = [
        ([hit.passage.source.article_id for hit in archive.search(question, limit=5)], key)
        for question, key in questions
    ]
    return {
        "hit@1": [float(key in ids[:1]) for ids, key in found],
        "hit@5": [float(key in ids) for ids, key in found],
    }


def multihop(archive: Archive, folder: Path, place: Path) -> Measured:
    """Recall of the evidence of each answerable question, and nDCG@10."""
    base = folder / "multihop-facts"
    queries = json.loads((base / "queries.json").read_text("utf-8"))["queries"]
    gold = json.loads((base / "ground_truth.json").read_text("utf-8"))
    facts: dict[str, dict[str, Any]] = {}
    for truth in gold.values():
        for item in truth["evidence_list"]:
            facts.setdefault(item["fact"], item)
    rows = [
        {
            "id": f"f{number}",
            "text": fact,
            "title": item["title"],
            "publisher": item["source"],
            "published": item["published_at"],
        }
        for number, (fact, item) in enumerate(facts.items())
    ]
    ids = {fact: f"f{number}" for number, fact in enumerate(facts)}
    ingest(archive, rows, place)
    measured: Measured = {"recall@4": [], "recall@10": [], "nDCG@10": []}
    for query in queries:
        wanted = {ids[item["fact"]] for item in gold[query["id"]]["evidence_list"]}
        if wanted:
            ranked = articles(archive.search(query["question"], limit=10))
            measured["recall@4"].append(len(wanted & set(ranked[:4])) / len(wanted))
            measured["recall@10"].append(len(wanted & set(ranked)) / len(wanted))
            measured["nDCG@10"].append(ndcg(ranked, wanted))
    return measured


def ingest(archive: Archive, rows: Sequence[dict[str, Any]], place: Path) -> None:
    path = place / "articles.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    report = archive.ingest(path)
    assert not report.failures, report.failures[:3]


def articles(hits: Sequence[Hit]) -> list[str]:
    return [hit.passage.source.article_id for hit in hits]


def ndcg(ranked: Sequence[str], wanted: set[str]) -> float:
    gained = sum(1 / math.log2(i + 2) for i, key in enumerate(ranked[:10]) if key in wanted)
    return gained / sum(1 / math.log2(i + 2) for i in range(min(10, len(wanted))))


def interval(values: Sequence[float], *, draws: int = 2000) -> tuple[float, float]:
    """The 95 % bootstrap interval of a mean."""
    random = np.random.default_rng(0)
    sample = np.asarray(values)
    means = [sample[random.integers(0, len(sample), len(sample))].mean() for _ in range(draws)]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


if __name__ == "__main__":
    main()
