"""Ingest: files in, articles in the store, the index brought up to date."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings

from rag.errors import ReadError
from rag.index import Index
from rag.passages import split
from rag.reading import FORMATS, Reading, read
from rag.records import Article, Filters, Passage, Source
from rag.store import Entry, Known, Origin, Store, Vector

# Articles in one transaction: what a crash can cost is the embedding of so many.
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Failure:
    """A file, or a line of one, that gave no article, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest is: files read of all, and what came of them."""

    files: int
    of: int
    articles: int
    passages: int


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did, in articles; `passages` were written, `embedded` of them were new."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    passages: int = 0
    embedded: int = 0
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Splitting:
    """How articles are cut: characters of a passage, characters repeated in the next."""

    size: int
    overlap: int


@dataclass(frozen=True, slots=True)
class _Found:
    reading: Reading
    origin: Origin


class Ingest:
    """Reads paths into the store, embedding each distinct passage once.

    Ingesting the same files again changes nothing; a changed article becomes a new version. One
    unreadable file or line is reported and the rest goes on. After a crash the next ingest goes
    on where the last finished batch ended.
    """

    def __init__(
        self, store: Store, index: Index, embeddings: Embeddings, splitting: Splitting
    ) -> None:
        self._store = store
        self._index = index
        self._embeddings = embeddings
        self._splitting = splitting

    def run(
        self,
        paths: Iterable[str | Path],
        *,
        prune: bool = False,
        progress: Callable[[Progress], None] | None = None,
    ) -> IngestReport:
        """Ingest files and folders; with `prune`, articles gone from a given folder go too.

        Raises:
            ReadError: a path is not there, or nothing under them can be read at all.
            IndexBusy: another process is writing.
        """
        roots = [_root(Path(path)) for path in paths]
        files = [(folder, path) for folder, found in roots for path in found]
        if not files and not prune:
            named = ", ".join(str(folder) for folder, _ in roots) or "nothing"
            endings = ", ".join(sorted(FORMATS))
            raise ReadError(f"no articles found in {named}: looked for {endings}")
        with self._index.writing():
            try:
                run = _Run(self._store, self._embeddings, self._splitting)
                for number, (folder, path) in enumerate(files, start=1):
                    run.take(folder, path)
                    if progress:
                        progress(Progress(number, len(files), run.articles, run.passages))
                run.flush()
                removed = self._prune(roots, run) if prune else 0
            finally:
                # Whatever was stored is searched, also when the rest could not be read.
                self._index.refresh()
        return dataclasses.replace(run.report(), removed=removed)

    def rebuild(self, fingerprint: str) -> int:
        """Cut the stored articles anew, embed what has no vector, make both indexes again.

        Reads no file. With unchanged settings nothing is embedded. The number of passages.
        """
        size, overlap = self._splitting.size, self._splitting.overlap

        def cut(article: Article) -> list[Passage]:
            return split(article, size=size, overlap=overlap)

        with self._index.writing():
            for article in self._store.articles():
                self._store.put_vectors(
                    missing_embedded(self._store, self._embeddings, cut(article))
                )
            self._store.resplit(cut, fingerprint)
            self._index.discard()
            self._index.refresh()
        return self._store.coverage(Filters()).passages

    def _prune(self, roots: Sequence[tuple[Path, list[Path]]], run: _Run) -> int:
        """Remove what came from the given folders and was not met this time.

        A file that failed to read keeps its articles: it is damaged, not gone.
        """
        gone = []
        for folder, _ in roots:
            for known in self._store.from_folder(str(folder)):
                origin = known.origin
                if known.article_id in run.met or origin is None or origin.path in run.failed:
                    continue
                gone.append(known.article_id)
        return self._store.remove(gone) if gone else 0


class _Run:
    """One ingest under way: collects a batch, then stores it."""

    def __init__(self, store: Store, embeddings: Embeddings, splitting: Splitting) -> None:
        self._store = store
        self._embeddings = embeddings
        self._splitting = splitting
        self._batch: list[_Found] = []
        self._failures: list[Failure] = []
        self._counts = {"added": 0, "updated": 0, "unchanged": 0, "embedded": 0}
        self.met: dict[str, str] = {}
        self.failed: set[str] = set()
        self.articles = 0
        self.passages = 0

    def take(self, folder: Path, path: Path) -> None:
        """Read a file; store the batch when it is full."""
        under = path.relative_to(folder).as_posix()
        for found in read(path):
            if isinstance(found, ReadError):
                self._fail(under, found)
                continue
            flaw = _flaw(found)
            if flaw:
                where = f"{path}:{found.line}" if found.line else str(path)
                self._fail(under, ReadError(f"{where}: {flaw}"))
                continue
            self._batch.append(_Found(found, Origin(str(folder), under)))
            if len(self._batch) >= _BATCH:
                self.flush()

    def flush(self) -> None:
        """Store what was collected, in one transaction."""
        articles = self._identified()
        known = self._store.known(article.id for article, _ in articles)
        changed = [
            (article, origin)
            for article, origin in articles
            if article.id not in known or known[article.id].content_hash != article.content_hash
        ]
        size, overlap = self._splitting.size, self._splitting.overlap
        entries = [
            Entry(article, split(article, size=size, overlap=overlap), origin)
            for article, origin in changed
        ]
        passages = [passage for entry in entries for passage in entry.passages]
        vectors = missing_embedded(self._store, self._embeddings, passages)
        self._store.put(entries, vectors)
        updated = sum(article.id in known for article, _ in changed)
        self._counts["updated"] += updated
        self._counts["added"] += len(changed) - updated
        self._counts["unchanged"] += len(articles) - len(changed)
        self._counts["embedded"] += len(vectors)
        self.articles += len(articles)
        self.passages += sum(len(entry.passages) for entry in entries)
        self._batch = []

    def report(self) -> IngestReport:
        return IngestReport(
            **self._counts, passages=self.passages, failures=tuple(self._failures)
        )

    def _identified(self) -> list[tuple[Article, Origin]]:
        """The batch as articles; an id met before in this run with other content is a failure."""
        owners = self._owners()
        articles = []
        for found in self._batch:
            article = _article(found, owners)
            before = self.met.setdefault(article.id, article.content_hash)
            if before != article.content_hash:
                reason = ReadError(f"{found.origin.path}: another article has the id {article.id}")
                self._fail(found.origin.path, reason)
            elif article.id not in {other.id for other, _ in articles}:
                articles.append((article, found.origin))
        return articles

    def _owners(self) -> dict[str, Known]:
        paths = {found.origin.path for found in self._batch}
        folders = {Path(found.origin.folder).name for found in self._batch}
        prefixed = {f"{folder}/{path}" for folder in folders for path in paths}
        return self._store.known(paths | prefixed)

    def _fail(self, under: str, error: ReadError) -> None:
        path, _, reason = str(error).partition(": ")
        self._failures.append(Failure(path, reason))
        self.failed.add(under)


def missing_embedded(
    store: Store, embeddings: Embeddings, passages: Sequence[Passage]
) -> dict[str, Vector]:
    """The vectors of those passage texts that the store has none of, by `text_hash`."""
    missing = store.missing_vectors(passage.text for passage in passages)
    if not missing:
        return {}
    vectors = embeddings.embed_documents(list(missing.values()))
    return {
        key: np.asarray(vector, dtype=np.float32)
        for key, vector in zip(missing, vectors, strict=True)
    }


def _root(path: Path) -> tuple[Path, list[Path]]:
    """A folder with the files to read under it; a file is read as its folder's only one."""
    path = path.expanduser().resolve()
    if path.is_dir():
        return path, list(_readable(path))
    if path.is_file():
        return path.parent, [path]
    raise ReadError(f"there is no file or folder {path}")


