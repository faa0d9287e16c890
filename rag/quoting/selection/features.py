"""What speaks for a sentence as the answer to a question, in numbers."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

from rag.language.kinds import Asks, Kind, Wants, kind_of
from rag.language.names import names
from rag.language.terms import stem, terms, words
from rag.quoting.flagging import instructions
from rag.quoting.selection.meanings import meanings
from rag.quoting.selection.reading import BEGINNING, Reading, Sentence, read, same
from rag.quoting.selection.setting import days_of, heading, is_dated, title_terms, told_days
from rag.quoting.selection.spoken import spoken
from rag.quoting.selection.wanted import counted, names_in, somebody, wanted
from rag.records import Hit, Passage

# A sentence that asks, or says that something is not known ("How many had to leave is not clear").
_ASKS = re.compile(
    r"\?[\"”’')]*\s*$|^[\"“‘'(]*(?:how (?:many|much|long|far)|whether|why)\b", re.IGNORECASE
)

Idf = Callable[[str], float]

# Sorts of things that a sentence can be seen to hold; a reason is too often given without a sign.
TOLD_BY_FORM = (Wants.DATE, Wants.NUMBER, Wants.PERSON, Wants.PLACE, Wants.NAME)
_CLOSE = 3  # words from one term to the next that still make a pair


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the ranker sees it.

    `weights` are its terms with their share of its rarity in the archive (they sum to 1), `local`
    with their rarity among the sentences found, in tens of nats: a term that every other sentence
    holds tells little, however few terms the question has. `names` and `numbers` are those of its
    terms that are written as such, `days` those that belong to dates, `plain` the rest.
    """

    text: str
    kind: Kind
    weights: Mapping[str, float]
    local: Mapping[str, float]
    names: frozenset[str]
    numbers: frozenset[str]
    days: frozenset[str]
    head: str | None

    @property
    def plain(self) -> frozenset[str]:
        return frozenset(self.weights) - self.names - self.numbers - self.days


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be quoted: hit number `hit`, sentence number `place` in its passage."""

    hit: int
    place: int
    sentence: Sentence
    features: dict[str, float]


def understood(text: str, hits: Sequence[Hit], idf: Idf) -> Question:
    """The question with its terms weighed."""
    kind = kind_of(text)
    rarity: dict[str, float] = {}
    for term in kind.content:
        rarity[same(term)] = max(rarity.get(same(term), 0.0), idf(term))
    named = {same(term) for name in names(text) for term in terms(name.text)}
    return Question(
        text,
        kind,
        _shares(rarity),
        _rarity_among(hits, rarity),
        frozenset(term for term in named & rarity.keys() if not term.isdigit()),
        frozenset(term for term in rarity if term[0].isdigit()),
        frozenset(term for term in rarity if is_dated(term)),
        same(stem(kind.head)) if kind.head else None,
    )


def candidates(question: Question, hits: Sequence[Hit]) -> list[Candidate]:
    """Every sentence of the hits with its features, in the order of the hits.

    Sentences that look like instructions to software are left out: they answer nothing.
    """
    nearest = max((hit.similarity or 0.0 for hit in hits), default=0.0)
    best = max((hit.score for hit in hits), default=0.0) or 1.0
    articles = _articles(hits)
    found = []
    for number, hit in enumerate(hits):
        reading = read(hit.passage.text)
        flagged = _flagged(hit.passage.text)
        head = heading(hit.passage.source)
        elsewhere = articles[hit.passage.source.article_id] - reading.bag - head
        passage = {
            "coverage_passage": _sum(question.weights, reading.bag),
            "names_passage": _share(question.names, reading.bag),
            "rank": 1 / (1 + number),
            "similarity": 0.0 if hit.similarity is None else hit.similarity - nearest,
            "score": hit.score / best,
            "article": _sum(question.weights, elsewhere),
        }
        for place, sentence in enumerate(reading.sentences):
            if sentence.start in flagged:
                continue
            features = passage | _words(question, reading, place) | _things(question, sentence)
            features |= _setting(question, sentence, hit.passage)
            said = spoken(hit.passage.text, sentence, question.kind)
            features["spoken"] = float(bool(said))
            found.append(Candidate(number, place, sentence, features))
    return found


def _articles(hits: Sequence[Hit]) -> dict[str, frozenset[str]]:
    """The terms of all passages found of each article."""
    found: dict[str, frozenset[str]] = {}
    for hit in hits:
        key = hit.passage.source.article_id
        found[key] = found.get(key, frozenset()) | read(hit.passage.text).bag
    return found


@lru_cache(maxsize=4096)
def _flagged(text: str) -> frozenset[int]:
    """Where the sentences of a passage begin that look like instructions to software."""
    return frozenset(start for start, _, _ in instructions(text))


def _setting(question: Question, sentence: Sentence, passage: Passage) -> dict[str, float]:
    """What the article's title and day add to a sentence, and words that mean the same."""
    missing = question.weights.keys() - sentence.bag
    days = missing & question.days
    published = passage.source.published
    told = told_days(sentence.text, published) or days_of(published, published) if days else days
    own = question.names & sentence.bag
    others = not own and question.names and any(name.certain for name in names_in(sentence.text))
    return {
        "names": _share(question.names, sentence.bag),
        "others": float(bool(others) and not sentence.unclear),
        "title": _sum(question.weights, missing & title_terms(passage.source.title)),
        "dated": _sum(question.weights, days & told),
        "meaning": sum(question.weights[t] for t in missing if meanings(t) & sentence.bag),
    }


