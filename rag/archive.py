"""The archive: the one face that the command line, the page, scripts and the eval all use."""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from rag import bundle, settings as configuration
from rag.chain import Request
from rag.errors import IndexMismatch, ReadError, StoreDamaged
from rag.ingest import IngestReport, Progress
from rag.quotations import CheckedQuote, checked_quote
from rag.reading import File
from rag.records import Answer, Article, Filters, Hit, Source, Turn
from rag.retriever import HybridRetriever
from rag.settings import Settings
from rag.wiring import assemble

NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Status:
    """What an archive holds and how it was built; `first` and `last` span the dated articles."""

    index: Path
    articles: int
    passages: int
    publishers: tuple[str, ...]
    first: date | None
    last: date | None
    generation: int
    searchable: int
    built_with: str
    corpus: str


class Archive:
    """Articles in an index folder: feed it, search it, ask it. Use it as a context manager.

    One archive may be used by many threads. Ingesting takes the folder's write lock; asking
    never does, and goes on while another process ingests.
    """

    def __init__(self, folder: Path, settings: Settings, *, is_seeds: bool = False) -> None:
        self.folder = folder
        self.settings = settings
        self.is_seeds = is_seeds
        self._parts = assemble(folder, settings)
        try:
            self._parts.index.check()
            self._parts.store.bind(self._parts.fingerprint)
        except BaseException:
            self.close()
            raise

    @property
    def retriever(self) -> HybridRetriever:
        """The archive as a LangChain retriever, for chains of your own."""
        return self._parts.retriever

    def ingest(
        self,
        paths: Iterable[str | Path | File] | str | Path | File,
        *,
        prune: bool = False,
        columns: Mapping[str, str] | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> IngestReport:
        """Read files and folders into the archive; the same files again change nothing.

        With `prune`, articles that came from one of the given folders and are gone there go here
        too. `columns` maps the names of a table's columns to `text`, `title`, `publisher`, ….

        Raises:
            ReadError: a path is not there, or holds nothing that can be read.
            IndexBusy: another process is writing to this archive.
        """
        wanted = [paths] if isinstance(paths, str | Path | File) else list(paths)
        return self._parts.ingest.run(wanted, prune=prune, columns=columns, progress=progress)

    def search(
        self, query: str, *, limit: int = 10, filters: Filters = NO_FILTERS
    ) -> tuple[Hit, ...]:
        """The best passages for a question or a few words, best first, at most `limit`.

        It is read as `ask` reads it: publishers it names are preferred, its dates observed.

        Raises:
            QuestionError: the text is empty, too long or holds no words.
        """
        understood = self._parts.understanding.query(
            query, turns=(), filters=filters, today=date.today()
        )
        return self._parts.retriever.search(understood, limit=limit)

    def ask(
        self,
        question: str,
        *,
        turns: Sequence[Turn] = (),
        filters: Filters = NO_FILTERS,
        today: date | None = None,
    ) -> Answer:
        """The answer to a question; `turns` are the exchanges before it, oldest first.

        An archive that does not say is an answer too: `answer.abstained`. `today` is the day that
        "last week" counts from, by default the clock's.

        Raises:
            QuestionError: the question is empty, too long or holds no words.
        """
        *_, last = self.stream(question, turns=turns, filters=filters, today=today)
        return last

    def stream(
        self,
        question: str,
        *,
        turns: Sequence[Turn] = (),
        filters: Filters = NO_FILTERS,
        today: date | None = None,
    ) -> Iterator[Answer]:
        """Ever more complete snapshots of the answer; the last one has `complete` set.

        First the question as understood, then what was found, then the sentences one by one,
        each with its verdict.

        Raises:
            QuestionError: the question is empty, too long or holds no words.
        """
        request = Request(question, tuple(turns), filters, today or date.today())
        return self._parts.chain.stream(request)

    def article(self, article_id: str) -> Article:
        """The newest version of an article.

        Raises:
            ReadError: the archive holds no article of this id.
        """
        article = self._parts.store.article(article_id)
        if article is None:
            raise ReadError(f"there is no article {article_id!r} in this archive")
        return article

    def articles(self) -> tuple[Article, ...]:
        """The newest version of every article, by id."""
        return tuple(self._parts.store.articles())

    def sources(self) -> tuple[Source, ...]:
        """The source card of every article, by id: a listing that reads no texts."""
        return tuple(self._parts.store.sources())

    def check_quote(self, quotation: str, article_id: str) -> CheckedQuote:
        """What became of a quotation that is said to be from an article.

        Verified, real but in another article (the likeliest ones are looked at), a near miss with
        the words that differ, or not found; with what a cut leaves out just outside it.

        Raises:
            ReadError: the archive holds no article of this id.
            QuestionError: the quotation is empty, too long or holds no words.
        """
        article = self.article(article_id)
        near = dict.fromkeys(hit.passage.source.article_id for hit in self.search(quotation))
        others = (self.article(key) for key in near if key != article_id)
        return checked_quote(quotation, article, others)

    def leave_one_out(
        self,
        answer: Answer,
        *,
        turns: Sequence[Turn] = (),
        filters: Filters = NO_FILTERS,
    ) -> dict[str, Answer]:
        """What the answer would be without each article it cites, by article id.

        Copies of an article go with it, or they would say the same in its place.
        """
        copies = self._parts.store.copies({c.source.article_id for c in answer.citations})
        found = {}
        for cited in dict.fromkeys(c.source.article_id for c in answer.citations):
            gone = (cited, *(source.article_id for source in copies.get(cited, ())))
            limits = dataclasses.replace(filters, without=(*filters.without, *gone))
            today = answer.receipt.today if answer.receipt else None
            found[cited] = self.ask(answer.question, turns=turns, filters=limits, today=today)
        return found

    def remove(self, article_id: str) -> bool:
        """Take an article out of the archive; False if it was not there."""
        with self._parts.index.writing():
            removed = self._parts.store.remove([article_id])
            self._parts.index.refresh()
        return removed > 0

    def is_empty(self) -> bool:
        """Whether it holds no article."""
        return not self._parts.store.coverage(NO_FILTERS).articles

    def status(self) -> Status:
        """What the archive holds now; brings the index up to date if it is behind."""
        store = self._parts.store
        coverage = store.coverage(NO_FILTERS)
        return Status(
            index=self.folder,
            articles=coverage.articles,
            passages=coverage.passages,
            publishers=tuple(store.publishers()),
            first=coverage.first,
            last=coverage.last,
            generation=store.generation(),
            searchable=self._parts.index.current().number,
            built_with=self._parts.fingerprint,
            corpus=store.corpus(),
        )

    def close(self) -> None:
        """Let go of the files; closing twice changes nothing."""
        self._parts.index.close()
        self._parts.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_archive(index: str | Path | None = None, settings: Settings | None = None) -> Archive:
    """The archive in an index folder, made if it is not there.

    `index` wins over `settings.index` (`RAG_INDEX`); with neither it is the user's own archive.

    Raises:
        SettingsError: the settings cannot be used.
        IndexUnavailable: the folder cannot be opened or written.
        IndexMismatch: it was built with other settings.
    """
    chosen = settings or configuration.load()
    return Archive(_folder(index, chosen), chosen)


def _folder(index: str | Path | None, settings: Settings) -> Path:
    folder = Path(index) if index is not None else settings.index or configuration.default_index()
    return folder.expanduser().resolve()


def rebuild(index: str | Path | None = None, settings: Settings | None = None) -> int:
    """Make the indexes of an archive again from its stored articles, under the settings in force.

    Reads no article file, and embeds only what these settings cut or embed differently. The
    number of passages.

    Raises:
        IndexBusy: another process is writing to the archive.
    """
    chosen = settings or configuration.load()
    parts = assemble(_folder(index, chosen), chosen)
    try:
        return parts.ingest.rebuild(parts.fingerprint)
    finally:
        parts.index.close()
        parts.store.close()


def open_default(settings: Settings | None = None) -> Archive:
    """The user's own archive, or that of the bundled seed articles while theirs is empty."""
    chosen = settings or configuration.load()
    folder = _folder(None, chosen)
    if not folder.exists():
        return open_seeds(chosen)
    own = Archive(folder, chosen)
    if not own.is_empty():
        return own
    own.close()
    return open_seeds(chosen)


def open_seeds(settings: Settings | None = None) -> Archive:
    """The archive of the bundled seed articles; other articles or settings have another index."""
    chosen = settings or configuration.load()
    articles = bundle.folder("seeds")
    folder = configuration.seeds_index() / _key(articles, chosen)
    try:
        seeds = Archive(folder, chosen, is_seeds=True)
    except (StoreDamaged, IndexMismatch):
        # It can be made again at any time, so nobody is asked to mend it.
        shutil.rmtree(folder, ignore_errors=True)
        seeds = Archive(folder, chosen, is_seeds=True)
    if seeds.is_empty():
        seeds.ingest(articles)
    return seeds


def _key(folder: Path, settings: Settings) -> str:
    """What the index of a folder's articles is named by: their text and how they are cut."""
    digest = hashlib.sha256()
    digest.update(repr((settings.embedding, settings.passage_size)).encode())
    digest.update(repr(settings.passage_overlap).encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def ask(
    question: str,
    *,
    turns: Sequence[Turn] = (),
    filters: Filters = NO_FILTERS,
    index: str | Path | None = None,
) -> Answer:
    """Ask the archive of an index folder, by default the user's own (the seeds while it is empty).

    Raises:
        QuestionError: the question is empty, too long or holds no words.
    """
    opened = open_default() if index is None else open_archive(index)
    with opened as archive:
        return archive.ask(question, turns=turns, filters=filters)
