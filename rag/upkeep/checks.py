"""What the doctor looks at, part by part, and how each part is mended."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.embeddings.embedding import MiniLMEmbeddings
from rag.indexes.generation import descends
from rag.indexes.seal import seal_of
from rag.ingest.embedded import embed_missing
from rag.ingest.identity import content_hash
from rag.passages import split
from rag.records import Article, Filters, Passage
from rag.settings import Settings
from rag.store import Upkeep
from rag.upkeep.fitness import free_bytes, locked_files, unfit_packages
from rag.upkeep.probe import Probed, probed
from rag.wiring import Parts

# Stored vectors that are made again to be compared. What differs of the same model on another
# machine is the last digit of its figures.
_SAMPLE, _SAME = 16, 0.999
# A new generation is a copy of the one before, and the store's log grows beside it.
_ROOM = 3
_LEAST_FREE = 64 * 2**20
_MOST_NAMED = 3


class State(enum.StrEnum):
    """What became of a check."""

    OK = "ok"
    UNTIDY = "untidy"  # no harm, but something that could be cleared away
    WRONG = "wrong"
    MENDED = "mended"
    SKIPPED = "skipped"  # it stands on something that is wrong


@dataclass(frozen=True, slots=True)
class Seen:
    """What looking at one part found."""

    state: State
    said: str


@dataclass(frozen=True, slots=True)
class Check:
    """One part: how it is looked at, and how it is mended, where that can be done."""

    name: str
    look: Callable[[], Seen]
    mend: Callable[[], str] | None = None


def of_machine(folder: Path) -> Iterator[Check]:
    """The checks of the machine, and of the folder if it is there."""

    def packages() -> Seen:
        unfit = unfit_packages()
        if unfit:
            said = f"{_some(unfit)}: install the package again with its lock file"
            return Seen(State.WRONG, said)
        return Seen(State.OK, "of the versions wanted")

    def permissions() -> Seen:
        locked = locked_files(folder)
        if locked:
            said = f"cannot be read and written: {_some([str(path) for path in locked])}"
            return Seen(State.WRONG, said)
        return Seen(State.OK, "every file can be read and written")

    def disk() -> Seen:
        sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
        wanted = max(_LEAST_FREE, _ROOM * max(sizes, default=0))
        free = free_bytes(folder)
        if free < wanted:
            said = f"{free >> 20:,} MiB free, an ingest may need {wanted >> 20:,} MiB: make room"
            return Seen(State.WRONG, said)
        return Seen(State.OK, f"{free >> 20:,} MiB free")

    yield Check("packages", packages)
    if folder.exists():  # beside a store on a server there may be none yet
        yield Check("permissions", permissions)
        yield Check("disk", disk)


def of_archive(parts: Parts, upkeep: Upkeep, folder: Path, settings: Settings) -> Iterator[Check]:
    """The checks of an archive, from the ground up; whoever mends holds the write lock."""
    yield from _of_store(parts, upkeep)
    yield Check("settings", lambda: _settings(parts))
    yield from _of_passages(parts, upkeep, settings)
    yield from _of_index(parts, upkeep, folder, settings)


def _of_store(parts: Parts, upkeep: Upkeep) -> Iterator[Check]:
    def store() -> Seen:
        parts.index.check()
        faults = upkeep.faults()
        if faults:
            said = f"{_some(faults)}: put a backup back with `rag restore FILE --replace`"
            return Seen(State.WRONG, said)
        articles = parts.store.coverage(Filters()).articles
        return Seen(State.OK, f"sound, {articles:,} {'article' if articles == 1 else 'articles'}")

    def reindexed() -> str:
        upkeep.reindex()
        return "made its own indexes again"

    def rows() -> Seen:
        strays, miscounted = upkeep.strays(), upkeep.miscounted()
        wrong = [f"{count:,} {name}" for name, count in strays.items()]
        if miscounted:
            wrong.append(f"{miscounted:,} articles that count their passages wrongly")
        return Seen(State.WRONG, _some(wrong)) if wrong else Seen(State.OK, "none strays")

    def cleared() -> str:
        upkeep.drop_strays()
        upkeep.recount()
        return "cleared and counted again"

    def articles() -> Seen:
        altered = [
            article.id
            for article in parts.store.articles()
            if content_hash(article.source, article.text) != article.content_hash
        ]
        if altered:
            mending = "ingest them again, or put a backup back"
            return Seen(State.WRONG, f"not as they were stored: {_some(altered)}: {mending}")
        return Seen(State.OK, "each is as it was stored")

    yield Check("store", store, reindexed)
    yield Check("articles", articles)
    yield Check("rows", rows, cleared)


def _settings(parts: Parts) -> Seen:
    parts.store.bind(parts.fingerprint)
    return Seen(State.OK, f"the index was built with them: {parts.fingerprint}")


def _of_passages(parts: Parts, upkeep: Upkeep, settings: Settings) -> Iterator[Check]:
    def cut(article: Article) -> list[Passage]:
        return split(article, size=settings.passage_size, overlap=settings.passage_overlap)

    def passages() -> Seen:
        misplaced = upkeep.misplaced()
        if misplaced:
            return Seen(State.WRONG, f"not what stands in their articles: {_some(misplaced)}")
        count = parts.store.coverage(Filters()).passages
        return Seen(State.OK, f"all {count:,} are word for word in their articles")

    def cut_again() -> str:
        for article in parts.store.articles():
            embed_missing(parts.store, parts.embeddings, [p.text for p in cut(article)])
        parts.store.resplit(cut, parts.fingerprint)
        return "all articles cut anew"

    def vectors() -> Seen:
        missing, odd = len(upkeep.without_vector()), upkeep.odd_vectors()
        if missing or odd:
            return Seen(State.WRONG, f"{missing:,} passages without one, {odd:,} of an odd length")
        return Seen(State.OK, "every passage has one")

    def embedded() -> str:
        upkeep.drop_odd_vectors()
        made = embed_missing(parts.store, parts.embeddings, upkeep.without_vector())
        # The index holds what had vectors when it was made, and its number tells nothing of these.
        parts.index.remake()
        return f"{made:,} embedded, and the index made again"

    yield Check("passages", passages, cut_again)
    yield Check("vectors", vectors, embedded)
    if isinstance(parts.embeddings, MiniLMEmbeddings):
        yield Check("model", lambda: _model(parts, upkeep), lambda: _embedded_anew(parts, upkeep))


def _model(parts: Parts, upkeep: Upkeep) -> Seen:
    """The model checks its files against the published hashes when it is loaded."""
    sample = upkeep.sample(_SAMPLE)
    made = parts.embeddings.embed_documents([text for text, _ in sample] or ["a"])
    differing = sum(
        float(np.dot(np.asarray(new, dtype=np.float32), old)) < _SAME
        for new, (_, old) in zip(made, sample, strict=False)
    )
    if differing:
        said = f"{differing} of {len(sample)} stored vectors are not what the model gives"
        return Seen(State.WRONG, said)
    return Seen(State.OK, f"the published weights, and {len(sample)} vectors as it gives them")


def _embedded_anew(parts: Parts, upkeep: Upkeep) -> str:
    upkeep.drop_vectors()
    made = embed_missing(parts.store, parts.embeddings, upkeep.without_vector())
    parts.index.remake()
    return f"all {made:,} texts embedded again"


def _of_index(parts: Parts, upkeep: Upkeep, folder: Path, settings: Settings) -> Iterator[Check]:
    index = parts.index

    def files() -> Seen:
        behind = index.behind()
        if not parts.store.generation():
            return Seen(State.OK, "none yet, as there are no articles")
        if behind is None or not index.is_whole():
            return Seen(State.WRONG, "a file of it is missing, damaged or of another store")
        if behind:
            said = f"behind the store by {behind}: the next question brings it up"
            return Seen(State.UNTIDY, said)
        return Seen(State.OK, "every file is as it was sealed, in step with the store")

    def refreshed() -> str:
        index.refresh()
        return "brought up from the store"

    def counts() -> Seen:
        if not parts.store.generation():
            return Seen(State.OK, "no passages yet")
        if index.behind():
            return Seen(State.UNTIDY, "not counted while the index is behind")
        held = probed(folder, settings)
        if not isinstance(held, Probed):
            return Seen(State.WRONG, held)
        wanted = parts.store.coverage(Filters()).passages
        said = f"{held.words:,} in the words, {held.vectors:,} in the vectors"
        if (held.words, held.vectors) != (wanted, wanted):
            return Seen(State.WRONG, f"{said}, {wanted:,} in the store")
        return Seen(State.OK, f"{said}, as in the store")

    def remade() -> str:
        index.remake()
        return "made again from the store"

    def leftovers() -> Seen:
        left = {
            "folders of old or unfinished indexes": len(_spare(parts)),
            "vectors of old texts": upkeep.unused_vectors(),
            "notes of old changes": upkeep.outdated(index.oldest()),
            "free pages": upkeep.free_pages(),
        }
        there = [f"{count:,} {name}" for name, count in left.items() if count]
        if there:
            return Seen(State.UNTIDY, f"{', '.join(there)}, which nothing needs")
        return Seen(State.OK, "none")

    def tidied() -> str:
        index.discard_others()
        upkeep.drop_unused_vectors()
        upkeep.prune(index.oldest())
        return "cleared" if upkeep.compact() else "cleared; the store shrinks when nobody reads it"

    yield Check("index", files, refreshed)
    yield Check("counts", counts, remade)
    yield Check("leftovers", leftovers, tidied)


def _spare(parts: Parts) -> list[Path]:
    """Folders that nobody opens: unfinished, of no use any more, or older than the one before."""
    others = parts.index.kept()[1:]
    seals = {folder: seal_of(folder) for folder in others}
    useful = [folder for folder, held in seals.items() if held and descends(held, parts.store)]
    return [folder for folder in others if folder not in useful[-1:]]


def _some(items: list[str]) -> str:
    """A few of many."""
    more = len(items) - _MOST_NAMED
    return ", ".join(items[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
