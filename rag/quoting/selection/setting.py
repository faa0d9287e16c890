"""What stands around a sentence and is known of it: the article's title and its day."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from rag.language.dates import mentions
from rag.language.terms import fold, stem, terms
from rag.quoting.selection.reading import same
from rag.records import Source

_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_MONTH_TERMS = tuple(stem(fold(month)) for month in _MONTHS)
# Years that a question or a report may speak of.
_FIRST_YEAR, _LAST_YEAR = 1000, 2999


def is_dated(term: str) -> bool:
    """Whether a term is a year or a month."""
    if term.isdigit():
        return len(term) == 4 and _FIRST_YEAR <= int(term) <= _LAST_YEAR
    return term in _MONTH_TERMS


@lru_cache(maxsize=4096)
def heading(source: Source) -> frozenset[str]:
    """The terms of an article's title, and the year and month it was published."""
    return title_terms(source.title) | days_of(source.published, source.published)


@lru_cache(maxsize=4096)
def title_terms(title: str | None) -> frozenset[str]:
    """The terms of a title."""
    return frozenset(same(term) for term in terms(title or ""))


@lru_cache(maxsize=4096)
def told_days(sentence: str, published: date | None) -> tuple[frozenset[str], ...]:
    """The year and month of each date that a sentence tells, relative ones ("last year") worked
    out; none where it tells none."""
    found = (days_of(mention.first, mention.last) for mention in mentions(sentence, published))
    return tuple(day for day in found if day)


def days_of(first: date | None, last: date | None) -> frozenset[str]:
    """The year and the month of a stretch of days, as far as it keeps to one."""
    if first is None or last is None or first.year != last.year:
        return frozenset()
    month = {_MONTH_TERMS[first.month - 1]} if first.month == last.month else set[str]()
    return frozenset({str(first.year), *month})
