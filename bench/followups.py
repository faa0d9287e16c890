"""Follow-ups without a model, measured: token overlap with people's rewrites, and what is found.

Reads `followups/dev.json` (dialogs of questions, each with its history and a rewrite by a person
that stands on its own). A dialog belongs to the development half or to the report half by the
hash of its id; rules are written on the first, and figures are shown for both.

    python bench/followups.py --data DIR [--vectors] [--examples 20]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import string
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from rag.asking.followups import Exchange, resolve
from rag.embeddings.embedding import MiniLMEmbeddings
from rag.language.terms import terms

NO_ANSWER = "I don't know."  # how the file writes CANNOTANSWER
RESAMPLES = 1000
_PARTS = (
    ("development half", (True,)),
    ("report half", (False,)),
    ("both halves", (True, False)),
)
DEPTH = 5

Scores = NDArray[np.float64]
Searcher = Callable[[Sequence[str]], Scores]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a dialog; `answer` is its row in the pool, None where none is recorded."""

    dialog: str
    question: str
    rewrite: str
    titles: tuple[str, str]
    history: tuple[Exchange, ...]
    answer: int | None

    @property
    def unchanged(self) -> bool:
        """Whether a person left the question as it was."""
        return self.question.strip() == self.rewrite.strip()

    @property
    def development(self) -> bool:
        return hashlib.sha256(self.dialog.encode()).digest()[0] % 2 == 0


Interval = tuple[float, float, float]  # the value, and where 95 % of the resampled values lie


@dataclass(frozen=True, slots=True)
class Row:
    """One way to put the questions, measured on one half.

    `follow` is the token F1 of the questions that have an earlier turn alone; `kept` the share of
    the questions left unchanged by people that are unchanged; `closed` the share of the gap in
    recall@5 between the raw questions and people's.
    """

    name: str
    f1: Interval
    follow: Interval
    kept: Interval
    recall: Interval
    closed: Interval


def read(path: Path) -> tuple[list[Asked], list[str]]:
    """The questions in the order of their dialogs, and the pool of recorded answers."""
    dialogs: dict[str, list[dict[str, object]]] = defaultdict(list)
    for entry in json.loads(path.read_text(encoding="utf-8")):
        dialogs[entry["QuAC_dialog_id"]].append(entry)
    asked: list[Asked] = []
    pool: list[str] = []
    for dialog, entries in dialogs.items():
        for entry, following in zip(entries, [*entries[1:], None], strict=True):
            answer = None
            if following is not None:
                text = str(_history(following)[-1])
                if text != NO_ANSWER:
                    answer = len(pool)
                    pool.append(text)
            lines = _history(entry)
            pairs = zip(lines[2::2], lines[3::2], strict=True)
            asked.append(
                Asked(
                    dialog,
                    str(entry["Question"]),
                    str(entry["Rewrite"]),
                    (lines[0], lines[1]),
                    tuple(Exchange(q, "" if a == NO_ANSWER else a) for q, a in pairs),
                    answer,
                )
            )
    return asked, pool


def _history(entry: dict[str, object]) -> list[str]:
    lines = entry["History"]
    assert isinstance(lines, list)
    return [str(line) for line in lines]


def ours(asked: Sequence[Asked], *, titles: bool) -> tuple[list[str], float]:
    """Our standalone questions, earlier turns in the form that we understood; ms a question."""
    understood: dict[str, list[str]] = defaultdict(list)
    texts = []
    started = time.perf_counter()
    for item in asked:
        before = understood[item.dialog]
        history = [
            Exchange(text, exchange.answer)
            for text, exchange in zip(before, item.history, strict=True)
        ]
        text = resolve(item.question, history, item.titles if titles else ()).text
        before.append(text)
        texts.append(text)
    return texts, (time.perf_counter() - started) * 1000 / len(texts)


def overlap(text: str, gold: str) -> float:
    """Token F1 after the usual folding: case, punctuation and articles away."""
    ours_, theirs = Counter(_tokens(text)), Counter(_tokens(gold))
    shared = sum((ours_ & theirs).values())
    if not shared:
        return float(ours_ == theirs)
    precision, recall = shared / ours_.total(), shared / theirs.total()
    return 2 * precision * recall / (precision + recall)


