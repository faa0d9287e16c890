"""Archives of any size for the benches: articles mixed from the sentences of real texts.

Each sentence has some of its words replaced by words drawn from the same texts, capitals by
capitals, so that hardly two of an archive are the same, as in a real one, and a word is as
frequent as it is there. Random unit vectors stand for those of the passages: nothing is embedded.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from rag import Settings
from rag.embeddings.embedding import identity
from rag.indexes.index import Index
from rag.language.sentences import sentence_spans
from rag.passages import split
from rag.records import Article, Source
from rag.store import Database, Entry, Store, text_hash

DIMENSIONS = 384
PUBLISHERS = tuple(f"Publisher {letter}" for letter in "ABCDEFGHIJ")
FIRST_DAY = date(2020, 1, 1)
SENTENCES = 18
# One word in so many is replaced: three or so in a sentence.
_REPLACED = 8
_AT_ONCE = 200
_TEXTS = ("text", "context", "articleBody")
_WORD = re.compile(r"\b[^\W\d_]{2,}\b")


class Sentences:
    """The sentences of the texts under a folder, and ever new variations of them.

    Texts are strings under "text", "context" or "articleBody" in `*.json` and `*.jsonl` files.
    """

    def __init__(self, data: Path) -> None:
        self.real = [sentence for text in _texts(data) for sentence in _cut(text)]
        found = [word for sentence in self.real for word in _WORD.findall(sentence)]
        self._plain: list[str] = [word for word in found if word[0].islower()]
        self._capital: list[str] = [word for word in found if word[0].isupper()]

    def varied(self, number: int, chosen: random.Random) -> list[str]:
        """So many sentences, each varied."""
        return [self.variation(text, chosen) for text in chosen.choices(self.real, k=number)]

    def variation(self, text: str, chosen: random.Random) -> str:
        """A text with some of its words replaced."""

        def other(match: re.Match[str]) -> str:
            word: str = match[0]
            if chosen.random() * _REPLACED >= 1:
                return word
            others = self._capital if word[0].isupper() else self._plain
            return chosen.choice(others)

        return _WORD.sub(other, text)


def sentences_in(data: Path) -> Sentences:
    """The sentences of the texts under a folder.

    Raises:
        SystemExit: it holds none; status 2, after a line on stderr.
    """
    sentences = Sentences(data)
    if not sentences.real:
        print(f"no sentences in {data}", file=sys.stderr)
        raise SystemExit(2)
    return sentences


def make(folder: Path, sentences: Sentences, passages: int, *, seed: int = 0) -> None:
    """Make an archive of so many passages, or a few more, in a new folder, by default settings."""
    settings = Settings()
    embedding = identity(settings.embedding)
    store = Store(Database(folder / "store.sqlite3"), embedding=embedding)
    store.bind(f"{embedding}/{settings.passage_size}/{settings.passage_overlap}")
    started = time.perf_counter()
    _fill(store, sentences, passages, seed)
    stored = time.perf_counter()
    index = Index(folder, store)
    index.current()
    index.close()
    store.close()
    indexed = time.perf_counter() - stored
    print(f"stored in {stored - started:.1f} s, indexed in {indexed:.1f} s", file=sys.stderr)


def questions(data: Path, number: int, *, seed: int = 0) -> list[str]:
    """Real questions of the data, where it has any, else plain ones."""
    path = data / "xquad-en" / "xquad.en.json"
    if not path.exists():
        return ["Who said that the bridge would be rebuilt by next year?"] * number
    articles = json.loads(path.read_text("utf-8"))["data"]
    found = [qa["question"] for a in articles for p in a["paragraphs"] for qa in p["qas"]]
    chosen = random.Random(seed)
    return chosen.sample(found, number) if number <= len(found) else chosen.choices(found, k=number)


def _fill(store: Store, sentences: Sentences, passages: int, seed: int) -> None:
    """Put articles until there are so many passages."""
    chosen = random.Random(seed)
    vectors = np.random.default_rng(seed)
    held = number = 0
    while held < passages:
        entries: list[Entry] = []
        while len(entries) < _AT_ONCE and held < passages:
            entries.append(_entry(number, sentences.varied(SENTENCES, chosen), chosen))
            number += 1
            held += len(entries[-1].passages)
        hashes = [text_hash(passage.text) for entry in entries for passage in entry.passages]
        made = vectors.normal(size=(len(hashes), DIMENSIONS)).astype("f4")
        made /= np.linalg.norm(made, axis=1, keepdims=True)
        store.put_vectors(dict(zip(hashes, made, strict=True)))
        store.put(entries)
        if number % 10_000 == 0:
            print(f"{held:,} passages", file=sys.stderr)


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
        yield from _held(json.loads(path.read_text(encoding="utf-8")))


def _held(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key in _TEXTS and isinstance(part, str):
                yield part
            else:
                yield from _held(part)
    elif isinstance(value, list):
        for part in value:
            yield from _held(part)


def _cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text) if 30 < end - start < 400]
