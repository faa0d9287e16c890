"""Pools of passages with questions whose answers are known, and the hits of each question.

Each pool becomes an archive, so that what is measured is what the product finds and answers.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from rag import Answer, Filters, Hit, open_archive
from rag.evaluation.suite import load_suite
from rag.language.terms import terms
from rag.records import Passage

_TOLERANCE = 0.8  # a quote is a gold sentence from this token F1 on


@dataclass(frozen=True, slots=True)
class Case:
    """One question. `home` is the passage it was asked about (an index into the pool).

    `answers` are texts of which one must stand in a quote; `evidence` are gold sentences of which
    one must be quoted. Both are empty for a question without an answer. `group` keeps what
    belongs together on one side of a split.
    """

    question: str
    home: int
    group: str
    answers: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        return bool(self.answers or self.evidence)

    @property
    def half(self) -> int:
        """0 or 1: the half of the data the question is in, by a hash of its group."""
        return hashlib.sha256(self.group.encode()).digest()[0] % 2

    def answered_by(self, quote: str, home: bool) -> bool:
        """Whether a quoted sentence answers; `home` tells that it is from the home passage."""
        if self.evidence:
            return any(token_f1(quote, gold) >= _TOLERANCE for gold in self.evidence)
        return home and any(answer in quote for answer in self.answers)


@dataclass(frozen=True, slots=True)
class Pool:
    name: str
    texts: tuple[str, ...]
    cases: tuple[Case, ...]


def data_folder(given: Path | None) -> Path:
    """The folder of the outside data: as given, else RAG_BENCH_DATA."""
    folder = given or Path(os.environ.get("RAG_BENCH_DATA", ""))
    if not (folder / "xquad-en").is_dir():
        raise SystemExit(f"no outside data in {folder}: give --data DIR or set RAG_BENCH_DATA")
    return folder


def folders(about: str | None) -> tuple[Path, Path | None]:
    """The folder of the outside data and that of kept indexes, as the command line names them.

    `about` is what `--help` tells of the bench.
    """
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--cache", type=Path)
    given = parser.parse_args()
    return data_folder(given.data), given.cache


def xquad(folder: Path) -> Pool:
    """240 paragraphs, 1,190 questions with answer texts; groups are the articles."""
    articles = json.loads((folder / "xquad-en/xquad.en.json").read_text("utf-8"))["data"]
    texts: list[str] = []
    cases: list[Case] = []
    for article in articles:
        for paragraph in article["paragraphs"]:
            for asked in paragraph["qas"]:
                answers = tuple(answer["text"] for answer in asked["answers"])
                case = Case(asked["question"], len(texts), article["title"], answers)
                cases.append(case)
            texts.append(paragraph["context"])
    return Pool("xquad-en", tuple(texts), tuple(cases))


def clapnq(folder: Path) -> Pool:
    """600 passages, 300 questions with gold sentences and 300 that their passage leaves open."""
    texts: list[str] = []
    cases: list[Case] = []
    for name in ("answerable", "unanswerable"):
        for line in (folder / f"clapnq/clapnq_dev_{name}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            gold = tuple(s for output in row["output"] for s in output["selected_sentences"])
            case = Case(row["input"], len(texts), row["id"], evidence=gold)
            cases.append(case)
            texts.append(row["passages"][0]["text"])
    return Pool("clapnq", tuple(texts), tuple(cases))


def token_f1(text: str, other: str) -> float:
    """Overlap of the white-space tokens of two texts, case folded: 1 is the same bag."""
    left, right = Counter(text.casefold().split()), Counter(other.casefold().split())
    common = (left & right).total()
    return 2 * common / (left.total() + right.total()) if common else 0.0


class Pooled:
    """A pool in an archive of its own, one article for each passage; a context manager.

    With `cache` the index is kept there and used again for the same texts.
    """

    def __init__(self, pool: Pool, cache: Path | None = None) -> None:
        self.pool = pool
        self._place = tempfile.TemporaryDirectory()
        self._archive = open_archive(self._folder(cache))
        rows = [json.dumps({"id": str(i), "text": text}) for i, text in enumerate(pool.texts)]
        articles = Path(self._place.name) / "articles.jsonl"
        articles.write_text("\n".join(rows), "utf-8")
        if len(self._archive.articles()) != len(pool.texts):
            self._archive.ingest(articles)
        self._found = Counter(term for text in pool.texts for term in set(terms(text)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()
        self._place.cleanup()

    def hits(self, question: str) -> list[Hit]:
        """What the product's retriever gives its answerer."""
        return list(self._archive.search(question, limit=self._archive.settings.passages))

    def ask(self, question: str) -> Answer:
        """What the product answers."""
        return self._archive.ask(question)

    def idf(self, term: str, *, without: int | None = None) -> float:
        """Rarity of a stem among the passages, as BM25 counts it; `without` leaves one out."""
        total, found = len(self.pool.texts), self._found[term]
        if without is not None:
            total, found = total - 1, found - (term in terms(self.pool.texts[without]))
        return math.log(1 + (total - found + 0.5) / (found + 0.5))

    def _folder(self, cache: Path | None) -> Path:
        if cache is None:
            return Path(self._place.name) / "index"
        key = hashlib.sha256("\0".join(self.pool.texts).encode()).hexdigest()[:16]
        return cache / f"{self.pool.name}-{key}"


