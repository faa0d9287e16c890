"""Spelling: typing errors of a question, mended with the words that the archive itself uses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from string import ascii_lowercase
from typing import NamedTuple, Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rag.language.terms import STOPWORDS, fold, stem, word_spans

# Shorter words have too many neighbours: "gold" lies one letter from "good", "told" and "cold".
_SHORTEST = 5
# Of shorter words too many mistyped ones look like forms.
_SHORTEST_BASE = 4
# Two slips are believed only in a word this long, and only behind so many right letters.
_LONG = 9
_RIGHT_LETTERS = 3
# A letter can be lost, doubled or swapped with its neighbour in one way; for a wrong letter there
# are 25 in each place. So much less probable is each of those, all errors being as frequent.
_ONE_OF_MANY = 1 / 25
# A wrong letter is believed only towards a word that two passages hold, or one and the language.
_LEAST = 2 * _ONE_OF_MANY
# The best word must be so many times as probable as the next that is not a form of it.
_CLEARLY = 3.0
_POSSESSIVE = re.compile(r"['’]s?$", re.IGNORECASE)


class Vocabulary(Protocol):
    """The words of an archive, as `rag.indexes.words` has them: folded words, stemmed terms."""

    def seen(self, term: str) -> bool:
        """Whether any passage holds the term."""
        ...

    def written(self, word: str) -> int:
        """How many passages hold the word in just this form."""
        ...

    def beginning(self, prefix: str) -> Sequence[tuple[str, int]]:
        """The words that begin so, with the number of passages that hold each."""
        ...


@dataclass(frozen=True, slots=True)
class Mended:
    """A question in which every change replaced a word as it was typed by one of the archive."""

    text: str
    changes: tuple[tuple[str, str], ...] = ()


class _Candidate(NamedTuple):
    weight: float
    word: str


class Speller:
    """Mends words that no passage holds by words that passages hold; all others stay.

    `vocabulary` gives the words of the archive as it is now; `language`, called at the first word
    that they lack, the folded words that are right all the same. A word of the language is never
    changed, and one that may have been meant instead keeps a word from being mended. A mended
    question, mended again, stays as it is.
    """

    def __init__(
        self, vocabulary: Callable[[], Vocabulary], language: Callable[[], Set[str]]
    ) -> None:
        self._vocabulary = vocabulary
        self._language = language

    def mended(self, text: str) -> Mended:
        """The question with its typing errors mended, where there is clearly one way to do it."""
        archive = self._vocabulary()
        capitals = any(char.isupper() for char in text)
        pieces, changes, at = [], [], 0
        for start, end in word_spans(text):
            typed = _POSSESSIVE.sub("", text[start:end])
            if not (typed[1:].islower() or typed.isupper()) or fold(typed) != typed.casefold():
                continue  # figures, names such as McKay, and accents, which nobody types by chance
            # Without capitals in a question any word of it may be a name.
            named = typed[0].isupper() or not capitals
            word = self._meant(fold(typed), named=named, archive=archive)
            if word is not None:
                right = _cased(word, typed)
                pieces += [text[at:start], right]
                changes.append((typed, right))
                at = start + len(typed)
        return Mended("".join([*pieces, text[at:]]), tuple(changes))

    def _meant(self, typed: str, *, named: bool, archive: Vocabulary) -> str | None:
        """The word that was meant by one that was mistyped; None if it may be right."""
        if len(typed) < _SHORTEST or not typed.isalpha() or typed in STOPWORDS:
            return None
        if archive.seen(stem(typed)) or any(form in self._language() for form in _bases(typed)):
            return None
        found = self._one_error_away(typed, archive, named=named)
        if not found and not named and len(typed) >= _LONG:
            found = _two_slips_away(typed, archive)
        word = _clearly_best(found)
        if word is None or not (word in STOPWORDS or archive.seen(stem(word))):
            return None
        # The first letter is rarely wrong; where it seems so, too much else may have been meant.
        return word if word[0] == typed[0] or word[1::-1] == typed[:2] else None

    def _one_error_away(self, typed: str, archive: Vocabulary, *, named: bool) -> list[_Candidate]:
        """The words that one error makes the typed one, in a name a slip.

        Words of the language that the archive does not hold are among them: they too may have
        been meant.
        """
        likelihoods = dict.fromkeys(_before_a_slip(typed, of_a_name=named), 1.0)
        if not named:
            likelihoods = dict.fromkeys(_before_a_wrong_letter(typed), _ONE_OF_MANY) | likelihoods
        language = self._language()
        counts = (
            archive.written(word) + (word in STOPWORDS or word in language) for word in likelihoods
        )
        return [
            _Candidate(count * likelihood, word)
            for (word, likelihood), count in zip(likelihoods.items(), counts, strict=True)
            if count
        ]


def _bases(word: str) -> Iterator[str]:
    """The word, and what it may be a plural, a past or another regular form of."""
    yield word
    for ending in ("s", "es", "ed", "ing", "ly"):
        base = word.removesuffix(ending)
        if _SHORTEST_BASE <= len(base) < len(word):
            yield base
            yield base + "e"


def _before_a_slip(typed: str, *, of_a_name: bool = False) -> Iterator[str]:
    """What a swapped, doubled or lost letter may have made the typed word of; with repeats.

    A name may end in a letter more and be another name, as Martin and Martina: of names only the
    second of two equal letters is lost at the end.
    """
    for letter in _letters(typed):
        yield letter + typed
    for at in range(1, len(typed)):
        left, right = typed[at - 1], typed[at]
        if left == right:
            yield typed[:at] + typed[at + 1 :]
        else:
            yield typed[: at - 1] + right + left + typed[at + 1 :]
        for letter in _letters(typed):
            yield typed[:at] + letter + typed[at:]
    for letter in typed[-1] if of_a_name else _letters(typed):
        yield typed + letter


def _before_a_wrong_letter(typed: str) -> Iterator[str]:
    """What a letter for another, or one too many, may have made the typed word of."""
    for at in range(len(typed)):
        yield typed[:at] + typed[at + 1 :]
        for letter in _letters(typed):
            if letter != typed[at]:
                yield typed[:at] + letter + typed[at + 1 :]


def _two_slips_away(typed: str, archive: Vocabulary) -> list[_Candidate]:
    """The archive's words that two slips make the typed one."""
    counts = dict(archive.beginning(typed[:_RIGHT_LETTERS]))
    near = process.extract(typed, list(counts), scorer=OSA.distance, score_cutoff=2, limit=None)
    return [_Candidate(counts[word], word) for word, _, _ in near if _by_two_slips(typed, word)]


def _by_two_slips(typed: str, word: str) -> bool:
    return any(
        OSA.distance(halfway, word, score_cutoff=1) <= 1 and word in _before_a_slip(halfway)
        for halfway in _before_a_slip(typed)
    )


def _clearly_best(found: Sequence[_Candidate]) -> str | None:
    """The most probable word, if no word but its own forms comes near it."""
    if not found:
        return None
    best = max(found)
    others = (other.weight for other in found if stem(other.word) != stem(best.word))
    return best.word if best.weight >= max(_LEAST, _CLEARLY * max(others, default=0)) else None


def _letters(typed: str) -> str:
    """The letters to try: those of the Latin alphabet, and the word's own for any other."""
    return ascii_lowercase if typed.isascii() else "".join(dict.fromkeys(typed))


def _cased(word: str, typed: str) -> str:
    """The word with the capitals of what was typed."""
    if typed.isupper():
        return word.upper()
    return word[0].upper() + word[1:] if typed[0].isupper() else word
