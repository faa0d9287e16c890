"""Terms: the words of a text, folded and stemmed, as every comparison in the house sees them."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable
from functools import lru_cache

import snowballstemmer

# Letters and digits of any script; a decimal or thousands mark, an apostrophe or the dots of an
# initialism stay inside their word.
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\d+(?:[.,]\d+)*|[^\W_]+(?:['’][^\W_]+)*")

STOPWORDS = frozenset(
    """a about above after again against all also although am an and any are aren't as at be because
    been before being below between both but by can can't cannot could couldn't did didn't do does
    doesn't doing don't down during each else ever few for from further had hadn't has hasn't have
    haven't having he he's her here hers herself him himself his how however i i'm if in into is
    isn't it it's its itself just let's me might more most much must my myself nor of off
    on once only onto or other our ours ourselves out over own per s same shall she should so some
    such t than that that's the their theirs them themselves then there there's these they this
    those though through to too under until up upon us very was wasn't we were weren't what what's
    when where whether which while who who's whom whose why will with within would wouldn't
    yet you your yours yourself""".split()
)

# The stemmer works on one word at a time, which it keeps in itself.
_STEMMER, _STEMMING = snowballstemmer.stemmer("english"), threading.Lock()
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def fold(text: str) -> str:
    """The text without case, accents and typographic apostrophes; its length may change."""
    if text.isascii():
        return text.lower()
    # Few characters of a text are not ASCII, and the same ones come back.
    return _NOT_ASCII.sub(_plain, text.lower())


def _plain(match: re.Match[str]) -> str:
    return _folded(match[0])


@lru_cache(maxsize=10_000)
def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def word_spans(text: str) -> list[tuple[int, int]]:
    """Offsets of the words of a text, in order."""
    return [match.span() for match in _WORD.finditer(text)]


def written_words(text: str) -> list[str]:
    """The words of a text as they are written, in order."""
    return _WORD.findall(text)


def words(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    return _WORD.findall(fold(text))


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of one folded word; a possessive ending goes first."""
    bare = word.removesuffix("'s").removesuffix("'").replace(".", "") if word[0].isalpha() else word
    with _STEMMING:
        return str(_STEMMER.stemWord(bare))


def terms(text: str) -> list[str]:
    """The stems of a text's words that are not stopwords, in order, repeats kept."""
    return list(filter(None, map(_term, words(text))))


class Remembered(dict[str, str | None]):
    """What a function makes of words, each made once; all are forgotten when they are too many.

    A hit touches less memory than one of `lru_cache`, which counts where texts are gone through
    word by word: without that the terms of a passage took a third longer.
    """

    def __init__(self, make: Callable[[str], str | None], most: int) -> None:
        super().__init__()
        self._make = make
        self._most = most

    def __missing__(self, word: str) -> str | None:
        if len(self) >= self._most:
            self.clear()
        made = self[word] = self._make(word)
        return made


def _made(word: str) -> str | None:
    return None if word in STOPWORDS else stem(word)


# The stem of a folded word, None for a stopword.
_term = Remembered(_made, most=100_000).__getitem__
