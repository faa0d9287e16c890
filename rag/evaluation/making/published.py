"""Published collections of questions, in the forms they are published in, as suites."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rag.evaluation.cases import Case, Evidence, Provenance
from rag.evaluation.making.importing import file_text, json_lines
from rag.evaluation.making.material import SINGLE_FACT, Imported, Material, case_about
from rag.evaluation.suite import SuiteError
from rag.language.sentences import sentence_spans
from rag.language.terms import terms


def read_squad(file: Path) -> Material:
    """SQuAD 1.1 or 2.0: a paragraph is an article, the first answer's sentence its evidence."""
    articles, cases, skipped = [], [], []
    for subject in _json(file)["data"]:
        for place, paragraph in enumerate(subject["paragraphs"]):
            article = Imported(f"{_slug(subject['title'])}-{place}", paragraph["context"])
            articles.append(article)
            for asked in paragraph["qas"]:
                case = _squad_case(asked, article)
                if case is None:
                    skipped.append(f"{asked['id']}: the answer is not where it says")
                else:
                    cases.append(case)
    return Material(tuple(articles), tuple(cases), tuple(skipped))


def read_multihop(folder: Path) -> Material:
    """MultiHop-RAG: corpus.json and MultiHopRAG.json; each fact is a group of evidence."""
    articles = tuple(
        Imported(
            item["url"],
            item["body"],
            item.get("title"),
            item.get("source"),
            (item.get("published_at") or "")[:10] or None,
            item["url"],
        )
        for item in _json(folder / "corpus.json")
    )
    cases = []
    for number, item in enumerate(_json(folder / "MultiHopRAG.json"), start=1):
        evidence = tuple(
            Evidence(f"g{place}", fact["url"], fact["fact"])
            for place, fact in enumerate(item["evidence_list"], start=1)
        )
        kind = item["question_type"].removesuffix("_query")
        cases.append(case_about(f"mh{number:04}", item["query"], [item["answer"]], evidence, kind))
    return Material(articles, tuple(cases))


def read_beir(folder: Path) -> Material:
    """BEIR: corpus.jsonl, queries.jsonl and qrels/test.tsv; each relevant text is a group.

    BEIR judges whole texts, so the quote is the sentence nearest to the query: read the metrics
    of articles, not those of passages. No answers are known, so only retrieval is measured.
    """
    articles = {
        str(row["_id"]): Imported(str(row["_id"]), row["text"], row.get("title") or None)
        for row in json_lines(folder / "corpus.jsonl")
    }
    relevant: dict[str, list[str]] = {}
    for query, text_id, grade in _qrels(folder / "qrels" / "test.tsv"):
        if grade > 0 and text_id in articles:
            relevant.setdefault(query, []).append(text_id)
    cases = []
    for row in json_lines(folder / "queries.jsonl"):
        found = relevant.get(str(row["_id"]), [])
        evidence = tuple(
            Evidence(f"g{place}", text_id, _nearest(row["text"], articles[text_id].text))
            for place, text_id in enumerate(found, start=1)
        )
        if evidence:
            name = f"beir-{_slug(str(row['_id']))}"
            cases.append(case_about(name, row["text"], [], evidence, "beir"))
    return Material(tuple(articles.values()), tuple(cases))


FORMATS: Mapping[str, Callable[[Path], Material]] = {
    "squad": read_squad,
    "multihop": read_multihop,
    "beir": read_beir,
}


def _squad_case(asked: Mapping[str, Any], article: Imported) -> Case | None:
    name, question = _slug(asked["id"]), asked["question"].strip()
    if asked.get("is_impossible"):
        return Case(
            id=name,
            category="near-miss",
            question=question,
            answerable=False,
            expect="abstain",
            near_miss=(article.id,),
            provenance=Provenance(by="import"),
        )
    golds = list(dict.fromkeys(answer["text"] for answer in asked["answers"]))
    at = asked["answers"][0]["answer_start"]
    if article.text[at : at + len(golds[0])] != golds[0]:
        return None
    quote = next(
        (article.text[a:b] for a, b in sentence_spans(article.text) if a <= at < b), golds[0]
    )
    return case_about(name, question, golds, (Evidence("a", article.id, quote),), SINGLE_FACT)


def _nearest(question: str, text: str) -> str:
    wanted = set(terms(question))
    sentences = [text[start:end] for start, end in sentence_spans(text)] or [text]
    return max(sentences, key=lambda sentence: len(wanted & set(terms(sentence))))


def _qrels(file: Path) -> Iterator[tuple[str, str, int]]:
    for line in file_text(file).splitlines():
        parts = line.split("\t")
        if len(parts) == 3 and parts[2].strip().lstrip("-").isdigit():
            yield parts[0], parts[1], int(parts[2])


def _json(file: Path) -> Any:
    try:
        return json.loads(file_text(file))
    except ValueError as error:
        raise SuiteError(f"{file} is not JSON: {error}") from error


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._") or "x"
