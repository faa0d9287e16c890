"""Terms: the words of a text, folded and stemmed, as every comparison in the house sees them."""

from __future__ import annotations

import re
import unicodedata
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

_STEMMER = snowballstemmer.stemmer("english")


def fold(text: str) -> str:
    """The text without case, accents and typographic apostrophes; its length may change."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def word_spans(text: str) -> list[tuple[int, int]]:
    """Offsets of the words of a text, in order."""
    return [match.span() for match in _WORD.finditer(text)]


def words(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    return _WORD.findall(fold(text))


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of one folded word; a possessive ending goes first."""
    bare = word.removesuffix("'s").removesuffix("'").replace(".", "") if word[0].isalpha() else word
    return str(_STEMMER.stemWord(bare))


def terms(text: str) -> list[str]:
    """The stems of a text's words that are not stopwords, in order, repeats kept."""
    return [stem(word) for word in words(text) if word not in STOPWORDS]
