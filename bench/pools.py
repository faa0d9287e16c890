"""Pools of passages with questions whose answers are known, and the hits of each question.

The hits are made here by BM25 over the house's terms and the cosine of all-MiniLM-L6-v2, fused by
reciprocal rank, so that choosing sentences can be measured without an index on disk.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.minilm import MiniLM
from rag.records import Hit, Passage, Source
from rag.terms import terms

HITS = 12  # passages given to the sentence ranker
_FUSION = 60  # the usual constant of reciprocal-rank fusion (Cormack, Clarke, Büttcher 2009)
_SATURATION, _LENGTH = 1.2, 0.75  # BM25's customary k1 and b
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


class Search:
    """Hybrid search over a pool held in memory."""

    def __init__(self, pool: Pool, cache: Path | None = None) -> None:
        self._passages = [_passage(i, text) for i, text in enumerate(pool.texts)]
        bags = [Counter(terms(text)) for text in pool.texts]
        self._found = Counter(term for bag in bags for term in bag)
        self._vectors = _vectors(pool.texts, cache)
        asked = [case.question for case in pool.cases]
        self._asked = dict(zip(asked, _vectors(asked, cache), strict=True))
        mean = sum(bag.total() for bag in bags) / len(bags)
        self._weights: dict[str, dict[int, float]] = {}
        for i, bag in enumerate(bags):
            norm = _SATURATION * (1 - _LENGTH + _LENGTH * bag.total() / mean)
            for term, count in bag.items():
                weight = self.idf(term) * count * (_SATURATION + 1) / (count + norm)
                self._weights.setdefault(term, {})[i] = weight

    def idf(self, term: str) -> float:
        """Rarity of a stem among the passages, as BM25 counts it; above 0."""
        found = self._found[term]
        return math.log(1 + (len(self._passages) - found + 0.5) / (found + 0.5))

    def hits(self, question: str, limit: int = HITS) -> list[Hit]:
        scores: Counter[int] = Counter()
        for term in terms(question):
            scores.update(self._weights.get(term, {}))
        words = {i: rank for rank, (i, _) in enumerate(scores.most_common(50), 1)}
        cosines = self._vectors @ self._asked[question]
        nearest = np.argsort(-cosines, kind="stable")[:50]
        vectors = {int(i): rank for rank, i in enumerate(nearest, 1)}
        fused: Counter[int] = Counter()
        for leg in (words, vectors):
            for i, rank in leg.items():
                fused[i] += 1 / (_FUSION + rank)  # type: ignore[assignment]
        return [
            Hit(
                self._passages[i],
                score,
                {n: leg[i] for n, leg in (("words", words), ("vectors", vectors)) if i in leg},
                float(cosines[i]),
            )
            for i, score in fused.most_common(limit)
        ]


def _passage(number: int, text: str) -> Passage:
    return Passage(f"{number}:0", Source(str(number)), text, 0, len(text))


def _vectors(texts: Sequence[str], cache: Path | None) -> NDArray[np.float32]:
    if cache is None:
        return MiniLM().embed(texts)
    key = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
    path = cache / f"minilm-{key}.npy"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        np.save(path, MiniLM().embed(texts))
    return np.asarray(np.load(path), dtype=np.float32)


Idf = Callable[[str], float]
