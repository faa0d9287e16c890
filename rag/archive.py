"""The archive: the one face that the command line, the page, scripts and the eval all use."""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from rag import bundle, settings as configuration
from rag.chain import Request
from rag.checking.quotations import CheckedQuote, checked_quote
from rag.embeddings.embedding import identity
from rag.errors import IndexBusy, IndexMismatch, ReadError, StoreDamaged
from rag.ingest import Cluster, IngestReport, Progress, Root
from rag.quoting.left_out import LeftOut, left_out
from rag.quoting.suggestions import Suggestions
from rag.reading import File
from rag.records import (
    AS_CONFIGURED,
    QUOTES,
    Answer,
    Article,
    Filters,
    Hit,
    Options,
    Source,
    Turn,
)
from rag.retriever import HybridRetriever
from rag.settings import Settings
from rag.spans import lasting
from rag.store import Catalogue, Conversations, Feedback, Keys, Listed, Upkeep
from rag.upkeep.holdings import Holdings, holdings
from rag.versions import Version
from rag.wiring import Parts, assemble, voices

NO_FILTERS = Filters()
# The articles that questions to begin with are made from.
_NEWEST = 12


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
        self._left: tuple[Parts, ...] = ()
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

    @property
    def voices(self) -> tuple[str, ...]:
        """Who may be asked to answer, by `Options.voice`; the first one does unless told."""
        return voices(self.settings)

    @property
    def conversations(self) -> Conversations:
        """What readers asked and were answered, each seen by its own reader alone."""
        return self._parts.conversations

    @property
    def feedback(self) -> Feedback:
        """What readers said of answers."""
        return self._parts.feedback

    def ingest(
        self,
        paths: Iterable[str | Path | File | Root] | str | Path | File,
        *,
        prune: bool = False,
        columns: Mapping[str, str] | None = None,
        progress: Callable[[Progress], None] | None = None,
        ray: str | None = None,
    ) -> IngestReport:
        """Read files and folders into the archive; the same files again change nothing.

        With `prune`, articles that came from one of the given folders and are gone there go here
        too. `columns` maps the names of a table's columns to `text`, `title`, `publisher`, ….
        `ray` is the address of a Ray cluster whose workers read and embed (`local`: workers of
        this machine); they see the files under the same paths.

        Raises:
            ReadError: a path is not there, or holds nothing that can be read.
            SettingsError: no cluster answers at the address.
            MissingPackage: Ray is not installed.
            IndexBusy: another process is writing to this archive.
        """
        wanted = [paths] if isinstance(paths, str | Path | File) else list(paths)
        settings = self.settings
        cut = settings.passage_size, settings.passage_overlap
        cluster = Cluster(ray, settings.embedding, *cut) if ray else None
        report = self._parts.ingest.run(
            wanted, prune=prune, columns=columns, progress=progress, cluster=cluster
        )
        self._drop_old_notes()
        return report

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
        options: Options = AS_CONFIGURED,
    ) -> Answer:
        """The answer to a question; `turns` are the exchanges before it, oldest first.

        An archive that does not say is an answer too: `answer.abstained`. `today` is the day that
        "last week" counts from, by default the clock's.

        Raises:
            QuestionError: the question is empty, too long or holds no words.
            SettingsError: the options ask for a voice or a number that there is not.
        """
        *_, last = self.stream(question, turns=turns, filters=filters, today=today, options=options)
        return last

    def stream(
        self,
        question: str,
        *,
        turns: Sequence[Turn] = (),
        filters: Filters = NO_FILTERS,
        today: date | None = None,
        options: Options = AS_CONFIGURED,
    ) -> Iterator[Answer]:
        """Ever more complete snapshots of the answer; the last one has `complete` set.

        First the question as understood, then what was found, then the sentences one by one,
        each with its verdict.

        Raises:
            QuestionError: the question is empty, too long or holds no words.
            SettingsError: the options ask for a voice or a number that there is not.
        """
        request = Request(question, tuple(turns), filters, today or date.today(), options)
        with lasting("answer") as stage:
            snapshots = self._parts.chain(options).stream(request)
            while True:
                with stage.within():
                    snapshot = next(snapshots, None)
                if snapshot is None:
                    return
                stage.note(claims=len(snapshot.claims), abstained=snapshot.abstained)
                yield snapshot

    def left_out(
        self,
        answer: Answer,
        *,
        turns: Sequence[Turn] = (),
        filters: Filters = NO_FILTERS,
    ) -> LeftOut:
        """What an answer to a question asked so was not made from, and why; searches anew.

        It tells of the archive as it is now, which may hold more than when it was asked.

        Raises:
            QuestionError: the answer's question cannot be asked.
        """
        today = answer.receipt.today if answer.receipt else date.today()
        query = self._parts.understanding.query(
            answer.question, turns=turns, filters=filters, today=today
        )
        query = dataclasses.replace(query, text=answer.understood)
        return left_out(answer, query, self._parts.retriever, self._parts.store.coverage)

    @property
    def keys(self) -> Keys:
        """The keys of programs that may use the service."""
        return Keys(self._parts.database)

    def generation(self) -> int:
        """How many changes the archive has seen."""
        return self._parts.store.generation()

    def size(self) -> int:
        """How many articles it holds."""
        return self._parts.store.coverage(NO_FILTERS).articles

    def probe(self) -> None:
        """See that a question could be answered now: the store and both indexes are searched.

        Raises:
            IndexUnavailable: one of them cannot be reached.
            StoreDamaged: the store cannot be read.
        """
        self.search("probe", limit=1)

    def examples(self, *, most: int = 4) -> tuple[str, ...]:
        """Questions to begin with, which the newest articles answer; found anew at each call."""
        _, newest = self.listing(limit=_NEWEST)
        sources = [listed.source for listed in newest]
        return self._suggestions.examples(sources, most=most)

    def follow_ups(self, answer: Answer, *, most: int = 3) -> tuple[str, ...]:
        """Questions that an answer leads to, each one answered by the articles it cites."""
        return self._suggestions.follow_ups(answer, most=most)

    @property
    def _suggestions(self) -> Suggestions:
        """Made with quotes alone: a chat model that is paid for is not asked a dozen questions."""
        return Suggestions(partial(self.ask, options=Options(voice=QUOTES)), self.article)

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

    def history(self, article_id: str) -> tuple[Version, ...]:
        """Every stored version of an article, oldest first; also of one that was removed.

        Raises:
            ReadError: the archive never held an article of this id, or has forgotten it.
        """
        found = self._catalogue.history(article_id)
        if not found:
            raise ReadError(f"there is no article {article_id!r} in this archive")
        return found

    def copies(self, article_ids: Iterable[str]) -> dict[str, tuple[Source, ...]]:
        """For each of the articles that has copies: the other articles of its report, by date."""
        return self._parts.store.copies(article_ids)

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
            options = answer.receipt.options if answer.receipt else AS_CONFIGURED
            found[cited] = self.ask(
                answer.question, turns=turns, filters=limits, today=today, options=options
            )
        return found

    def remove(self, *named: str) -> tuple[str, ...]:
        """Take articles, each named by its id or url, out of the archive; their ids.

        Their versions stay in its history; they are neither read nor found any more.

        Raises:
            ReadError: one of them is not there; then none is removed.
            IndexBusy: another process is writing to this archive.
        """
        ids = self._identified(named)
        live = self._parts.store.known(ids)
        missing = [article_id for article_id in ids if article_id not in live]
        if missing:
            raise ReadError(f"{missing[0]!r} was removed before; only its history is left")
        with self._parts.index.writing():
            self._parts.store.remove(ids)
            self._parts.index.refresh()
        return ids

    def forget(self, *named: str) -> tuple[str, ...]:
        """Delete articles, each named by its id or url, with all that holds a word of them.

        Every version, passage, vector, and what stored conversations quote of them: no byte stays
        in the index folder. Their ids. A removed article can be forgotten too.

        Raises:
            ReadError: one of them is not there; then none is forgotten.
            IndexBusy: another process is writing, or reads all the while.
        """
        ids = self._identified(named)
        parts = self._parts
        with parts.index.writing():
            for article_id in ids:
                parts.conversations.forget(article_id)
                parts.feedback.forget(article_id)
            self._upkeep.forget(ids)
            parts.index.remake()
            parts.index.discard_others()
            if not self._upkeep.compact():
                raise IndexBusy(
                    "the articles are forgotten, but another process reads the store and keeps its"
                    " old pages: run `rag doctor` when it is done"
                )
        return ids

    def listing(
        self, filters: Filters = NO_FILTERS, words: str = "", *, limit: int = 50, skip: int = 0
    ) -> tuple[int, tuple[Listed, ...]]:
        """How many articles pass the filters and hold every word, and a page of them, newest first.

        `limit` is the length of the page, `skip` how many come before it.
        """
        return self._catalogue.listing(filters, words, limit=limit, skip=skip)

    def listed(self, article_id: str) -> Listed | None:
        """An article as a listing has it; None where there is none of this id (any more)."""
        return self._catalogue.listed(article_id)

    def passages(self, article_id: str) -> tuple[tuple[int, int], ...]:
        """Start and end of each passage of an article's newest version, in order."""
        return self._catalogue.passages(article_id)

    def identified(self, named: str) -> str:
        """The id of the article that is named by its id or its url, one that was removed too.

        Raises:
            ReadError: there is none; names the ids that come near.
        """
        found = self._catalogue.identified(named)
        if found is None:
            near = " or ".join(repr(article_id) for article_id in self._catalogue.near(named))
            hint = f": did you mean {near}?" if near else ": see `rag articles list`"
            raise ReadError(f"there is no article {named!r} in this archive{hint}")
        return found

    def _identified(self, named: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.identified(name) for name in named))

    def _drop_old_notes(self) -> None:
        """Have the store forget changes that no index here may be brought up from any more.

        Indexes elsewhere, of replicas or on a server, may need them: `rag doctor` drops those.
        """
        if self.settings.store is None and self.settings.chroma is None:
            with suppress(IndexBusy), self._parts.index.writing(patience=0):
                self._upkeep.prune(self._parts.index.oldest())

    @property
    def _upkeep(self) -> Upkeep:
        return Upkeep(self._parts.database, embedding=identity(self.settings.embedding))

    @property
    def _catalogue(self) -> Catalogue:
        return Catalogue(self._parts.database)

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

    def holdings(self) -> Holdings:
        """What the archive holds, in figures, and whether its index is in step; only looks."""
        return holdings(self._catalogue, self._parts.index, self.folder)

    def become(self, other: Archive) -> None:
        """Go on as another archive and close both when this one is closed.

        What is under way is finished with the articles it began with.
        """
        self._left = (*self._left, self._parts)
        self.folder, self.settings, self.is_seeds = other.folder, other.settings, other.is_seeds
        self._parts = other._parts

    def close(self) -> None:
        """Let go of the files; closing twice changes nothing."""
        for parts in (*self._left, self._parts):
            parts.index.close()
            parts.store.close()

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
    return Archive(folder_of(index, chosen), chosen)


def folder_of(index: str | Path | None, settings: Settings) -> Path:
    """The index folder that is meant: a given one, else that of the settings, else the user's."""
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
    parts = assemble(folder_of(index, chosen), chosen)
    try:
        return parts.ingest.rebuild(parts.fingerprint)
    finally:
        parts.index.close()
        parts.store.close()


def open_default(settings: Settings | None = None) -> Archive:
    """The user's own archive, or that of the bundled seed articles while theirs is empty.

    One on a server is opened though it is empty: others may be about to fill it.
    """
    chosen = settings or configuration.load()
    folder = folder_of(None, chosen)
    if chosen.store:
        return Archive(folder, chosen)
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
    # They are everybody's own, wherever the user's articles are.
    chosen = chosen.model_copy(update={"store": None, "chroma": None})
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
    options: Options = AS_CONFIGURED,
    index: str | Path | None = None,
) -> Answer:
    """Ask the archive of an index folder, by default the user's own (the seeds while it is empty).

    Raises:
        QuestionError: the question is empty, too long or holds no words.
    """
    opened = open_default() if index is None else open_archive(index)
    with opened as archive:
        return archive.ask(question, turns=turns, filters=filters, options=options)