@dataclass(frozen=True, slots=True)
class Told:
    """A question of the project's own archive as the product understands it, and what it finds.

    `quotes` are the sentences or parts of them that answer; none for a question that the archive
    leaves open. `needed` are words of the answer: a passage that holds them all may answer too.
    """

    question: str
    hits: tuple[Hit, ...]
    quotes: tuple[str, ...]
    needed: tuple[tuple[str, ...], ...]

    def answered_by(self, passage: Passage, start: int, end: int) -> bool:
        """Whether a stretch of a passage, by offsets in it, overlaps a quote that answers."""
        return any(
            place >= 0 and place < end and start < place + len(quote)
            for quote in self.quotes
            for place in [passage.text.find(quote)]
        )

    @property
    def bare(self) -> tuple[Hit, ...]:
        """The hits without those that answer: near misses, the same story with the answer gone."""
        return tuple(hit for hit in self.hits if not self._answers(hit.passage.text))

    def _answers(self, text: str) -> bool:
        stated = bool(self.needed) and any(any(w in text for w in group) for group in self.needed)
        return stated or any(quote in text or text in quote for quote in self.quotes)


class Newsroom:
    """The project's own news archive with one split of its questions; a context manager.

    Follow-ups and false premises are left out: what they ask depends on more than the question.
    """

    def __init__(self, split: str, cache: Path | None = None) -> None:
        suite = load_suite("archive")
        self._place = tempfile.TemporaryDirectory()
        self._archive = open_archive((cache or Path(self._place.name)) / f"archive-{split}")
        if self._archive.is_empty():
            self._archive.ingest(suite.articles)
        self._cases = [
            case
            for case in suite.cases
            if case.split == split and not case.turns and case.expect != "correct_premise"
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()
        self._place.cleanup()

    def idf(self, term: str) -> float:
        """Rarity of a stem among the archive's passages."""
        return self._archive._parts.index.opened().words.rarity(term)

    def told(self) -> list[Told]:
        """Every question with its hits."""
        limit = self._archive.settings.passages
        found = []
        for case in self._cases:
            filters = Filters(as_of=case.as_of)
            hits = self._archive.search(case.question, limit=limit, filters=filters)
            quotes = tuple(dict.fromkeys(evidence.quote for evidence in case.evidence))
            quotes = quotes if case.answerable else ()
            found.append(Told(case.question, hits, quotes, case.reference.must_include))
        return found


def is_home(case: Case, hit: Hit) -> bool:
    """Whether a hit is of the passage that the question was asked about."""
    return hit.passage.source.article_id == str(case.home)
