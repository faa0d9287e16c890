"""Faithfulness: whether passages support a claim, by rules that need no model.

The ladder asks, of the sentence that matches best and its neighbours: are the claim's words there,
its numbers, its names, and as many negations? On 438 news sentences it caught 98 % of changed
numbers, 96 % of replaced names and all negations at 0-11 % false alarms; it does not see two names
swapped or an antonym (`card.py` measures that again in every run).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.evaluation.answers import mentions
from rag.figures import figures
from rag.records import Verdict
from rag.sentences import sentence_spans
from rag.terms import STOPWORDS, fold, stem, terms, words

Checker = Callable[[Sequence[str], str], Verdict]

# Share of a claim's words that must stand in one place; measured on the sentences above.
CONTAINMENT = 0.75
NEGATIONS = frozenset(
    {"not", "no", "never", "neither", "nor", "none", "nobody", "nothing", "nowhere", "without"}
    | {"cannot", "hardly", "scarcely"}
)
_DIGITS = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\w.,]*\d)")
_NAME = re.compile(r"[^\W\d_][\w'’.-]*\w|[^\W\d_]")


def ladder(passages: Sequence[str], claim: str) -> Verdict:
    """Whether the passages, taken together, support the claim.

    Contradicted means: the sentence is there, with another number or the opposite negation.
    """
    wanted = frozenset(terms(claim))
    if not wanted:
        return Verdict.UNCHECKABLE
    if any(mentions(passage, claim) for passage in passages):
        return Verdict.SUPPORTED
    places = [place for passage in passages for place in _places(passage)]
    if not places:
        return Verdict.NOT_FOUND
    best = max(places, key=lambda place: (_contained(wanted, place.alone), place.order))
    if _contained(wanted, best.around) < CONTAINMENT:
        return Verdict.NOT_FOUND
    if not numbers(claim) <= best.numbers:
        return Verdict.CONTRADICTED if best.numbers else Verdict.NOT_FOUND
    if not names(claim) <= best.around:
        return Verdict.NOT_FOUND
    if negations(claim) % 2 != best.negations % 2:
        return Verdict.CONTRADICTED
    return Verdict.SUPPORTED


def closeness(passages: Sequence[str], claim: str) -> float:
    """How much of a claim's words the passages hold, from 0 to 1; for ranking, not a verdict.

    The mean of the share found in the best sentence and the share found beside it.
    """
    wanted = frozenset(terms(claim))
    places = [place for passage in passages for place in _places(passage)]
    if not wanted or not places:
        return 0.0
    return max(
        (_contained(wanted, place.alone) + _contained(wanted, place.around)) / 2 for place in places
    )


@lru_cache(maxsize=20_000)
def numbers(text: str) -> frozenset[str]:
    """The values a text states, alone and with their units, years included, written one way."""
    stated = figures(text)
    values = {_written(figure.value) for figure in stated}
    values |= {f"{_written(figure.value)} {figure.unit}" for figure in stated if figure.unit}
    # Years, days and numbers in names are no figures, yet say something.
    for match in _DIGITS.finditer(text):
        if not any(figure.start <= match.start() < figure.end for figure in stated):
            values.add(_written(float(match[0].replace(",", ""))))
    return frozenset(values)


def names(text: str) -> frozenset[str]:
    """The stems of capitalised words that are not merely the first word of a sentence."""
    found: set[str] = set()
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        matches = list(_NAME.finditer(sentence))
        for place, match in enumerate(matches):
            word = match[0]
            if not word[0].isupper() or fold(word) in STOPWORDS:
                continue
            followed = place + 1 < len(matches) and matches[place + 1][0][0].isupper()
            if place > 0 or followed:
                found.update(stem(part) for part in words(word))
    return frozenset(found)


def negations(text: str) -> int:
    """How many words of a text negate."""
    return sum(word in NEGATIONS or word.endswith("n't") for word in words(text))


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence of a passage: its own stems, and the stems and numbers of it and its neighbours.

    `order` makes the earliest of equals win.
    """

    alone: frozenset[str]
    around: frozenset[str]
    numbers: frozenset[str]
    negations: int
    order: int


@lru_cache(maxsize=5_000)
def _places(passage: str) -> tuple[_Place, ...]:
    sentences = [passage[start:end] for start, end in sentence_spans(passage)]
    stems = [frozenset(map(stem, words(sentence))) for sentence in sentences]
    return tuple(
        _Place(
            alone=stems[i],
            around=frozenset().union(*stems[max(0, i - 1) : i + 2]),
            numbers=frozenset().union(*map(numbers, sentences[max(0, i - 1) : i + 2])),
            negations=negations(sentence),
            order=-i,
        )
        for i, sentence in enumerate(sentences)
    )


def _contained(wanted: frozenset[str], there: frozenset[str]) -> float:
    return len(wanted & there) / len(wanted)


def _written(value: float) -> str:
    return f"{value:.12g}"
