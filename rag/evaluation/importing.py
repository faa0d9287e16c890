"""Importing: questions that somebody else wrote down, as a suite.

Every reader yields a `Material`: articles (where the format brings them) and cases whose labels are
quotes. `write_suite` makes the folder that `rag eval` runs.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.evaluation.answers import mentions
from rag.evaluation.cases import Case, Evidence, Provenance, Reference, case_from_json, case_to_json
from rag.evaluation.suite import SUITE_FILE, SuiteError
from rag.language.sentences import sentence_spans
from rag.language.terms import terms
from rag.records import Article

ARTICLES_FILE = "articles.jsonl"
CASES_FILE = "cases.jsonl"
_LIST_MARK = "|"  # between several right answers in one cell of a table
_SINGLE, _NONE = "single-fact", "unanswerable"


@dataclass(frozen=True, slots=True)
class Imported:
    """An article as it is written to articles.jsonl."""

    id: str
    text: str
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """What a file held; `skipped` says of each entry that became no case why."""

    articles: tuple[Imported, ...]
    cases: tuple[Case, ...]
    skipped: tuple[str, ...] = ()


def write_suite(material: Material, out: Path, *, name: str, articles: str | None = None) -> Path:
    """Writes suite.yaml, cases.jsonl and, unless others are named, articles.jsonl.

    `articles` is a path as suite.yaml is to hold it. Gates are the invariants that need no
    tuning. Returns the suite's file.

    Raises:
        SuiteError: there is no case, or a suite is there already.
    """
    file = out / SUITE_FILE
    if file.exists():
        raise SuiteError(f"{file} is there already: choose another --out")
    if not material.cases:
        reasons = "; ".join(material.skipped[:3])
        raise SuiteError(f"no case could be made{': ' + reasons if reasons else ''}")
    out.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(case_to_json(case), ensure_ascii=False) for case in material.cases)
    (out / CASES_FILE).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    if articles is None:
        write_articles(material.articles, out)
    file.write_text(
        "schema: 1\n"
        f"name: {json.dumps(name)}\n"
        f"articles: {json.dumps(articles or ARTICLES_FILE)}\n"
        "gates:\n  invariants: [quote_exact, citation_valid, reproducible]\n  flips: {}\n",
        encoding="utf-8",
    )
    return file


def write_articles(articles: Iterable[Imported], out: Path) -> None:
    """Writes the articles.jsonl of a suite's folder."""
    rows = (json.dumps(_filled(article), ensure_ascii=False) for article in articles)
    (out / ARTICLES_FILE).write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")


def read_questions(file: Path, articles: Iterable[Article] = ()) -> Material:
    """Questions in JSON lines or a CSV table, about articles that are given.

    Only `question` is needed. `answer` or `answers` hold what is right (a cell may hold several,
    apart by `|`); none at all means that the articles do not say. `article` and `quote` label
    the evidence; without a quote it is the one sentence of the articles that says the answer. A
    line that already is a case of a suite is taken as it is.
    """
    return questions_of(_rows(file), articles)


def questions_of(rows: Iterable[Mapping[str, Any]], articles: Iterable[Article]) -> Material:
    """The cases of rows as `read_questions` reads them from a file."""
    stored = tuple(articles)
    cases, skipped = [], []
    for number, row in enumerate(rows, start=1):
        try:
            cases.append(_case_of(row, f"q{number:03}", stored))
        except ValueError as error:
            skipped.append(f"row {number}: {error}")
    return Material((), tuple(cases), tuple(skipped))


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
        cases.append(_case(f"mh{number:04}", item["query"], [item["answer"]], evidence, kind))
    return Material(articles, tuple(cases))


def read_beir(folder: Path) -> Material:
    """BEIR: corpus.jsonl, queries.jsonl and qrels/test.tsv; each relevant text is a group.

    BEIR judges whole texts, so the quote is the sentence nearest to the query: read the metrics
    of articles, not those of passages. No answers are known, so only retrieval is measured.
    """
    articles = {
        str(row["_id"]): Imported(str(row["_id"]), row["text"], row.get("title") or None)
        for row in _json_lines(folder / "corpus.jsonl")
    }
    relevant: dict[str, list[str]] = {}
    for query, text_id, grade in _qrels(folder / "qrels" / "test.tsv"):
        if grade > 0 and text_id in articles:
            relevant.setdefault(query, []).append(text_id)
    cases = []
    for row in _json_lines(folder / "queries.jsonl"):
        found = relevant.get(str(row["_id"]), [])
        evidence = tuple(
            Evidence(f"g{place}", text_id, _nearest(row["text"], articles[text_id].text))
            for place, text_id in enumerate(found, start=1)
        )
        if evidence:
            cases.append(_case(f"beir-{_slug(str(row['_id']))}", row["text"], [], evidence, "beir"))
    return Material(tuple(articles.values()), tuple(cases))


