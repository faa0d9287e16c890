"""An open archive: articles in an index folder, to feed, to ask and to read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from rag.archive.otherwise import cited, not_used, without
from rag.archive.removal import forget, remove
from rag.archive.shelf import NO_FILTERS, Shelf
from rag.archive.status import Status, status
from rag.chain import Request
from rag.checking.quotations import CheckedQuote, checked_quote
from rag.errors import IndexBusy
from rag.ingest import Cluster, IngestReport, Progress, Root
from rag.quoting.left_out import LeftOut
from rag.quoting.suggestions import Suggestions
from rag.reading import File
from rag.records import (
    AS_CONFIGURED,
    QUOTES,
    Answer,
    Filters,
    Hit,
    Options,
    Turn,
)
from rag.retriever import HybridRetriever
from rag.settings import Settings
from rag.spans import lasting
from rag.store import Conversations, Feedback, Keys
from rag.upkeep.holdings import Holdings, holdings
from rag.wiring import Parts, assemble, voices

# The articles that questions to begin with are made from.
_NEWEST = 12


class Archive(Shelf):
    """Articles in an index folder: feed it, search it, ask it. Use it as a context manager.

    One archive may be used by many threads. Ingesting takes the folder's write lock; asking
    never does, and goes on while another process ingests.
    """

    def __init__(self, folder: Path, settings: Settings, *, is_seeds: bool = False) -> None:
        super().__init__(assemble(folder, settings))
        self.folder = folder
        self.settings = settings
        self.is_seeds = is_seeds
        self._left: tuple[Parts, ...] = ()
        try:
            self._parts.index.check()
            self._parts.store.bind(self._parts.fingerprint)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the files; closing twice changes nothing."""
        for parts in (*self._left, self._parts):
            parts.close()

    def become(self, other: Archive) -> None:
        """Go on as another archive and close both when this one is closed.

        What is under way is finished with the articles it began with.
        """
        self._left = (*self._left, self._parts)
        self.folder, self.settings, self.is_seeds = other.folder, other.settings, other.is_seeds
        self._parts = other._parts

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

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

    @property
    def keys(self) -> Keys:
        """The keys of programs that may use the service."""
        return self._parts.keys

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

    def remove(self, *named: str) -> tuple[str, ...]:
        """Take articles, each named by its id or url, out of the archive; their ids.

        Their versions stay in its history; they are neither read nor found any more.

        Raises:
            ReadError: one of them is not there; then none is removed.
            IndexBusy: another process is writing to this archive.
        """
        ids = self._all_identified(named)
        remove(self._parts, ids)
        return ids

    def forget(self, *named: str) -> tuple[str, ...]:
        """Delete articles, each named by its id or url, with all that holds a word of them.

        Every version, passage, vector, and what stored conversations quote of them: no byte stays
        in the index folder. Their ids. A removed article can be forgotten too.

        Raises:
            ReadError: one of them is not there; then none is forgotten.
            IndexBusy: another process is writing, or reads all the while.
        """
        ids = self._all_identified(named)
        forget(self._parts, ids)
        return ids

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
        return not_used(self._parts, answer, turns, filters)

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
        articles = cited(answer)
        copies = self.copies(articles)
        today = answer.receipt.today if answer.receipt else None
        options = answer.receipt.options if answer.receipt else AS_CONFIGURED
        return {
            key: self.ask(
                answer.question,
                turns=turns,
                filters=without(key, copies, filters),
                today=today,
                options=options,
            )
            for key in articles
        }

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

    def examples(self, *, most: int = 4) -> tuple[str, ...]:
        """Questions to begin with, which the newest articles answer; found anew at each call."""
        _, newest = self.listing(limit=_NEWEST)
        sources = [listed.source for listed in newest]
        return self._suggestions.examples(sources, most=most)

    def follow_ups(self, answer: Answer, *, most: int = 3) -> tuple[str, ...]:
        """Questions that an answer leads to, each one answered by the articles it cites."""
        return self._suggestions.follow_ups(answer, most=most)

    def probe(self) -> None:
        """See that a question could be answered now: the store and both indexes are searched.

        Raises:
            IndexUnavailable: one of them cannot be reached.
            StoreDamaged: the store cannot be read.
        """
        self.search("probe", limit=1)

    def status(self) -> Status:
        """What the archive holds now; brings the index up to date if it is behind."""
        return status(self.folder, self._parts)

    def holdings(self) -> Holdings:
        """What the archive holds, in figures, and whether its index is in step; only looks."""
        return holdings(self._parts.catalogue, self._parts.index, self.folder)

    def _drop_old_notes(self) -> None:
        """Have the store forget changes that no index here may be brought up from any more.

        Indexes elsewhere, of replicas or on a server, may need them: `rag doctor` drops those.
        """
        if self.settings.store is None and self.settings.chroma is None:
            with suppress(IndexBusy), self._parts.index.writing(patience=0):
                self._parts.upkeep.prune(self._parts.index.oldest())

    @property
    def _suggestions(self) -> Suggestions:
        """Made with quotes alone: a chat model that is paid for is not asked a dozen questions."""
        return Suggestions(partial(self.ask, options=Options(voice=QUOTES)), self.article)
