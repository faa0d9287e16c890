"""What the words of a passage are, wherever they are indexed: terms, longer words, day, rarity."""

from __future__ import annotations

import math
from collections.abc import Callable

from rag.language.terms import terms, words
from rag.records import Filters, Passage, Source

# A question of more distinct terms than this is searched by its rarest.
_MOST_TERMS = 64
_NO_DAY, _LAST_DAY = 0, 99991231
# Shorter words are not kept as they were written: no misspelt word is mended to one of them.
_SHORTEST_WRITTEN = 4


def terms_of(passage: Passage) -> list[str]:
    """The terms of the text and of the source card, repeats kept."""
    return terms(passage.text) + head_terms(passage.source)


def written_in(passage: Passage) -> set[str]:
    """The longer words of text and card, folded but not stemmed, without possessive endings."""
    bare = (word.removesuffix("'s") for word in words(f"{passage.text} {_head(passage.source)}"))
    return {word for word in bare if len(word) >= _SHORTEST_WRITTEN and word.isalpha()}


def head_terms(source: Source) -> list[str]:
    """The terms of a source card: title, publisher, and the date in figures and in words."""
    return terms(_head(source))


def day_of(source: Source) -> int:
    """The day of publication as a number, 20240602; 0 for none."""
    return int(f"{source.published:%Y%m%d}") if source.published else _NO_DAY


def days(filters: Filters) -> tuple[int, int] | None:
    """The first and the last day that filters admit; None: any, and no day at all."""
    if not filters.since and not filters.last:
        return None
    first = int(f"{filters.since:%Y%m%d}") if filters.since else _NO_DAY + 1
    return first, int(f"{filters.last:%Y%m%d}") if filters.last else _LAST_DAY


def rarity_of(holding: int, total: int) -> float:
    """The inverse document frequency, as BM25 has it, of what so many of all passages hold."""
    return math.log(1 + (total - holding + 0.5) / (holding + 0.5))


def searched(text: str, rarity: Callable[[str], float]) -> list[str]:
    """The distinct terms by which a text is searched: all, or the rarest if they are many."""
    distinct = list(dict.fromkeys(terms(text)))
    if len(distinct) <= _MOST_TERMS:
        return distinct
    return sorted(distinct, key=rarity, reverse=True)[:_MOST_TERMS]


def _head(source: Source) -> str:
    day = source.published
    date = f"{day:%Y-%m-%d} {day:%B} {day:%Y} {day.day}" if day else ""
    return f"{source.title or ''} {source.publisher or ''} {date}"
