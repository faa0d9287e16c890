"""One ingest under way: readings are collected into batches, each stored in one transaction."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from langchain_core.embeddings import Embeddings

from rag.errors import ReadError
from rag.ingest.embedded import Ahead
from rag.ingest.identity import identified, needs_place, place_of, places
from rag.ingest.noticed import Noticed
from rag.ingest.report import Failure, IngestReport
from rag.reading import File, Reading
from rag.records import Article, Passage
from rag.store import Entry, Known, Origin, Store

# A batch is full with so many articles or characters, whichever comes first.
_ARTICLES, _CHARACTERS = 64, 2_000_000

Cut = Callable[[Article], Sequence[Passage]]


@dataclass(frozen=True, slots=True)
class _Found:
    reading: Reading
    origin: Origin
    where: str


@dataclass(frozen=True, slots=True)
class _Batch:
    """Articles to be stored together; `entries` are those that are new or have changed."""

    found: Sequence[tuple[Article, Origin]]
    known: Mapping[str, Known]
    entries: Sequence[Entry]

    @property
    def unchanged(self) -> list[tuple[Article, Origin]]:
        return [pair for pair in self.found if not _changed(pair[0], self.known)]

    @property
    def texts(self) -> list[str]:
        return [passage.text for entry in self.entries for passage in entry.passages]


class Run:
    """Takes files one by one; `tick` is called whenever there is more to tell.

    While one batch is embedded in a thread, the one before is stored and the next is read. A
    batch is stored in one transaction when all its vectors are in the store.
    """

    def __init__(
        self, store: Store, embeddings: Embeddings, cut: Cut, tick: Callable[[], None]
    ) -> None:
        self._store = store
        self._cut = cut
        self._tick = tick
        self._ahead = Ahead(store, embeddings)
        self._pending: _Batch | None = None
        self._batch: list[_Found] = []
        self._characters = 0
        self._failures: list[Failure] = []
        self._counts = {"added": 0, "updated": 0, "unchanged": 0, "embedded": 0}
        self._hashes: dict[str, str] = {}
        self._noticed = Noticed()
        self.met: dict[str, Origin] = {}
        self.failed: set[Origin] = set()
        self.read = 0
        self.articles = 0
        self.passages = 0

    def take(self, file: File, origin: Origin, readings: Iterable[Reading | ReadError]) -> None:
        """Take what is read of a file; store the batch whenever it is full."""
        for found in readings:
            flaw = found if isinstance(found, ReadError) else _flaw(found, origin, file.name)
            if flaw or isinstance(found, ReadError):
                self._fail(origin, file.name, str(flaw))
                continue
            self.read += 1
            self._batch.append(_Found(found, _inside(origin, found), _where(file.name, found)))
            self._characters += len(found.text)
            if len(self._batch) >= _ARTICLES or self._characters >= _CHARACTERS:
                self._turn()

    def flush(self) -> None:
        """Store what was collected, and what is under way."""
        self._turn()
        self._settle()

    def close(self) -> None:
        """Leave what is not stored yet; nothing is written from then on."""
        self._ahead.close()

    def underway(self) -> int:
        """How many passages are embedded of the batch that is to be stored next."""
        return self._ahead.embedded()

    def _turn(self) -> None:
        """Have what was collected embedded, and store the batch before meanwhile."""
        prepared = self._prepare()
        before = self._embedded_batch()
        self._ahead.begin(prepared.texts)
        self._pending = prepared
        self._keep(before)

    def _settle(self) -> None:
        """Wait for the batch that is under way, and store it."""
        self._keep(self._embedded_batch())

    def _prepare(self) -> _Batch:
        found, self._batch, self._characters = self._identified(), [], 0
        known = self._store.known(article.id for article, _ in found)
        changed = [pair for pair in found if _changed(pair[0], known)]
        entries = [Entry(article, self._cut(article), origin) for article, origin in changed]
        return _Batch(found, known, entries)

    def _embedded_batch(self) -> _Batch | None:
        batch, self._pending = self._pending, None
        self._counts["embedded"] += self._ahead.finish(self._tick)
        return batch

    def _keep(self, batch: _Batch | None) -> None:
        if batch is None:
            return
        self._store.put(batch.entries)
        self._noticed.look(self._store, [entry.article for entry in batch.entries])
        self._store.restate(article.source for article, _ in batch.unchanged)
        self._store.move(
            {
                article.id: origin
                for article, origin in batch.unchanged
                if batch.known[article.id].origin != origin
            }
        )
        self._count(batch)
        self.passages += len(batch.texts)
        self._tick()

    def report(self) -> IngestReport:
        return IngestReport(
            **self._counts,
            passages=self.passages,
            copies=self._noticed.copies,
            flagged=self._noticed.flagged,
            failures=tuple(self._failures),
        )

    def _identified(self) -> list[tuple[Article, Origin]]:
        """The batch as articles; an id met before in this run with other content is a failure."""
        owners = self._owners()
        articles: list[tuple[Article, Origin]] = []
        for found in self._batch:
            article, origin = self._known_as(found, owners)
            before = self._hashes.setdefault(article.id, article.content_hash)
            if before != article.content_hash:
                taken = f"another article of this ingest has the id {article.id}"
                self._fail(found.origin, found.where, taken)
            elif article.id not in self.met:
                articles.append((article, origin))
                self.met[article.id] = origin
        return articles

    def _known_as(self, found: _Found, owners: dict[str, Known]) -> tuple[Article, Origin]:
        if not needs_place(found.reading):
            return identified(found.reading, ""), found.origin
        place = place_of(found.origin, owners, self.met)
        owner = owners.get(place)
        origin = owner.origin if owner and owner.origin else found.origin
        return identified(found.reading, place), origin

    def _owners(self) -> dict[str, Known]:
        placed = [found.origin for found in self._batch if needs_place(found.reading)]
        return self._store.known({place for origin in placed for place in places(origin)})

    def _count(self, batch: _Batch) -> None:
        updated = sum(entry.article.id in batch.known for entry in batch.entries)
        self._counts["updated"] += updated
        self._counts["added"] += len(batch.entries) - updated
        self._counts["unchanged"] += len(batch.unchanged)
        self.articles += len(batch.found)

    def _fail(self, origin: Origin, where: str, message: str) -> None:
        """Note a failure; a message that begins with its place, as readers' do, says it once."""
        reason = message
        if message.startswith(where):
            line, _, reason = message[len(where) :].partition(": ")
            where += line
        self._failures.append(Failure(_printable(where), _printable(reason)))
        self.failed.add(origin)


def _changed(article: Article, known: Mapping[str, Known]) -> bool:
    return article.id not in known or known[article.id].content_hash != article.content_hash


def _inside(origin: Origin, reading: Reading) -> Origin:
    """Where a reading comes from: a member of an archive has a place of its own."""
    if reading.member is None:
        return origin
    return dataclasses.replace(origin, path=f"{origin.path}/{reading.member}")


def _where(name: str, reading: Reading) -> str:
    inside = f"{name}/{reading.member}" if reading.member else name
    return f"{inside}:{reading.line}" if reading.line else inside


def _flaw(reading: Reading, origin: Origin, name: str) -> ReadError | None:
    """What makes a reading unfit to store; None for a sound one."""
    where = _where(name, reading)
    if not _encodable(origin.path) or not _encodable(origin.folder):
        return ReadError(f"{where}: the name of the file is not Unicode: rename it")
    parts = [part for part in dataclasses.astuple(reading) if isinstance(part, str)]
    if not all(_encodable(part) for part in parts):
        return ReadError(f"{where}: holds a broken character (half of a surrogate pair)")
    # PostgreSQL stores none, and what one store takes the other must take too.
    if any("\0" in part for part in parts):
        return ReadError(f"{where}: holds a NUL character")
    return None


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
