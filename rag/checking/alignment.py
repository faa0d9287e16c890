"""Two texts side by side, word for word: what is kept, what is new, what stands in for what."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.language.terms import STOPWORDS, stem

# Soft hyphens, joiners, direction and byte order marks say nothing and are dropped.
_INVISIBLE = dict.fromkeys(
    [
        0x00AD,
        0x034F,
        0x061C,
        0x180E,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
        *range(0x2066, 0x206A),
        0xFEFF,
    ]
)
_MARKS = {ord(mark): "'" for mark in "’‘‛ʼ′`´＇"}
# One thing each: an initialism, a number with its marks, a word, or a mark that splits clauses.
_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}|[$£€¥₩₹%]|\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|[,;:()\[\]—–\"“”]"
    r"|(?<=\s)-{1,3}(?=\s)|[.!?…]"
)
_BOUNDARIES = frozenset(",;:()[]—–-.!?…") | {"--", "---"}
_CONTRACTED = {"won't": "will", "can't": "can", "shan't": "shall", "ain't": "is"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: `word` is folded, `key` compares it, `start` and `end` are offsets.

    A contraction becomes two tokens with the same offsets ("didn't": did, not). `mark` is True
    for punctuation, which is no word but divides clauses; marks never align.
    """

    word: str
    key: str
    start: int
    end: int
    capital: bool = False
    mark: bool = False

    @property
    def content(self) -> bool:
        """Whether the word says something by itself."""
        return not self.mark and self.word not in STOPWORDS and self.key != "not"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: `ours` words of the first text stand where the second has `theirs`.

    Indices count the words (marks left out) of each side. `before` and `after` tell how many
    words in a row agree around it (the text's edge counts as agreeing).
    """

    kind: Literal["replace", "delete", "insert"]
    ours: tuple[int, int]
    theirs: tuple[int, int]
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """The words of two texts and where they differ; `pairs` maps our index to theirs."""

    ours: tuple[Token, ...]
    theirs: tuple[Token, ...]
    pairs: dict[int, int]
    differences: tuple[Difference, ...]


def tokens(text: str) -> list[Token]:
    """The words and dividing marks of a text, in order."""
    found = []
    for match in _TOKEN.finditer(text.translate(_MARKS)):
        raw = match[0]
        word = raw.casefold()
        start, end = match.span()
        capital = raw[0].isupper()
        if not raw[0].isalnum():
            found.append(Token(word, word, start, end, mark=raw not in "$£€¥₩₹%"))
            continue
        if not word.isascii():
            plain = unicodedata.normalize("NFKD", word)
            word = "".join(char for char in plain if not unicodedata.combining(char))
        for part in _parts(word) if "'" in word or word == "cannot" else (word,):
            key = "not" if part == "n't" else _key(part)
            found.append(Token(part, key, start, end, capital))
    return found


def align(ours: Sequence[Token], theirs: Sequence[Token]) -> Alignment:
    """Lay the words of two texts side by side, longest agreeing stretches first."""
    left = tuple(token for token in ours if not token.mark)
    right = tuple(token for token in theirs if not token.mark)
    matcher = difflib.SequenceMatcher(
        None, [t.key for t in left], [t.key for t in right], autojunk=False
    )
    codes = matcher.get_opcodes()
    pairs: dict[int, int] = {}
    differences = []
    for index, (kind, a, b, c, d) in enumerate(codes):
        if kind == "equal":
            pairs.update(zip(range(a, b), range(c, d), strict=True))
            continue
        before = codes[index - 1][2] - codes[index - 1][1] if index else 0
        after = codes[index + 1][2] - codes[index + 1][1] if index + 1 < len(codes) else 0
        differences.append(
            Difference(
                {"replace": "replace", "delete": "insert", "insert": "delete"}[kind],  # type: ignore[arg-type]
                (a, b),
                (c, d),
                before,
                after,
            )
        )
    return Alignment(left, right, pairs, tuple(differences))


def boundaries(marked: Sequence[Token]) -> list[int]:
    """Before which words (counted without marks) a clause mark stands; ascending."""
    found, count = [], 0
    for token in marked:
        if not token.mark:
            count += 1
        elif token.word in _BOUNDARIES:
            found.append(count)
    return found


def invisible_to_nothing(text: str) -> str:
    """The text without soft hyphens, joiners and other characters nobody sees."""
    return text.translate(_INVISIBLE)


def _parts(word: str) -> list[str]:
    if word == "cannot":
        return ["can", "not"]
    if word.endswith("n't"):
        return [_CONTRACTED.get(word, word[:-3]), "n't"]
    for ending in ("'s", "'"):
        if word.endswith(ending) and len(word) > len(ending):
            return [word.removesuffix(ending)]
    for ending in ("'re", "'ve", "'ll", "'d", "'m"):
        if word.endswith(ending) and len(word) > len(ending):
            return [word.removesuffix(ending), ending[1:]]
    return [word]


def _key(word: str) -> str:
    if not word[0].isalpha():
        return word.replace(",", "")
    return stem(word) if word not in STOPWORDS else word
