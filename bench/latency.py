"""Time a warm question over an archive of a given size, stage by stage.

    python -m bench.latency --data FOLDER [--passages 5000] [--questions 60] [--seed 0]

Articles are mixed from the sentences of the texts under FOLDER (`*.jsonl` with "text", `*.json`
with paragraphs under "context"); without it the variable RAG_BENCH_DATA names the folder. Random
unit vectors stand for those of the passages. The last line is a whole question, from its text to
the finished default answer, its embedding by MiniLM included. Nothing is left behind. Wall and
processor time of the median and the 95th percentile, in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings

from rag import Settings, open_archive
from rag.embedding import identity
from rag.index import Index
from rag.ingest.report import Progress
from rag.passages import split
from rag.records import Article, Filters, Query, Source
from rag.retriever import HybridRetriever
from rag.sentences import sentence_spans
from rag.store import Database, Entry, Store, text_hash

DIMENSIONS = 384
PUBLISHERS = tuple(f"Publisher {letter}" for letter in "ABCDEFGHIJ")
FIRST_DAY = date(2020, 1, 1)
SENTENCES = 18


class RandomVectors(Embeddings):
    """A unit vector of random direction for any text."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = self._random.normal(size=DIMENSIONS)
        unit: list[float] = (vector / np.linalg.norm(vector)).tolist()
        return unit


def main() -> int:
    """Print a line a stage; exit status 2 where the folder holds no text."""
    arguments = _arguments()
    sentences = [sentence for text in _texts(Path(arguments.data)) for sentence in _cut(text)]
    if not sentences:
        print(f"no sentences in {arguments.data}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        settings = Settings()
        embedding = identity(settings.embedding)
        store = Store(Database(folder / "store.sqlite3"), embedding=embedding)
        store.bind(f"{embedding}/{settings.passage_size}/{settings.passage_overlap}")
        _fill(store, sentences, arguments.passages, arguments.seed)
        index = Index(folder, store)
        started = time.perf_counter()
        generation = index.current()
        print(f"{store.coverage(Filters())}")
        print(f"indexed in {time.perf_counter() - started:.1f} s")
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        print(f"{size / 1e6:.0f} MB on disk")
        index.close()
        del generation
        started = time.perf_counter()
        index.current()
        print(f"opened in {time.perf_counter() - started:.2f} s")
        _measure(store, index, sentences, arguments)
        index.close()
        store.close()
        with open_archive(folder, settings) as archive:
            asked = _questions(Path(arguments.data), arguments.questions, arguments.seed)
            for question in asked[:5]:
                archive.ask(question)
            _print("a whole question", [_timed(archive.ask, question) for question in asked])
    return 0


def _questions(data: Path, number: int, seed: int) -> list[str]:
    """Real questions of the data, where it has any, else plain ones."""
    path = data / "xquad-en" / "xquad.en.json"
    if not path.exists():
        return ["Who said that the bridge would be rebuilt by next year?"] * number
    articles = json.loads(path.read_text("utf-8"))["data"]
    found = [qa["question"] for a in articles for p in a["paragraphs"] for qa in p["qas"]]
    return random.Random(seed).sample(found, number)


def _measure(
    store: Store, index: Index, sentences: Sequence[str], arguments: argparse.Namespace
) -> None:
    chosen = random.Random(arguments.seed + 1)
    embeddings = RandomVectors(arguments.seed)
    questions = [chosen.choice(sentences)[:120] for _ in range(arguments.questions)]
    retriever = HybridRetriever(searchable=index.current, store=store, embeddings=embeddings)
    year = Filters(since=date(2021, 1, 1), until=date(2021, 12, 31))
    one = Filters(publishers=(PUBLISHERS[0],))
    none = Filters()
    words, vectors = index.current().words, index.current().vectors
    ids = [key for key, _ in words.search(questions[0], limit=60, filters=none)]
    print(f"{'stage':28} {'p50':>7} {'p95':>7}   {'cpu p50':>7} {'p95':>7}")
    stages: dict[str, Callable[[str], object]] = {
        "generation of the store": lambda q: store.generation(),
        "index is current": lambda q: index.current(),
        "words": lambda q: words.search(q, limit=60, filters=none),
        "words, a year": lambda q: words.search(q, limit=60, filters=year),
        "vectors": lambda q: vectors.search(embeddings.embed_query(q), limit=60),
        "60 passages of the store": lambda q: store.passages(ids, none),
        "60 vectors of the store": lambda q: store.vectors(ids),
        "coverage": lambda q: store.coverage(none),
        "coverage, a year": lambda q: store.coverage(year),
        "retriever": lambda q: retriever.search(_query(q, none)),
        "retriever, a year": lambda q: retriever.search(_query(q, year)),
        "retriever, a publisher": lambda q: retriever.search(_query(q, one)),
    }
    for name, stage in stages.items():
        stage(questions[0])
        _print(name, [_timed(stage, question) for question in questions])


def _timed(stage: Callable[[str], object], question: str) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    stage(question)
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def _print(name: str, timed: Sequence[tuple[float, float]]) -> None:
    wall, cpu = ([pair[side] for pair in timed] for side in (0, 1))
    shown = [float(np.percentile(values, at)) for values in (wall, cpu) for at in (50, 95)]
    print("{:28} {:7.1f} {:7.1f}   {:7.1f} {:7.1f}".format(name, *shown))


def _query(text: str, filters: Filters) -> Query:
    return Query(question=text, text=text, filters=filters, today=date(2025, 1, 1))


def _fill(store: Store, sentences: Sequence[str], passages: int, seed: int) -> None:
    """Put articles until there are so many passages."""
    chosen = random.Random(seed)
    vectors = np.random.default_rng(seed)
    held = 0
    number = 0
    started = time.perf_counter()
    while held < passages:
        entries = []
        for _ in range(200):
            entries.append(_entry(number, chosen.choices(sentences, k=SENTENCES), chosen))
            number += 1
        hashes = [text_hash(passage.text) for entry in entries for passage in entry.passages]
        made = vectors.normal(size=(len(hashes), DIMENSIONS)).astype("f4")
        made /= np.linalg.norm(made, axis=1, keepdims=True)
        store.put_vectors(dict(zip(hashes, made, strict=True)))
        store.put(entries)
        held += len(hashes)
        _tell(Progress(number, number, number, held))
    print(f"stored in {time.perf_counter() - started:.1f} s")


def _entry(number: int, sentences: Sequence[str], chosen: random.Random) -> Entry:
    source = Source(
        f"article-{number}",
        title=sentences[0][:60],
        publisher=chosen.choice(PUBLISHERS),
        published=FIRST_DAY + timedelta(days=chosen.randrange(1800)),
    )
    article = Article(source, " ".join(sentences), str(number))
    return Entry(article, split(article, size=1000, overlap=150))


def _texts(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if isinstance(row, dict) and isinstance(row.get("text"), str):
                yield row["text"]
    for path in sorted(folder.rglob("*.json")):
        yield from _contexts(json.loads(path.read_text(encoding="utf-8")))


def _contexts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("context"), str):
            yield value["context"]
        for part in value.values():
            yield from _contexts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _contexts(part)


def _cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text) if 30 < end - start < 400]


def _tell(progress: Progress) -> None:
    if progress.articles % 2_000 == 0:
        print(f"{progress.passages:,} passages", file=sys.stderr)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", default=os.environ.get("RAG_BENCH_DATA", "."))
    parser.add_argument("--passages", type=int, default=5_000)
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
