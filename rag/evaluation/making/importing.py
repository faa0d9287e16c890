"""Importing: questions that somebody wrote down, a row each, as cases with quotes for labels."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rag.evaluation.cases import Case, Evidence, case_from_json
from rag.evaluation.making.material import SINGLE_FACT, Material, case_about
from rag.evaluation.metrics.answers import mentions
from rag.evaluation.suite import SuiteError
from rag.language.sentences import sentence_spans
from rag.language.terms import terms
from rag.records import Article

_LIST_MARK = "|"  # between several right answers in one cell of a table
_NONE = "unanswerable"  # the category of a question that the articles do not answer


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
    category = str(row.get("category") or (SINGLE_FACT if golds or evidence else _NONE))
    return case_about(str(row.get("id") or name), question, golds, evidence, category)


def _golds(value: Any) -> list[str]:
    if value is None:
        return []
    several = value if isinstance(value, list) else str(value).split(_LIST_MARK)
    return [gold for item in several if (gold := str(item).strip())]


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


def _rows(file: Path) -> Iterator[Mapping[str, Any]]:
    if file.suffix.lower() == ".csv":
        return iter(csv.DictReader(io.StringIO(file_text(file))))
    return json_lines(file)


def json_lines(file: Path) -> Iterator[Mapping[str, Any]]:
    """The objects of a file that holds one a line.

    Raises:
        SuiteError: it cannot be read, or a line holds none.
    """
    for number, line in enumerate(file_text(file).splitlines(), start=1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError as error:
                raise SuiteError(f"line {number} of {file} is not JSON: {error}") from error
            if not isinstance(row, dict):
                raise SuiteError(f"line {number} of {file} must be an object")
            yield row


def file_text(file: Path) -> str:
    """The text of a file, without a byte order mark.

    Raises:
        SuiteError: it cannot be read.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SuiteError(f"{file} cannot be read: {error}") from error
