"""The catalogue of the store: what there is, in which versions, and where it came from."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from rag.records import Filters, Source
from rag.store import articles as reading, rows, versions
from rag.store.conditions import conditions
from rag.store.database import Database
from rag.store.rows import Origin
from rag.store.tables import SOURCE, articles, passages
from rag.versions import Version

# Ids named when one is asked for that is not there.
_NEAR = 3
# Ids that are compared letter by letter to find a near one; more take too long for an error.
_MOST_COMPARED = 20_000

_LISTED = sa.select(
    *SOURCE,
    articles.c.version,
    articles.c.stored,
    articles.c.passages,
    articles.c.folder,
    articles.c.path,
)
_ORDER = (articles.c.published.desc().nulls_last(), articles.c.article_id)
_BY_ADDRESS = (
    sa.select(articles.c.article_id)
    .where(articles.c.url == sa.bindparam("url"))
    .order_by(articles.c.live.desc(), articles.c.key.desc())
    .limit(1)
)
_PASSAGES = (
    sa.select(passages.c.start, passages.c.end)
    .join(articles, articles.c.key == passages.c.article_key)
    .where(articles.c.live, articles.c.article_id == sa.bindparam("article_id"))
    .order_by(passages.c.start)
)
_BY_PUBLISHER = (
    sa.select(articles.c.publisher, sa.func.count().label("articles"))
    .where(articles.c.live)
    .group_by(articles.c.publisher)
    .order_by(sa.desc("articles"), articles.c.publisher)
)
_REPORTS = sa.select(sa.func.count(sa.distinct(articles.c.cluster))).where(articles.c.live)


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a listing.

    `version` counts from 1; `stored` is the moment in UTC, without a zone, at which this version
    came in, None if it was not noted; `origin` is where it was read last. `copies` are the other
    articles that carry the same report, by date.
    """

    source: Source
    version: int
    stored: datetime | None
    passages: int
    origin: Origin | None
    copies: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Census:
    """What a store holds, counted.

    `versions` counts every stored version, those of removed articles too; `reports` counts copies
    of one report once. `publishers` are those of the articles with their number, most first, None
    for those that state none. `stored` is when the newest version came in, in UTC.
    """

    articles: int
    versions: int
    reports: int
    publishers: tuple[tuple[str | None, int], ...]
    stored: datetime | None


class Catalogue:
    """Looks articles up for whoever keeps the archive; searching does without it.

    Raises (all methods):
        StoreDamaged: the store is not readable.
        IndexUnavailable: it cannot be opened.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def listing(
        self, filters: Filters, words: str, *, limit: int, skip: int
    ) -> tuple[int, tuple[Listed, ...]]:
        """How many articles pass, and a page of them, newest first, undated last.

        An article passes whose title or text holds each of the words, whatever their case.
        """
        passing = (*conditions(filters), *_holding(words))
        with self._database.reading() as connection:
            count = connection.execute(
                sa.select(sa.func.count()).select_from(articles).where(*passing)
            ).scalar_one()
            page = _LISTED.where(*passing).order_by(*_ORDER).limit(limit).offset(skip)
            found = connection.execute(page).all()
            copies = reading.copies(connection, [row.article_id for row in found])
        return count, tuple(_listed(row, copies) for row in found)

    def listed(self, article_id: str) -> Listed | None:
        """An article as a listing has it, None where there is none (any more)."""
        _, found = self.listing(Filters(articles=(article_id,)), "", limit=1, skip=0)
        return found[0] if found else None

    def history(self, article_id: str) -> tuple[Version, ...]:
        """Every stored version of an article, oldest first; also of one that was removed."""
        with self._database.reading() as connection:
            return versions.history(connection, article_id)

    def passages(self, article_id: str) -> tuple[tuple[int, int], ...]:
        """Start and end of each passage of an article's newest version, in order."""
        with self._database.reading() as connection:
            found = connection.execute(_PASSAGES, {"article_id": article_id})
            return tuple((row.start, row.end) for row in found)

    def identified(self, named: str) -> str | None:
        """The id of the article that is named by its id or its url; None if there is none."""
        with self._database.reading() as connection:
            known = sa.select(articles.c.article_id).where(articles.c.article_id == named).limit(1)
            return (
                connection.execute(known).scalar()
                or connection.execute(_BY_ADDRESS, {"url": named}).scalar()
            )

    def near(self, named: str) -> tuple[str, ...]:
        """A few ids that somebody may have meant: those that hold what was said, else alike."""
        ids = sa.select(articles.c.article_id).where(articles.c.live).distinct()
        with self._database.reading() as connection:
            holding = (
                sa.select(articles.c.article_id)
                .where(articles.c.live, articles.c.article_id.icontains(named, autoescape=True))
                .order_by(sa.func.length(articles.c.article_id), articles.c.article_id)
                .limit(_NEAR)
            )
            found = connection.execute(holding).scalars().all() if named else []
            if not found:
                every = connection.execute(ids.limit(_MOST_COMPARED)).scalars().all()
                found = difflib.get_close_matches(named, every, n=_NEAR)
        return tuple(found)

    def census(self) -> Census:
        """What the store holds, counted."""
        with self._database.reading() as connection:
            publishers = tuple(
                (row.publisher, row.articles) for row in connection.execute(_BY_PUBLISHER)
            )
            count, stored = connection.execute(
                sa.select(sa.func.count(), sa.func.max(articles.c.stored))
            ).one()
            return Census(
                articles=sum(number for _, number in publishers),
                versions=count,
                reports=connection.execute(_REPORTS).scalar_one(),
                publishers=publishers,
                stored=stored,
            )


def _holding(words: str) -> Iterable[sa.ColumnElement[bool]]:
    """One condition a word. SQLite folds only ASCII, so other cases of a word stand beside it."""
    held = sa.func.coalesce(articles.c.title, "").concat("\n").concat(articles.c.text)
    for word in words.split():
        cases = dict.fromkeys((word, word.lower(), word.upper(), word.title()))
        yield sa.or_(*(held.icontains(case, autoescape=True) for case in cases))


def _listed(row: Any, copies: dict[str, tuple[Source, ...]]) -> Listed:
    origin = Origin(row.folder, row.path) if row.folder is not None else None
    return Listed(
        source=rows.source(row),
        version=row.version,
        stored=row.stored,
        passages=row.passages,
        origin=origin,
        copies=copies.get(row.article_id, ()),
    )
