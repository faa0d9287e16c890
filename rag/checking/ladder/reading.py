"""A text read: its words, figures, names and dates, in one typography."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rag.checking.alignment import Token, invisible_to_nothing, tokens
from rag.checking.ladder.dated import DateWords, date_words
from rag.language.figures import Figure, figures
from rag.language.names import Name, matches, names

_BLANKS = re.compile(r"[^\S\n]+")


_HYPHENS = {ord("\u2010"): "-", ord("\u2011"): "-", ord("\u2012"): "-"}


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything a text says that the ladder compares; offsets count in `text`."""

    text: str
    marked: tuple[Token, ...]
    words: tuple[Token, ...]
    figures: tuple[Figure, ...]
    names: tuple[Name, ...]
    dates: tuple[DateWords, ...]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(word.key for word in self.words)


def folded(text: str) -> str:
    """The text with one typography: one form a character, one blank a gap, one kind of hyphen."""
    plain = unicodedata.normalize("NFKC", invisible_to_nothing(text))
    return _BLANKS.sub(" ", plain.translate(_HYPHENS))


def keys_in(text: str) -> frozenset[str]:
    """The keys of a text's words, without reading further."""
    return _keys(text)[0]


def content_in(text: str) -> frozenset[str]:
    """The keys of a text's words that say something by themselves."""
    return _keys(text)[1]


@lru_cache(maxsize=4096)
def _keys(text: str) -> tuple[frozenset[str], frozenset[str]]:
    found = tokens(folded(text))
    every = frozenset(token.key for token in found if not token.mark)
    return every, frozenset(token.key for token in found if token.content)


@lru_cache(maxsize=256)
def names_in(text: str) -> tuple[Name, ...]:
    """The names of a text, without reading further."""
    return tuple(names(folded(text)))


@lru_cache(maxsize=4096)
def read(text: str, anchor: date | None = None) -> Reading:
    """Read a text; `anchor` is the day it was published, from which relative dates count."""
    plain = folded(text)
    marked = tuple(tokens(plain))
    words = tuple(token for token in marked if not token.mark)
    return Reading(
        plain,
        marked,
        words,
        tuple(figures(plain)),
        tuple(names(plain)),
        tuple(date_words(plain, words, anchor)),
    )


def one_name(a: Name, b: Name) -> bool:
    return matches(a.text, b.text) or matches(b.text, a.text)
