"""What an answer was not made from: articles beyond its limits, passages that were crowded out."""

from __future__ import annotations

import dataclasses
import enum
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.records import Answer, Coverage, Filters, Hit, Query, Source

# Passages named for each reason; a reader who wants more takes the limit away.
MOST_NAMED = 5
# Hits read to see what was ranked below those that the answer was made from.
_DEPTH = 60


class Limit(enum.StrEnum):
    """Why an article was not searched."""

    UNDATED = "undated"
    EARLIER = "earlier"
    LATER = "later"
    PUBLISHER = "publisher"


@dataclass(frozen=True, slots=True)
class Missed:
    """A passage that would have been found without the limits, and each that it does not pass."""

    hit: Hit
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What stood outside of an answer, as the archive is now.

    `filters` were in force, those read from the question's words included. The three counts are
    of articles; one may be in two of them. `missed` are the best passages of such articles, of
    those that would have come before some that was read. `crowded` passages scored as well as
    some that were read, but others of their article were read already; `lower` passages were
    found and ranked lower.
    """

    filters: Filters
    undated: int = 0
    outside_dates: int = 0
    other_publishers: int = 0
    missed: tuple[Missed, ...] = ()
    crowded: tuple[Hit, ...] = ()
    lower: int = 0


class Searches(Protocol):
    """Finds passages, best first."""

    def search(self, query: Query, *, limit: int | None = None) -> tuple[Hit, ...]: ...


def left_out(
    answer: Answer, query: Query, retriever: Searches, coverage: Callable[[Filters], Coverage]
) -> LeftOut:
    """What was left out of an answer to this query."""
    filters = query.filters
    free = dataclasses.replace(filters, since=None, until=None, as_of=None, publishers=())
    found = LeftOut(filters)
    if filters != free:
        found = dataclasses.replace(
            _counted(filters, free, coverage), missed=_missed(answer, query, free, retriever)
        )
    read = {hit.passage.id for hit in answer.hits}
    others = [hit for hit in retriever.search(query, limit=_DEPTH) if hit.passage.id not in read]
    crowded = _crowded(answer.hits, others)
    return dataclasses.replace(
        found, crowded=tuple(crowded[:MOST_NAMED]), lower=len(others) - len(crowded)
    )


def limits_of(source: Source, filters: Filters) -> tuple[Limit, ...]:
    """Every limit that a source card does not pass."""
    kept_out = []
    if (filters.since or filters.last) and source.published is None:
        kept_out.append(Limit.UNDATED)
    if filters.since and source.published and source.published < filters.since:
        kept_out.append(Limit.EARLIER)
    if filters.last and source.published and source.published > filters.last:
        kept_out.append(Limit.LATER)
    if not Filters(publishers=filters.publishers).admits(source):
        kept_out.append(Limit.PUBLISHER)
    return tuple(kept_out)


def _counted(filters: Filters, free: Filters, coverage: Callable[[Filters], Coverage]) -> LeftOut:
    everything = coverage(free).articles
    by_these = dataclasses.replace(free, publishers=filters.publishers)
    dated = dataclasses.replace(filters, publishers=())
    in_dates = coverage(dated)
    undated = in_dates.undated if dated != free else 0
    return LeftOut(
        filters,
        undated=undated,
        outside_dates=everything - in_dates.articles - undated,
        other_publishers=everything - coverage(by_these).articles,
    )


def _missed(answer: Answer, query: Query, free: Filters, retriever: Searches) -> tuple[Missed, ...]:
    hits = retriever.search(dataclasses.replace(query, filters=free))
    read = {hit.passage.id for hit in answer.hits}
    # What comes after the last that was read is not what the reader looks for; of an archive
    # where the limits left nothing, all that was found is.
    last = max((i for i, hit in enumerate(hits) if hit.passage.id in read), default=len(hits))
    missed = (Missed(hit, limits_of(hit.passage.source, query.filters)) for hit in hits[:last])
    return tuple(each for each in missed if each.limits)[:MOST_NAMED]


def _crowded(read: Sequence[Hit], others: Sequence[Hit]) -> list[Hit]:
    """Those that score better than some that was read, of articles that were read already."""
    if not read:
        return []
    least = min(hit.score for hit in read)
    passages = Counter(hit.passage.source.article_id for hit in read)
    return [hit for hit in others if hit.score > least and passages[hit.passage.source.article_id]]
