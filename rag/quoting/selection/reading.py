"""Passages cut into sentences with their words, read once and kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rag.language.sentences import sentence_spans
from rag.language.terms import STOPWORDS, Remembered, fold, stem, word_spans, words, written_words

_KEPT_PASSAGES = 2048  # about 30 MB; an archive's passages come back from question to question
BEGINNING = 5  # letters that two words must share before one may stand loosely for the other

# Forms that stemming does not bring together.
_IRREGULAR = {
    form: verb
    for line in """arise arose arisen|become became|begin began begun|bind bound|blow blew blown
    |break broke broken|bring brought|build built|buy bought|catch caught|choose chose chosen
    |come came|deal dealt|die death dead|draw drew drawn|drink drank drunk
    |drive drove driven|eat ate eaten|fall fell fallen|feed fed|feel felt|fight fought
    |fly flew flown|flee fled|forget forgot forgotten|freeze froze frozen|get got gotten
    |give gave given|go went gone|grow grew grown|hang hung|hear heard|hide hid hidden|hold held
    |keep kept|know knew known|lay laid|lead led|leave left|lend lent|lie lain|lose lost loss
    |make made|mean meant|meet met|pay paid|ride rode ridden|ring rang rung|rise rose risen
    |run ran|say said|see saw seen|seek sought|sell sold sale|send sent|shake shook shaken
    |shine shone|shoot shot|show shown|shrink shrank shrunk|sing sang sung|sink sank sunk
    |sit sat|sleep slept|speak spoke spoken|spend spent|spring sprang sprung
    |stand stood|steal stole stolen|stick stuck|strike struck|swear swore sworn|swim swam swum
    |take took taken|teach taught|tear tore torn|tell told|think thought|throw threw thrown
    |understand understood|wake woke woken|wear wore worn|weave wove woven|win won
    |withdraw withdrew withdrawn|write wrote written|marry marriage|grow growth|high height
    |long length|wide width|deep depth|weigh weight|choose choice|succeed success successor
    |describe description|produce production|reduce reduction|decide decision|explode explosion
    |invade invasion|expand expansion|conclude conclusion|receive reception|destroy destruction
    |defend defense defence|maintain maintenance|analyse analyze analysis
    |man men|woman women|child children|person people|foot feet|mouse mice|tooth teeth
    |kilometre kilometer km|metre meter|centre center|percent percentage
    |0 zero|1 one|2 two|3 three|4 four|5 five|6 six|7 seven|8 eight|9 nine|10 ten|11 eleven
    |12 twelve""".split("|")
    for verb, *forms in [line.split()]
    for form in forms
}
_SAME = {stem(form): stem(word) for form, word in _IRREGULAR.items()}

_UNCLEAR = re.compile(
    r"[\"“‘'(]*(?:But |And |However, |Yet |Then |Also, |Later, |Still, )?"
    r"(?:he|she|it|they|his|her|its|their|this|that|these|those|both|such|the former|the latter"
    r"|another|others|one of them|some of them)\b",
    re.IGNORECASE,
)
_DEFINITE = re.compile(r"[\"“‘'(]*(?:The|Its|His|Her|Their)\b(?: [\w'’-]+){1,3}")


@dataclass(frozen=True)
class Sentence:
    """A sentence of a passage: offsets in the passage, its words as written, its terms in order.

    `terms` are brought to one form (see `same`), stopwords left out; `bag` holds each once.
    """

    start: int
    end: int
    text: str
    written: Sequence[str]
    terms: tuple[str, ...]
    bag: frozenset[str]

    @property
    def length(self) -> int:
        """How many words it has."""
        return len(self.written)

    @cached_property
    def words(self) -> Sequence[str]:
        """All its words, folded, in order."""
        # Elsewhere folding may divide a word.
        return list(map(fold, self.written)) if self.text.isascii() else words(self.text)

    @cached_property
    def places(self) -> tuple[int, ...]:
        """The count of words before each term."""
        return tuple(
            place for place, word in enumerate(self.written) if _one_form(word) is not None
        )

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The offsets of each term in the passage."""
        found = word_spans(self.text)
        return tuple(
            (self.start + found[place][0], self.start + found[place][1]) for place in self.places
        )

    @cached_property
    def spelled(self) -> str:
        """Its terms one after another, each behind a space."""
        return " ".join(("", *self.terms))

    @cached_property
    def unclear(self) -> bool:
        """Whether its first words point back at the sentence before."""
        return _UNCLEAR.match(self.text) is not None

    def speaks_of(self, before: Sentence) -> bool:
        """Whether it goes on about what the sentence before named: "It …", or "The spaceport …"
        where that one says spaceport too."""
        if self.unclear:
            return True
        definite = _DEFINITE.match(self.text)
        opening = {
            t
            for t, span in zip(self.terms, self.spans, strict=True)
            if definite and span[0] < self.start + definite.end()
        }
        return bool(opening & before.bag)

    @cached_property
    def whole(self) -> bool:
        """Whether it looks begun and ended, not cut at the border of a passage."""
        return not self.text[:1].islower() and self.text.rstrip("\"”’')]")[-1:] in tuple(".!?…")


@dataclass(frozen=True)
class Reading:
    """A passage read."""

    sentences: tuple[Sentence, ...]
    bag: frozenset[str]


@lru_cache(maxsize=100_000)
def same(term: str) -> str:
    """One form for a stem and its irregular forms: "began" and "begin", "seven" and "7"."""
    return _SAME.get(term, term)


def _made(word: str) -> str | None:
    folded = fold(word)
    return None if folded in STOPWORDS else same(stem(folded))


# The term of a word as it is written, None for a stopword.
_one_form = Remembered(_made, most=100_000).__getitem__


@lru_cache(maxsize=_KEPT_PASSAGES)
def read(text: str) -> Reading:
    """The sentences of a passage and all its terms."""
    sentences = tuple(_sentence(text, start, end) for start, end in sentence_spans(text))
    return Reading(sentences, frozenset[str]().union(*(s.bag for s in sentences)))


def _sentence(passage: str, start: int, end: int) -> Sentence:
    text = passage[start:end]
    written = written_words(text)
    terms = tuple(term for term in map(_one_form, written) if term is not None)
    return Sentence(start, end, text, written, terms, frozenset(terms))
