"""The sentences that answer, chosen from the passages found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag.language.kinds import Asks, Wants
from rag.quoting.confidence import Signals, confidence
from rag.quoting.selection.features import (
    TOLD_BY_FORM,
    Candidate,
    Idf,
    Question,
    candidates,
    pairs,
    understood,
)
from rag.quoting.selection.meanings import meanings
from rag.quoting.selection.reading import Sentence, read
from rag.quoting.selection.setting import heading
from rag.quoting.selection.short import short_answer
from rag.quoting.selection.weights import WEIGHTS
from rag.records import Hit, Passage

# A further quote must be at least this likely, as the ranker sees it, to be the one that answers.
# Of clapnq's gold sentences .880 are then among three quotes; from .01 on .873.
LEAST_SHARE = 0.005
# Sentences that share this much of their terms say the same twice.
_NEAR_IDENTICAL = 0.8


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence to quote: `start` and `end` are offsets in its article.

    `score` is the share of the ranker's belief that it is the one that answers. `short` are the
    offsets, in the article, of the likely short answer; None where none can be told. `lead_in`
    are the offsets of the sentence before, where the chosen one begins with a word ("it", "the
    latter") that hides what it speaks of.
    """

    passage: Passage
    start: int
    end: int
    score: float
    short: tuple[int, int] | None = None
    lead_in: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """The sentences to quote, best first, and how likely the best one answers (0 to 1)."""

    chosen: tuple[Chosen, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """Every sentence of the hits with its share of belief, best first."""

    asked: Question
    hits: Sequence[Hit]
    order: Sequence[tuple[float, Candidate]]

    def select(self, max_quotes: int) -> Selection:
        """Up to `max_quotes` sentences, each one unlike the others; none has confidence 0."""
        if not self.order or not self.asked.weights:
            return Selection((), 0.0)
        kept: list[tuple[float, Candidate]] = []
        for share, candidate in self.order:
            if len(kept) == max_quotes or (kept and share < LEAST_SHARE):
                break
            if kept and _exactness(self.asked, candidate) < _exactness(self.asked, kept[0][1]):
                continue
            if not any(_alike(candidate.sentence, other.sentence) for _, other in kept):
                kept.append((share, candidate))
        best = self.order[0][1]
        return Selection(self.chosen(kept), confidence(signals(self.asked, self.hits, best)))

    def leading(self, limit: int) -> tuple[Chosen, ...]:
        """The `limit` likeliest sentences, near-identical ones of other articles too.

        What several articles say in the same words is taken once.
        """
        distinct: dict[tuple[str, ...], tuple[float, Candidate]] = {}
        for share, candidate in self.order:
            distinct.setdefault(candidate.sentence.terms, (share, candidate))
        return self.chosen(list(distinct.values())[:limit])

    def chosen(self, kept: Sequence[tuple[float, Candidate]]) -> tuple[Chosen, ...]:
        """These of its sentences, each with its share of belief, as they are to be quoted."""
        return tuple(
            _chosen(self.asked, self.hits[candidate.hit].passage, candidate, share)
            for share, candidate in kept
        )


def rank(question: str, hits: Sequence[Hit], *, idf: Idf) -> Ranked:
    """The sentences of the hits' passages in the order in which they are likely to answer.

    `idf` gives the rarity of a stem in the archive.
    """
    asked = understood(question, hits, idf)
    return Ranked(asked, hits, ranking(asked, hits))


def select(question: str, hits: Sequence[Hit], *, idf: Idf, max_quotes: int = 2) -> Selection:
    """What `rank` selects: up to `max_quotes` sentences and how likely the best one answers."""
    return rank(question, hits, idf=idf).select(max_quotes)


def ranking(asked: Question, hits: Sequence[Hit]) -> list[tuple[float, Candidate]]:
    """Every sentence with its share of belief, best first; ties keep the hits' order."""
    found = candidates(asked, hits)
    scores = [sum(WEIGHTS[n] * v for n, v in candidate.features.items()) for candidate in found]
    best = max(scores, default=0.0)
    odds = [math.exp(score - best) for score in scores]
    total = sum(odds)
    shares = zip((odd / total for odd in odds), found, strict=True)
    return sorted(shares, key=lambda pair: -pair[0])


def signals(asked: Question, hits: Sequence[Hit], best: Candidate) -> Signals:
    """What the confidence is computed from."""
    features = best.features
    bags = [read(hit.passage.text).bag | heading(hit.passage.source) for hit in hits]
    own = bags[best.hit]
    everywhere = frozenset().union(*bags)
    named = asked.names | asked.numbers
    similarities = [hit.similarity for hit in hits if hit.similarity is not None]
    wants = asked.kind.wants
    filled = _holds_wanted(asked, best)
    measure = asked.kind.measure
    return Signals(
        coverage=features["coverage"],
        meant=features["coverage_meant"],
        around=_around(asked, hits[best.hit], best),
        passage=features["coverage_passage"],
        loose=features["loose"],
        pairs=pairs(asked, best.sentence),
        title=features["title"],
        meaning=features["meaning"],
        untold=_untold(asked, hits[best.hit], best),
        uncounted=float(asked.kind.asks is Asks.HOW_MANY and not features["counted"]),
        nobody=float(wants is Wants.PERSON and not features["somebody"]),
        role_missing=float(
            asked.kind.asks is Asks.WHO
            and asked.head in asked.weights
            and asked.head not in best.sentence.bag
        ),
        names_missing=len(named - own) / len(named) if named else 0.0,
        names_absent=len(named - everywhere) / len(named) if named else 0.0,
        unfilled=float(wants in TOLD_BY_FORM and not filled),
        unmeasured=float(measure is not None and measure.telling and not filled),
        similarity=max(similarities, default=None),
        terms=len(asked.weights),
    )


def _around(asked: Question, hit: Hit, best: Candidate) -> float:
    """The share of the question's terms that only the sentences beside the best one hold."""
    found = _beside(hit, best) - best.sentence.bag
    return sum(weight for term, weight in asked.weights.items() if term in found)


def _untold(asked: Question, hit: Hit, best: Candidate) -> float:
    """The share of the plain words that nothing in or around the best sentence means."""
    told = _beside(hit, best) | best.sentence.bag | heading(hit.passage.source)
    plain = {term: w for term, w in asked.weights.items() if term in asked.plain}
    total = sum(plain.values())
    missing = (w for t, w in plain.items() if t not in told and not meanings(t) & told)
    return sum(missing) / total if total else 0.0


def _holds_wanted(asked: Question, candidate: Candidate) -> bool:
    """Whether the sort of thing asked for is there, as far as that can be seen."""
    wants = asked.kind.wants
    return wants in TOLD_BY_FORM and candidate.features[f"wanted_{wants}"] > 0


def _exactness(asked: Question, candidate: Candidate) -> int:
    """How well a date or a number is given: 2 counts the very thing asked for, 0 gives none."""
    if asked.kind.wants not in (Wants.DATE, Wants.NUMBER):
        return 0
    return 2 if candidate.features["counted"] else int(_holds_wanted(asked, candidate))


def _beside(hit: Hit, best: Candidate) -> frozenset[str]:
    """The terms of the two sentences beside the best one."""
    sentences = read(hit.passage.text).sentences
    beside = sentences[max(best.place - 1, 0) : best.place] + sentences[best.place + 1 :][:1]
    return frozenset[str]().union(*(sentence.bag for sentence in beside))


def _alike(one: Sentence, other: Sentence) -> bool:
    joint = len(one.bag | other.bag)
    return joint == 0 or len(one.bag & other.bag) / joint >= _NEAR_IDENTICAL


def _chosen(asked: Question, passage: Passage, candidate: Candidate, share: float) -> Chosen:
    sentence = candidate.sentence
    short = short_answer(asked, passage.text, sentence)
    lead = None
    if sentence.unclear and candidate.place:
        before = read(passage.text).sentences[candidate.place - 1]
        lead = (passage.start + before.start, passage.start + before.end)
    return Chosen(
        passage,
        passage.start + sentence.start,
        passage.start + sentence.end,
        share,
        short and (passage.start + short[0], passage.start + short[1]),
        lead,
    )
