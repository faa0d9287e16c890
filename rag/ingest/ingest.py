"""Reads paths into the store and keeps the index in step."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from langchain_core.embeddings import Embeddings

from rag.errors import ReadError
from rag.indexes.index import Index
from rag.ingest.cluster import Cluster, Gathered
from rag.ingest.embedded import embed_missing
from rag.ingest.extent import Extent
from rag.ingest.files import Root, roots_of, within
from rag.ingest.report import IngestReport, Progress
from rag.ingest.run import Run
from rag.passages import split
from rag.reading import FORMATS, File, read_file
from rag.records import Article, Filters, Passage
from rag.store import Origin, Store

# The folder of articles that came from no folder: standard input, an address.
_ELSEWHERE = ":"
# Articles whose passages are embedded together when all are cut anew.
_ARTICLES = 64


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
        paths: Iterable[str | Path | File | Root],
        *,
        prune: bool = False,
        columns: Mapping[str, str] | None = None,
        progress: Callable[[Progress], None] | None = None,
        cluster: Cluster | None = None,
    ) -> IngestReport:
        """Ingest files and folders; with `prune`, articles gone from a given folder go too.

        `columns` maps the names of a table's columns to those of an article. With a `cluster` its
        workers read and embed.

        Raises:
            ReadError: a path is not there, or nothing under them can be read at all.
            IndexBusy: another process is writing.
        """
        given = list(paths)
        roots = [root for path in given if isinstance(path, str | Path) for root in roots_of(path)]
        roots += [path for path in given if isinstance(path, Root)]
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
        extent = Extent(file for file, _ in files)

        def tick() -> None:
            if progress:
                passages = run.passages + run.underway()
                # Articles that are read and not stored yet are still to come.
                share = extent.share() * (run.articles / run.read if run.read else 1)
                progress(Progress(done, len(files), run.articles, passages, share))

        run = Run(self._store, self._embeddings, self._cut, tick)
        with self._index.writing():
            try:
                followed = ((extent.followed(file), origin) for file, origin in files)
                gathered = cluster.gather(followed, self._store) if cluster else _here(followed)
                for file, origin, readings in gathered:
                    run.take(file, origin, readings)
                    done += 1
                    tick()
                extent.finished()
                run.flush()
                removed = self._prune(roots, run) if prune else 0
            finally:
                run.close()
                # Whatever was stored is searched, also when the rest could not be read.
                self._index.refresh()
        return dataclasses.replace(run.report(), removed=removed)

    def rebuild(self, fingerprint: str) -> int:
        """Cut the stored articles anew, embed what has no vector, make both indexes again.

        Reads no file. With unchanged settings nothing is embedded. The number of passages.
        """
        with self._index.writing():
            articles = self._store.articles()
            while some := list(islice(articles, _ARTICLES)):
                texts = (passage.text for article in some for passage in self._cut(article))
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


def _here(files: Iterable[tuple[File, Origin]]) -> Iterator[Gathered]:
    """Each file with what is read of it, one after another."""
    for file, origin in files:
        yield file, origin, read_file(file)
