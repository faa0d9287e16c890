"""What a suite is made of: articles and cases, written as the folder that `rag eval` runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.evaluation.cases import Case, Evidence, Provenance, Reference, case_to_json
from rag.evaluation.suite import SUITE_FILE, SuiteError

ARTICLES_FILE = "articles.jsonl"
CASES_FILE = "cases.jsonl"
# The category of a case that is put in none.
SINGLE_FACT = "single-fact"


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


def case_about(
    name: str, question: str, golds: Sequence[str], evidence: tuple[Evidence, ...], category: str
) -> Case:
    """A case that somebody else made; without gold answers and evidence the articles do not say."""
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