FORMATS: Mapping[str, Callable[[Path], Material]] = {
    "squad": read_squad,
    "multihop": read_multihop,
    "beir": read_beir,
}


def _case_of(row: Mapping[str, Any], name: str, articles: Sequence[Article]) -> Case:
    """The case of one row.

    Raises:
        ValueError: the row lacks something; says what.
    """
    if "expect" in row:
        return case_from_json(row)
    question = str(row.get("question") or "").strip()
    if not question:
        raise ValueError("no question")
    golds = _golds(row.get("answers") or row.get("answer"))
    quote, label = row.get("quote"), row.get("article")
    evidence: tuple[Evidence, ...] = ()
    if quote and label:
        evidence = (Evidence("a", str(label), str(quote)),)
    elif golds:
        evidence = _saying(golds, question, [a for a in articles if label in (None, "", a.id)])
    category = str(row.get("category") or (_SINGLE if golds or evidence else _NONE))
    return _case(str(row.get("id") or name), question, golds, evidence, category)


def _case(
    name: str, question: str, golds: Sequence[str], evidence: tuple[Evidence, ...], category: str
) -> Case:
    answerable = bool(evidence or golds) and category != "null"
    return Case(
        id=name,
        category=category,
        question=question,
        answerable=answerable,
        expect="answer" if answerable else "abstain",
        reference=Reference(answers=tuple(golds)) if answerable else Reference(),
        evidence=evidence if answerable else (),
        provenance=Provenance(by="import"),
    )


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
    return _case(name, question, golds, (Evidence("a", article.id, quote),), _SINGLE)


def _saying(
    golds: Sequence[str], question: str, articles: Sequence[Article]
) -> tuple[Evidence, ...]:
    """The sentence that says an answer and shares most words with the question, with its equals.

    Empty where no sentence says one. All are of one group: any of them will do.
    """
    wanted = set(terms(question))
    found = []
    for article in articles:
        for start, end in sentence_spans(article.text):
            sentence = article.text[start:end]
            if any(mentions(sentence, gold) for gold in golds):
                shared = len(wanted & set(terms(sentence)))
                found.append((shared, Evidence("a", article.id, sentence)))
    most = max((shared for shared, _ in found), default=0)
    return tuple(evidence for shared, evidence in found if shared == most > 0)


def _nearest(question: str, text: str) -> str:
    wanted = set(terms(question))
    sentences = [text[start:end] for start, end in sentence_spans(text)] or [text]
    return max(sentences, key=lambda sentence: len(wanted & set(terms(sentence))))


def _golds(value: Any) -> list[str]:
    if value is None:
        return []
    several = value if isinstance(value, list) else str(value).split(_LIST_MARK)
    return [gold for item in several if (gold := str(item).strip())]


def _rows(file: Path) -> Iterator[Mapping[str, Any]]:
    if file.suffix.lower() == ".csv":
        return iter(csv.DictReader(io.StringIO(_text(file))))
    return _json_lines(file)


def _json_lines(file: Path) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(_text(file).splitlines(), start=1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError as error:
                raise SuiteError(f"line {number} of {file} is not JSON: {error}") from error
            if not isinstance(row, dict):
                raise SuiteError(f"line {number} of {file} must be an object")
            yield row


def _json(file: Path) -> Any:
    try:
        return json.loads(_text(file))
    except ValueError as error:
        raise SuiteError(f"{file} is not JSON: {error}") from error


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SuiteError(f"{file} cannot be read: {error}") from error


def _qrels(file: Path) -> Iterator[tuple[str, str, int]]:
    for line in _text(file).splitlines():
        parts = line.split("\t")
        if len(parts) == 3 and parts[2].strip().lstrip("-").isdigit():
            yield parts[0], parts[1], int(parts[2])


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._") or "x"


def _filled(article: Imported) -> dict[str, str]:
    fields = {
        "id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "published": article.published,
        "url": article.url,
        "text": article.text,
    }
    return {key: value for key, value in fields.items() if value is not None}
