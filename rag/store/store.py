"""The store of articles: the one truth, from which both indexes can be made again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from rag.errors import IndexMismatch
from rag.records import Article, Coverage, Filters, Passage, Source
from rag.store import articles, changes, journal, passages, restating
from rag.store.database import Database
from rag.store.rows import Entry, Known, Origin, Vector


class Store:
    """Articles, versions, passages and their vectors in one database.

    Every change is one transaction and raises the generation by one. Any number of threads
    and processes may read; who changes articles holds the lock on them (`locked`).

    Raises (all methods):
        StoreDamaged: the file is not a readable store.
        IndexUnavailable: it cannot be opened or written.
    """

    def __init__(self, database: Database, *, embedding: str) -> None:
        self._database = database
        self._embedding = embedding

    def close(self) -> None:
        self._database.close()

    def locked(self, patience: float) -> AbstractContextManager[None]:
        """Be the one process that changes the articles; wait at most `patience` seconds for it.

        Raises:
            IndexBusy: another process is.
        """
        return self._database.locked(patience)

    @property
    def folder(self) -> Path | None:
        """The folder that its file lies in; None where it is on a server."""
        return self._database.folder

    # --- what the store is ------------------------------------------------------------------

    def generation(self) -> int:
        """How many changes the store has seen; 0 for a new one."""
        with self._database.reading() as connection:
            return journal.generation(connection)

    def token(self, generation: int) -> str | None:
        """What tells this store's change of that number from any other's; None if it saw none."""
        with self._database.reading() as connection:
            return journal.token(connection, generation)

    def change(self) -> tuple[int, str]:
        """The number of the last change and its token, read at once; (0, "") for a new store."""
        with self._database.reading() as connection:
            return journal.change(connection)

    def identity(self) -> str:
        """A name that no other store has; what lies on a server for this store is called by it."""
        with self._database.reading() as connection:
            held = journal.value(connection, "id")
        if held is None:  # made by a version that gave stores no name
            with self._database.writing() as connection:
                held = journal.identify(connection)
        return held

    def bind(self, fingerprint: str) -> None:
        """Remember what this index is built with; a store with articles keeps its first.

        Raises:
            IndexMismatch: it was built with something else; names both and the mending command.
        """
        with self._database.reading() as connection:
            before = journal.value(connection, "fingerprint")
            held = articles.coverage(connection, Filters()).articles
        if before == fingerprint:
            return
        if before is not None and held:
            raise IndexMismatch(
                f"the index was built with {before}, the settings say {fingerprint}: put the"
                " settings back, or build it anew from the stored articles with `rag rebuild"
                f"{_index_option(self._database)}`"
            )
        with self._database.writing() as connection:
            journal.put_value(connection, "fingerprint", fingerprint)

    def fingerprint(self) -> str | None:
        """What this store was bound to, None before it was."""
        with self._database.reading() as connection:
            return journal.value(connection, "fingerprint")

    def corpus(self) -> str:
        """The hash of every live article's id and content: the same articles, the same hash."""
        with self._database.reading() as connection:
            return articles.corpus(connection)

    def coverage(self, filters: Filters) -> Coverage:
        """What these filters leave to be searched."""
        with self._database.reading() as connection:
            return articles.coverage(connection, filters)

    def publishers(self) -> list[str]:
        """The publishers of the live articles, in alphabetical order."""
        with self._database.reading() as connection:
            return articles.publishers(connection)

    # --- articles ---------------------------------------------------------------------------

    def article(self, article_id: str) -> Article | None:
        """The newest version of an article, None where there is none (any more)."""
        with self._database.reading() as connection:
            return articles.newest(connection, article_id)

    def articles(self) -> Iterator[Article]:
        """The newest version of every article, by id; read as they are asked for."""
        with self._database.streaming() as connection:
            yield from articles.every(connection)

    def sources(self) -> list[Source]:
        """The source card of every article, by id, without the texts."""
        with self._database.reading() as connection:
            return articles.sources(connection)

    def known(self, article_ids: Iterable[str]) -> dict[str, Known]:
        """What the store holds now of those of these articles that are live, by id."""
        with self._database.reading() as connection:
            return articles.among(connection, article_ids)

    def from_folder(self, folder: str) -> list[Known]:
        """The live articles that were read from this folder."""
        with self._database.reading() as connection:
            return articles.of_folder(connection, folder)

    def copies(self, article_ids: Iterable[str]) -> dict[str, tuple[Source, ...]]:
        """For each of the articles that has copies: the other articles of its cluster, by date."""
        with self._database.reading() as connection:
            return articles.copies(connection, article_ids)

    # --- changes ----------------------------------------------------------------------------

    def put(self, entries: Sequence[Entry]) -> None:
        """Add or replace articles in one transaction; older versions stay, not searched.

        A passage is searched by its vector only if `put_vectors` has had that already.
        """
        if not entries:
            return
        with self._database.writing() as connection:
            generation = journal.advance(connection)
            for entry in entries:
                changes.retire(connection, entry.article.id, generation)
                changes.insert(connection, entry, generation)

    def put_vectors(self, vectors: Mapping[str, Vector]) -> None:
        """Keep vectors by `text_hash`; those already kept stay as they are."""
        with self._database.writing() as connection:
            changes.insert_vectors(connection, vectors, self._embedding)

    def move(self, origins: Mapping[str, Origin]) -> None:
        """Note, by article id, that articles that have not changed were met in another place."""
        if not origins:
            return
        with self._database.writing() as connection:
            changes.move(connection, origins)

    def restate(self, sources: Iterable[Source]) -> None:
        """Note what unchanged articles state of their last change and language now.

        That makes no new version and no new generation: nothing that is searched has changed.
        """
        with self._database.reading() as connection:
            otherwise = restating.restated(connection, sources)
        if otherwise:
            with self._database.writing() as connection:
                restating.restate(connection, otherwise)

    def resplit(self, split: Callable[[Article], Sequence[Passage]], fingerprint: str) -> None:
        """Cut every live article anew, in one transaction; the vectors must be there already.

        The index is bound to the new fingerprint.
        """
        with self._database.writing() as connection:
            generation = journal.advance(connection)
            # No index of an earlier change can be brought up to this one piece by piece.
            journal.forget_before(connection, generation)
            changes.resplit(connection, split, generation)
            journal.put_value(connection, "fingerprint", fingerprint)

    def remove(self, article_ids: Iterable[str]) -> int:
        """Take articles out of the archive; the number that were there."""
        there = list(self.known(article_ids))
        if not there:
            return 0
        with self._database.writing() as connection:
            generation = journal.advance(connection)
            return sum(changes.retire(connection, key, generation) for key in there)

    # --- passages ---------------------------------------------------------------------------

    def passages(self, ids: Sequence[str], filters: Filters) -> dict[str, Passage]:
        """Those of the passages that are live and pass the filters, by id."""
        with self._database.reading() as connection:
            return passages.among(connection, ids, filters)

    def live(self, ids: Sequence[str]) -> set[str]:
        """Those of the passage ids that are searched now."""
        with self._database.reading() as connection:
            return passages.live(connection, ids)

    def vectors(self, ids: Iterable[str]) -> dict[str, Vector]:
        """The vectors of passages, by passage id."""
        with self._database.reading() as connection:
            return passages.vectors_among(connection, ids, self._embedding)

    def filtered_vectors(self, filters: Filters) -> tuple[list[str], Vector]:
        """The ids and vectors (n, dimensions) of all passages that pass the filters."""
        with self._database.reading() as connection:
            return passages.filtered_vectors(connection, filters, self._embedding)

    def missing_vectors(self, texts: Iterable[str]) -> dict[str, str]:
        """Those of the texts that have no vector yet, by `text_hash`."""
        with self._database.reading() as connection:
            return passages.without_vector(connection, texts, self._embedding)

    def added_since(self, generation: int, *, batch: int) -> Iterator[list[tuple[Passage, Vector]]]:
        """Live passages added after a generation with their vectors, in batches."""
        with self._database.streaming() as connection:
            yield from passages.added_since(connection, generation, self._embedding, batch)

    def removed_since(self, generation: int) -> list[str]:
        """The ids of passages taken out after a generation and not put back."""
        with self._database.reading() as connection:
            return passages.removed_since(connection, generation)


def _index_option(database: Database) -> str:
    return f" --index {database.folder}" if database.folder else ""