def _words(question: Question, reading: Reading, place: int) -> dict[str, float]:
    """How the words of the question return in the sentence and beside it."""
    sentence = reading.sentences[place]
    missing = question.weights.keys() - sentence.bag
    previous = reading.sentences[place - 1] if place else None
    before = previous.bag if previous else frozenset()
    after = reading.sentences[place + 1].bag if place + 1 < len(reading.sentences) else frozenset()
    meant = previous is not None and sentence.speaks_of(previous)
    coverage = _sum(question.weights, sentence.bag)
    return {
        "coverage": coverage,
        "local": _sum(question.local, sentence.bag),
        "local_before": _sum(question.local, missing & before),
        "coverage_meant": _sum(question.weights, missing & before) * meant,
        "local_after": _sum(question.local, missing & after),
        "loose": sum(question.weights[t] for t in missing if _loosely(t, sentence)),
        "run": _run(_words_of(question.text), sentence.words),
        "tight": _tightness(question, sentence) * coverage,
        "numbers": _share(question.numbers, sentence.bag),
        "head": float(question.head in sentence.bag),
        "length": math.log((1 + sentence.length) / 25),
        "whole": float(sentence.whole),
        "asks": float(_ASKS.search(sentence.text) is not None),
    }


@lru_cache(maxsize=64)
def _words_of(question: str) -> tuple[str, ...]:
    return tuple(words(question))


def _things(question: Question, sentence: Sentence) -> dict[str, float]:
    """Whether a thing of the sort asked for is there."""
    things = wanted(sentence.text, question.kind)
    sorts = {
        f"wanted_{sort}": float(question.kind.wants is sort and bool(things))
        for sort in TOLD_BY_FORM
    }
    measure = question.kind.measure
    telling = measure is not None and measure.telling
    persons = somebody(sentence.text, question.kind) if question.kind.wants is Wants.PERSON else 0
    return sorts | {
        "wanted_measure": float(telling and bool(things)),
        "counted": float(
            question.kind.asks is Asks.HOW_MANY and counted(sentence.text, question.kind)
        ),
        "somebody": float(persons > 0),
        "in_office": float(persons > 1),
    }


def pairs(question: Question, sentence: Sentence) -> float:
    """Share of the question's neighbouring terms that stand close together here too."""
    where = _places(question, sentence)
    total = met = 0.0
    for one, other in itertools.pairwise(question.weights):
        weight = question.weights[one] + question.weights[other]
        total += weight
        gaps = [abs(a - b) for a in where.get(one, ()) for b in where.get(other, ())]
        met += weight if min(gaps, default=_CLOSE + 1) <= _CLOSE else 0.0
    return met / total if total else 0.0


def _rarity_among(hits: Sequence[Hit], asked: Mapping[str, float]) -> dict[str, float]:
    """Rarity of terms among all sentences of the hits, as BM25 counts it, in tens of nats; 0
    where absent."""
    bags = [sentence.bag for hit in hits for sentence in read(hit.passage.text).sentences]
    found = {term: sum(term in bag for bag in bags) for term in asked}
    return {
        term: math.log(1 + (len(bags) - count + 0.5) / (count + 0.5)) / 10 if count else 0.0
        for term, count in found.items()
    }


def _shares(rarity: Mapping[str, float]) -> dict[str, float]:
    total = sum(rarity.values()) or 1.0
    return {term: value / total for term, value in rarity.items()}


def _sum(weights: Mapping[str, float], held: AbstractSet[str]) -> float:
    return sum(weight for term, weight in weights.items() if term in held)


def _share(asked: frozenset[str], bag: frozenset[str]) -> float:
    return len(asked & bag) / len(asked) if asked else 0.0


def _loosely(term: str, sentence: Sentence) -> bool:
    """Whether a word is there that begins as the term does for five letters or more and for most
    of the shorter of the two."""
    if term[:BEGINNING] not in sentence.beginnings:
        return False
    for other in sentence.bag:
        if other[:BEGINNING] == term[:BEGINNING]:
            shared = next(
                (i for i, (a, b) in enumerate(zip(term, other, strict=False)) if a != b),
                min(len(term), len(other)),
            )
            if shared >= 0.7 * min(len(term), len(other)):
                return True
    return False


def _run(asked: Sequence[str], said: Sequence[str]) -> float:
    """Logarithm of the longest run of words, stopwords included, that both have; 0 for one."""
    common = set(asked).intersection(said)
    where: dict[str, list[int]] = {word: [] for word in common}
    for place, word in enumerate(said):
        if word in common:
            where[word].append(place)
    longest = 1
    ending: dict[int, int] = {}
    for word in asked:
        ending = {place: ending.get(place - 1, 0) + 1 for place in where.get(word, ())}
        longest = max(longest, *ending.values(), 1)
    return math.log(longest)


def _places(question: Question, sentence: Sentence) -> dict[str, list[int]]:
    where: dict[str, list[int]] = {}
    for term, place in zip(sentence.terms, sentence.places, strict=True):
        if term in question.weights:
            where.setdefault(term, []).append(place)
    return where


def _tightness(question: Question, sentence: Sentence) -> float:
    """Terms of the question per word of the stretch that holds the first of each."""
    first = [places[0] for places in _places(question, sentence).values()]
    return len(first) / (max(first) - min(first) + 1) if len(first) > 1 else 0.0
