"""Which sentence answers which part of a question in parts: each its own, the sides told apart.

A part is ranked by itself, but it is not asked alone: what only it asks for ("March" of "in March
or in September") tells its sentence from that of the others, and the sides of a comparison are
told in one unit. So all parts get their sentences at once, where the sum of what speaks for them
is greatest.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
import re
from collections.abc import Sequence, Set as AbstractSet
from dataclasses import dataclass

from rag.language.figures import ORDINAL, figures
from rag.language.kinds import Wants, kind_of
from rag.language.terms import terms
from rag.quoting.selection import Ranked, Selection, rank
from rag.quoting.selection.features import Candidate, Idf
from rag.quoting.selection.reading import same
from rag.quoting.selection.setting import days_of, is_dated, title_terms, told_days
from rag.records import Hit

# A part goes without a sentence rather than take one that is, all told, less likely than its best
# by more than this factor.
_ABOUT_AS_LIKELY = 0.2
# What speaks for a sentence, in natural logarithms of odds like the ranker's own scores. Chosen on
# the `dev` half of the bundled archive and on multihop-facts; with all of them halved or doubled
# as many cases of the other half pass.
_OWN = 3.0  # it holds all that only this part asks for, and nothing of what only another does
_UNIT = 2.5  # for two sides of a comparison: their figures are in one unit
_WHOLE = 0.3  # times what the ranker gives it for the question as a whole
# Sentences of a part that are weighed, and those of them that are tried beside the other parts'.
_WEIGHED = 12
_TRIED = 5
# The names in brackets that make a part look up the right articles: "what would it cost (Oldfell)?"
_LENT = re.compile(r"\s\([^)]*\)(?=\?$)")


@dataclass(frozen=True, slots=True)
class _Option:
    """A sentence that a part may get: `gain` is what it adds to the sum, `units` what its figures
    count."""

    gain: float
    share: float
    candidate: Candidate
    units: frozenset[str]


def best_of_each(
    parts: Sequence[str], whole: Ranked, hits: Sequence[Hit], *, idf: Idf, least: float
) -> list[Selection]:
    """The sentence of each part, none twice; without one where none is at least so likely.

    `whole` has the sentences ranked for the whole question, `least` is a confidence.
    """
    texts = [_LENT.sub("", part) for part in parts]
    # How near a passage is to the whole question tells little of a part that stands alone.
    apart = [dataclasses.replace(hit, similarity=None) for hit in hits]
    ranked = [
        rank(text, apart if text == part else hits, idf=idf)
        for text, part in zip(texts, parts, strict=True)
    ]
    best = [found.select(1) for found in ranked]
    own = _own(texts)
    shares = {(one.hit, one.place): share for share, one in whole.order}
    options = [
        _options(number, found, own, shares) if select.chosen and select.confidence >= least else ()
        for number, (found, select) in enumerate(zip(ranked, best, strict=True))
    ]
    compared = all(kind_of(text).wants is Wants.NUMBER for text in texts)
    return [
        Selection(
            found.chosen([(taken.share, taken.candidate)]) if taken else (), select.confidence
        )
        for found, select, taken in zip(ranked, best, _assigned(options, compared), strict=True)
    ]


def _own(texts: Sequence[str]) -> list[frozenset[str]]:
    """The terms that only one of the texts has, for each."""
    bags = [frozenset(map(same, terms(text))) for text in texts]
    return [
        bag.difference(*(other for place, other in enumerate(bags) if place != number))
        for number, bag in enumerate(bags)
    ]


def _options(
    number: int,
    ranked: Ranked,
    own: Sequence[frozenset[str]],
    shares: dict[tuple[int, int], float],
) -> tuple[_Option, ...]:
    """The likeliest sentences of part `number`, those in the same words once."""
    distinct: dict[tuple[str, ...], tuple[float, float, Candidate]] = {}
    for share, candidate in ranked.order:
        if len(distinct) == _WEIGHED:
            break
        held = _held(candidate, ranked.hits[candidate.hit])
        told = [_part_of(wanted, held) for wanted in own]
        others = max(told[:number] + told[number + 1 :], default=0.0)
        score = math.log(share) + _OWN * (told[number] - others)
        score += _WHOLE * math.log(shares[candidate.hit, candidate.place])
        distinct.setdefault(candidate.sentence.terms, (score, share, candidate))
    best = max((score for score, _, _ in distinct.values()), default=0.0)
    worst = best + math.log(_ABOUT_AS_LIKELY)
    near = sorted(
        (found for found in distinct.values() if found[0] > worst - _UNIT),
        key=lambda found: -found[0],
    )
    return tuple(
        _Option(score - worst, share, one, _units(one.sentence.text))
        for score, share, one in near[:_TRIED]
    )


def _held(candidate: Candidate, hit: Hit) -> AbstractSet[str]:
    """The terms of a sentence, of its article's title and publisher, and of the day it speaks of:
    of a sentence that names a month or year itself no other."""
    source = hit.passage.source
    bag = candidate.sentence.bag
    around = title_terms(source.title) | title_terms(source.publisher)
    if any(is_dated(term) for term in bag):
        return bag | around
    told = told_days(candidate.sentence.text, source.published)
    return bag | around.union(*told or (days_of(source.published, source.published),))


def _part_of(wanted: frozenset[str], held: AbstractSet[str]) -> float:
    return len(wanted & held) / len(wanted) if wanted else 0.0


def _assigned(options: Sequence[Sequence[_Option]], compared: bool) -> Sequence[_Option | None]:
    """An option or none for each part: those of the greatest sum in which no sentence is twice."""
    best: Sequence[_Option | None] = [None] * len(options)
    most = 0.0
    for tried in itertools.product(*((None, *some) for some in options)):
        taken = [option for option in tried if option]
        if len({option.candidate.sentence.terms for option in taken}) < len(taken):
            continue
        gain = sum(option.gain for option in taken)
        if compared:
            pairs = itertools.combinations(taken, 2)
            gain += _UNIT * sum(bool(one.units & other.units) for one, other in pairs)
        if gain > most:
            best, most = tried, gain
    return best


def _units(sentence: str) -> frozenset[str]:
    """What the figures of a sentence are measured in or count: the unit, else the next word."""
    found: set[str] = set()
    for figure in figures(sentence):
        if figure.unit is None:
            found.update(map(same, terms(sentence[figure.end :])[:1]))
        elif figure.unit != ORDINAL:
            found.add(figure.unit)
    return frozenset(found)