def _readable(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in FORMATS and not hidden and path.is_file():
            yield path


def _article(found: _Found, owners: dict[str, Known]) -> Article:
    reading = found.reading
    article_id = reading.id or reading.url
    if article_id is None and reading.line is not None:
        article_id = _hash(reading.text, reading.title or "")[:24]
    source = Source(
        article_id=article_id or _path_id(found.origin, owners),
        title=reading.title,
        publisher=reading.publisher,
        published=reading.published,
        url=reading.url,
        author=reading.author,
    )
    return Article(source, reading.text, _content_hash(source, reading.text))


def _path_id(origin: Origin, owners: dict[str, Known]) -> str:
    """The path under the ingested folder; with the folder's name if another folder has it."""
    owner = owners.get(origin.path)
    if owner is None or owner.origin is None or owner.origin.folder == origin.folder:
        return origin.path
    return f"{Path(origin.folder).name}/{origin.path}"


def _content_hash(source: Source, text: str) -> str:
    card = (source.title, source.publisher, source.published, source.url, source.author)
    return _hash(text, *(str(value or "") for value in card))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _flaw(reading: Reading) -> str | None:
    """What makes a reading unfit to store; None for a sound one."""
    for part in dataclasses.astuple(reading):
        if isinstance(part, str):
            try:
                part.encode()
            except UnicodeEncodeError:
                return "holds a broken character (half of a surrogate pair)"
    return None
