"""What speaks for a sentence as the answer to a question, in numbers."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set as AbstractSet
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
    terms that are written as such, `days` those that belong to dates, `plain` the rest. `meant`
    has the terms that others may stand for, with those, `beginnings` the first letters of the
    longer ones.
    """

    text: str
    kind: Kind
    weights: Mapping[str, float]
    local: Mapping[str, float]
    names: frozenset[str]
    numbers: frozenset[str]
    days: frozenset[str]
    head: str | None
    meant: Mapping[str, frozenset[str]]
    beginnings: Mapping[str, str]

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
        {term: others for term in rarity if (others := meanings(term))},
        {term: term[:BEGINNING] for term in rarity if len(term) >= BEGINNING},
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
            "coverage_passage": _sum(question.weights, _held(question, reading.bag)),
            "names_passage": _share(question.names, reading.bag),
            "rank": 1 / (1 + number),
            "similarity": 0.0 if hit.similarity is None else hit.similarity - nearest,
            "score": hit.score / best,
            "article": _sum(question.weights, _held(question, elsewhere)),
        }
        for place, sentence in enumerate(reading.sentences):
            if sentence.start in flagged:
                continue
            features = {
                **passage,
                **_words(question, reading, place),
                **_things(question, sentence),
                **_setting(question, sentence, hit.passage),
                "spoken": float(bool(spoken(hit.passage.text, sentence, question.kind))),
            }
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
    missing = [term for term in question.weights if term not in sentence.bag]
    title = title_terms(passage.source.title)
    return {
        "names": _share(question.names, sentence.bag),
        "others": float(_names_others(question, sentence)),
        "title": _sum(question.weights, [term for term in missing if term in title]),
        "dated": _sum(question.weights, _told(question, missing, sentence, passage)),
        "meaning": _sum(
            question.weights,
            [t for t in missing if t in question.meant and question.meant[t] & sentence.bag],
        ),
    }


def _names_others(question: Question, sentence: Sentence) -> bool:
    """Whether a sentence names somebody or something, but nothing that the question names."""
    if not question.names or sentence.unclear or question.names & sentence.bag:
        return False
    return any(name.certain for name in names_in(sentence.text))


def _told(
    question: Question, missing: Sequence[str], sentence: Sentence, passage: Passage
) -> Sequence[str]:
    """Which of the missing terms belong to the day that a sentence speaks of, or was published."""
    days = [term for term in missing if term in question.days]
    if not days:
        return days
    published = passage.source.published
    told = told_days(sentence.text, published) or (days_of(published, published),)
    met = ([term for term in days if term in day] for day in told)
    return max(met, key=lambda terms: _sum(question.weights, terms))


def _words(question: Question, reading: Reading, place: int) -> dict[str, float]:
    """How the words of the question return in the sentence and beside it."""
    sentence = reading.sentences[place]
    held = _held(question, sentence.bag)
    missing = [term for term in question.weights if term not in sentence.bag]
    beside = reading.sentences[place - 1 : place] if place else ()
    before = [term for term in missing if any(term in other.bag for other in beside)]
    meant = bool(before) and sentence.speaks_of(beside[0])
    behind = reading.sentences[place + 1 : place + 2]
    after = [term for term in missing if any(term in other.bag for other in behind)]
    coverage = _sum(question.weights, held)
    return {
        "coverage": coverage,
        "local": _sum(question.local, held),
        "local_before": _sum(question.local, before),
        "coverage_meant": _sum(question.weights, before) * meant,
        "local_after": _sum(question.local, after),
        "loose": _sum(question.weights, [t for t in missing if _loosely(question, t, sentence)]),
        "run": _run(_wording(question.text), sentence.words),
        "tight": _tightness(question, sentence) * coverage if len(held) > 1 else 0.0,
        "numbers": _share(question.numbers, sentence.bag),
        "head": float(question.head in sentence.bag),
        "length": math.log((1 + sentence.length) / 25),
        "whole": float(sentence.whole),
        "asks": float(_asks(sentence.text)),
    }


def _asks(text: str) -> bool:
    # Without a question mark only its beginning can tell.
    return (_ASKS.search(text) if "?" in text else _ASKS.match(text)) is not None


@dataclass(frozen=True, slots=True)
class _Wording:
    """The words of a question, folded, stopwords included, and each two that are neighbours."""

    words: Sequence[str]
    pairs: frozenset[tuple[str, str]]


@lru_cache(maxsize=64)
def _wording(question: str) -> _Wording:
    found = words(question)
    return _Wording(found, frozenset(itertools.pairwise(found)))


_NOTHING_WANTED = {f"wanted_{sort}": 0.0 for sort in TOLD_BY_FORM}


def _things(question: Question, sentence: Sentence) -> dict[str, float]:
    """Whether a thing of the sort asked for is there."""
    kind = question.kind
    things = wanted(sentence.text, kind)
    found = {f"wanted_{kind.wants}": 1.0} if things and kind.wants in TOLD_BY_FORM else {}
    telling = kind.measure is not None and kind.measure.telling
    persons = somebody(sentence.text, kind) if kind.wants is Wants.PERSON else 0
    return {
        **_NOTHING_WANTED,
        **found,
        "wanted_measure": float(telling and bool(things)),
        "counted": float(kind.asks is Asks.HOW_MANY and counted(sentence.text, kind)),
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
    found = {term: sum([term in bag for bag in bags]) for term in asked}
    return {
        term: math.log(1 + (len(bags) - count + 0.5) / (count + 0.5)) / 10 if count else 0.0
        for term, count in found.items()
    }


def _shares(rarity: Mapping[str, float]) -> dict[str, float]:
    total = sum(rarity.values()) or 1.0
    return {term: value / total for term, value in rarity.items()}


def _held(question: Question, bag: AbstractSet[str]) -> list[str]:
    """The terms of the question that are there, in its order."""
    return [term for term in question.weights if term in bag]


def _sum(weights: Mapping[str, float], terms: Iterable[str]) -> float:
    return sum(map(weights.__getitem__, terms))


def _share(asked: frozenset[str], bag: frozenset[str]) -> float:
    return len(asked & bag) / len(asked) if asked else 0.0


def _loosely(question: Question, term: str, sentence: Sentence) -> bool:
    """Whether a word is there that begins as the term does for five letters or more and for most
    of the shorter of the two."""
    beginning = question.beginnings.get(term)
    if beginning is None or f" {beginning}" not in sentence.spelled:
        return False
    for other in sentence.bag:
        if other.startswith(beginning):
            shared = next(
                (i for i, (a, b) in enumerate(zip(term, other, strict=False)) if a != b),
                min(len(term), len(other)),
            )
            if shared >= 0.7 * min(len(term), len(other)):
                return True
    return False


def _run(asked: _Wording, said: Sequence[str]) -> float:
    """Logarithm of the longest run of words, stopwords included, that both have; 0 for one."""
    if asked.pairs.isdisjoint(itertools.pairwise(said)):
        return 0.0
    common = set(asked.words).intersection(said)
    where: dict[str, list[int]] = {word: [] for word in common}
    for place, word in enumerate(said):
        if word in common:
            where[word].append(place)
    longest = 1
    ending: dict[int, int] = {}
    for word in asked.words:
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