def _tokens(text: str) -> list[str]:
    bare = "".join(char for char in text.lower() if char not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", bare).split()


def bm25(pool: Sequence[str], *, k1: float = 1.2, b: float = 0.75) -> Searcher:
    """Questions to a matrix of scores, one row a question, one column a text of the pool."""
    counts = [Counter(terms(text)) for text in pool]
    vocabulary = {term: i for i, term in enumerate(sorted({t for c in counts for t in c}))}
    lengths = np.array([c.total() for c in counts], dtype=float)
    norm = k1 * (1 - b + b * lengths / lengths.mean())
    rows, columns, values = [], [], []
    document_frequency = Counter(term for c in counts for term in c)
    for row, count in enumerate(counts):
        for term, frequency in count.items():
            n = document_frequency[term]
            idf = np.log(1 + (len(pool) - n + 0.5) / (n + 0.5))
            rows.append(row)
            columns.append(vocabulary[term])
            values.append(idf * frequency * (k1 + 1) / (frequency + norm[row]))
    weights = sparse.csr_matrix((values, (rows, columns)), shape=(len(pool), len(vocabulary)))

    def search(questions: Sequence[str]) -> Scores:
        asked = np.zeros((len(questions), len(vocabulary)), dtype=np.float32)
        for row, question in enumerate(questions):
            for term in terms(question):
                if term in vocabulary:
                    asked[row, vocabulary[term]] = 1.0
        return np.asarray((weights @ asked.T).T, dtype=np.float64)

    return search


def cosine(pool: Sequence[str]) -> Searcher:
    """As `bm25`, by the embedder that the archive uses."""
    model = MiniLMEmbeddings()
    texts = np.array(model.embed_documents(list(pool)))

    seen: dict[str, list[float]] = {}

    def search(questions: Sequence[str]) -> Scores:
        new = [question for question in dict.fromkeys(questions) if question not in seen]
        seen.update(zip(new, model.embed_documents(new), strict=True))
        return np.asarray(np.array([seen[question] for question in questions]) @ texts.T)

    return search


def found(asked: Sequence[Asked], texts: Sequence[str], search: Searcher) -> Scores:
    """For each question with a recorded answer, whether that is among the first five; else NaN."""
    hits = np.full(len(asked), np.nan)
    wanted = [i for i, item in enumerate(asked) if item.answer is not None]
    for block in _blocks(wanted, 400):
        scores = search([texts[i] for i in block])
        for row, i in zip(scores, block, strict=True):
            own = row[asked[i].answer]
            # Ties count as found ahead of it: a question without words finds nothing.
            hits[i] = float((row >= own).sum() <= DEPTH and own > 0)
    return hits


def _blocks(items: list[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def measure(
    asked: Sequence[Asked], ways: dict[str, list[str]], hits: dict[str, Scores]
) -> list[Row]:
    """Every way on these questions, with 95 % intervals from resampled dialogs."""
    samples = _samples(asked)
    everything = np.arange(len(asked))
    raw, human = hits["raw"], hits["human"]

    def interval(values: Scores) -> Interval:
        return _interval([_mean(values, rows) for rows in (everything, *samples)])

    def closed(got: Scores) -> Interval:
        return _interval(
            [
                (_mean(got, rows) - _mean(raw, rows)) / (_mean(human, rows) - _mean(raw, rows))
                for rows in (everything, *samples)
            ]
        )

    table = []
    for name, texts in ways.items():
        pairs = list(zip(texts, asked, strict=True))
        f1 = np.array([overlap(text, item.rewrite) for text, item in pairs])
        same = np.array([float(text.strip() == item.question.strip()) for text, item in pairs])
        follows = np.array([bool(item.history) for item in asked])
        unchanged = np.array([item.unchanged for item in asked])
        table.append(
            Row(
                name,
                interval(f1),
                interval(np.where(follows, f1, np.nan)),
                interval(np.where(unchanged, same, np.nan)),
                interval(hits[name]),
                closed(hits[name]),
            )
        )
    return table


def _samples(asked: Sequence[Asked]) -> list[NDArray[np.intp]]:
    """Rows of whole dialogs, drawn with replacement."""
    dialogs: dict[str, list[int]] = defaultdict(list)
    for i, item in enumerate(asked):
        dialogs[item.dialog].append(i)
    groups = [np.array(rows) for rows in dialogs.values()]
    draw = np.random.default_rng(0)
    return [
        np.concatenate([groups[i] for i in draw.integers(len(groups), size=len(groups))])
        for _ in range(RESAMPLES)
    ]


def _mean(values: Scores, rows: NDArray[np.intp]) -> float:
    return float(np.nanmean(values[rows]))


def _interval(values: Sequence[float]) -> Interval:
    """The first value, and the interval of the others."""
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return values[0], float(low), float(high)


def show(title: str, rows: Sequence[Row]) -> None:
    """One table: each value with its interval."""
    print(f"\n{title}")
    heads = ("token F1", "F1, follow-ups", "left unchanged", "recall@5", "gap closed")
    print(" " * 20 + "".join(f"{head:>18}" for head in heads))
    for row in rows:
        cells = "".join(
            f"{value:8.3f} {low:.2f}–{high:.2f}"
            for value, low, high in (row.f1, row.follow, row.kept, row.recall, row.closed)
        )
        print(f"{row.name:20}{cells}")


def examples(asked: Sequence[Asked], texts: Sequence[str], count: int, seed: int) -> None:
    """Questions of the development half with ours and theirs."""
    rows = [i for i, item in enumerate(asked) if item.development]
    for i in sorted(random.Random(seed).sample(rows, count)):
        item = asked[i]
        last = item.history[-1] if item.history else Exchange("", "")
        print(f"\n{' / '.join(item.titles)}\n   Q0 {last.question}\n   A0 {last.answer[:160]}")
        print(f"   Q  {item.question}\n   we {texts[i]}\n   hu {item.rewrite}", end="")
        print(f"   ({overlap(texts[i], item.rewrite):.2f})")


def main() -> None:
    """Print every table."""
    options = _arguments()
    asked, pool = read(options.data / "followups" / "dev.json")
    ways, milliseconds = _ways(asked)
    print(f"{len(asked)} questions, {len(pool)} recorded answers, {milliseconds:.2f} ms a question")
    searchers = {"words (BM25)": bm25(pool)}
    if options.vectors:
        searchers["vectors (cosine)"] = cosine(pool)
    for by, search in searchers.items():
        hits = {name: found(asked, texts, search) for name, texts in ways.items()}
        for part, marks in _PARTS:
            if options.development and part != "development half":
                continue
            chosen = [i for i, item in enumerate(asked) if item.development in marks]
            rows = measure(
                [asked[i] for i in chosen],
                {name: [texts[i] for i in chosen] for name, texts in ways.items()},
                {name: values[chosen] for name, values in hits.items()},
            )
            show(f"{by}, {part}, {len(chosen)} questions", rows)
    if options.examples:
        examples(asked, ways["ours, with titles"], options.examples, options.seed)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("RAG_BENCH_DATA"), type=Path)
    parser.add_argument("--vectors", action="store_true", help="also by cosine (minutes)")
    parser.add_argument("--examples", type=int, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--development", action="store_true", help="the development half alone")
    options = parser.parse_args()
    if options.data is None:
        parser.error("say where the data is: --data DIR or RAG_BENCH_DATA")
    return options


def _ways(asked: Sequence[Asked]) -> tuple[dict[str, list[str]], float]:
    """The questions in each form, and how long ours take."""
    with_titles, milliseconds = ours(asked, titles=True)
    without, _ = ours(asked, titles=False)
    last = [item.history[-1].answer if item.history else "" for item in asked]
    return {
        "raw": [item.question for item in asked],
        "human": [item.rewrite for item in asked],
        "title + question": [f"{item.titles[0]} {item.question}" for item in asked],
        "answer + question": [f"{a} {item.question}" for a, item in zip(last, asked, strict=True)],
        "ours, with titles": with_titles,
        "ours, without": without,
    }, milliseconds


if __name__ == "__main__":
    main()
