"""Reads paths into the store and keeps the index in step."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from langchain_core.embeddings import Embeddings

from rag.errors import ReadError
from rag.index import Index
from rag.ingest.embedded import embed_missing
from rag.ingest.files import Root, roots_of, within
from rag.ingest.report import IngestReport, Progress
from rag.ingest.run import Run
from rag.passages import split
from rag.reading import FORMATS, File
from rag.records import Article, Filters, Passage
from rag.store import Origin, Store

# The folder of articles that came from no folder: standard input, an address.
_ELSEWHERE = ":"


@dataclass(frozen=True, slots=True)
class Splitting:
    """How articles are cut: characters of a passage, characters repeated in the next."""

    size: int
    overlap: int


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
        paths: Iterable[str | Path | File],
        *,
        prune: bool = False,
        columns: Mapping[str, str] | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> IngestReport:
        """Ingest files and folders; with `prune`, articles gone from a given folder go too.

        `columns` maps the names of a table's columns to those of an article.

        Raises:
            ReadError: a path is not there, or nothing under them can be read at all.
            IndexBusy: another process is writing.
        """
        given = list(paths)
        roots = [
            root for path in given if not isinstance(path, File) for root in roots_of(Path(path))
        ]
        files = [
            (File.on_disk(path, columns), root.origin(path))
            for root in roots
            for path in root.files
        ]
        files += [(file, Origin(_ELSEWHERE, file.name)) for file in given if isinstance(file, File)]
        if not files and not prune:
            named = ", ".join(str(root.folder) for root in roots) or "nothing"
            endings = ", ".join(sorted(FORMATS))
            raise ReadError(f"no articles found in {named}: looked for {endings}")
        done = 0

        def tick() -> None:
            if progress:
                passages = run.passages + run.underway
                progress(Progress(done, len(files), run.articles, passages))

        run = Run(self._store, self._embeddings, self._cut, tick)
        with self._index.writing():
            try:
                for file, origin in files:
                    run.take(file, origin)
                    done += 1
                    tick()
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
        with self._index.writing():
            for article in self._store.articles():
                texts = (passage.text for passage in self._cut(article))
                embed_missing(self._store, self._embeddings, texts)
            self._store.resplit(self._cut, fingerprint)
            self._index.remake()
        return self._store.coverage(Filters()).passages

    def _cut(self, article: Article) -> list[Passage]:
        return split(article, size=self._splitting.size, overlap=self._splitting.overlap)

    def _prune(self, roots: Sequence[Root], run: Run) -> int:
        """Remove what came from the given paths and was not met this time.

        A file that failed to read keeps its articles: it is damaged, not gone.
        """
        gone = [
            known.article_id
            for root in roots
            for known in self._store.from_folder(str(root.folder))
            if known.article_id not in run.met
            and known.origin is not None
            and root.covers(known.origin)
            and not any(within(known.origin, failed) for failed in run.failed)
        ]
        return self._store.remove(gone) if gone else 0
