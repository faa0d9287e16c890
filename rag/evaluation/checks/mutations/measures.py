"""Sentences with another number, unit or date."""

from __future__ import annotations

import random
import re

from rag.evaluation.checks.mutations.mutant import Pool, TrueSentence, put, shuffled
from rag.language.figures import figures

_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()
_UNITS = (
    ("$", "€"), ("£", "$"), ("€", "£"), ("%", " points"), ("percent", "points"),
    ("per cent", "points"), ("million", "billion"), ("billion", "million"),
    ("thousand", "million"), ("years", "months"), ("year", "month"), ("months", "weeks"),
    ("weeks", "days"), ("days", "hours"), ("hours", "minutes"), ("minutes", "hours"),
    ("dollars", "euros"), ("pounds", "dollars"), ("miles", "kilometres"), ("yards", "miles"),
    ("km", "miles"), ("bn", "m"),
)  # fmt: skip
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = (
    "January February March April June July August September October November December".split()
)


def another_number(sentence: TrueSentence, pool: Pool) -> str | None:
    """A figure is another, which the passage does not hold."""
    held = figures(sentence.passage)
    for figure in shuffled(figures(sentence.text), pool):
        for _ in range(10):
            new = _other_number(figure.text, pool.die)
            if new is None:
                break
            changed = put(sentence.text, figure.start, figure.end, new)
            values = [f.value for f in figures(changed) if f.start >= figure.start][:1]
            if values and values[0] not in {f.value for f in held}:
                return changed
    return None


def _other_number(words: str, die: random.Random) -> str | None:
    digits = re.search(r"\d+(?:,\d{3})*(?:\.\d+)?", words)
    if digits:
        bare = digits[0].replace(",", "")
        factor = die.choice([0.5, 0.8, 1.1, 1.3, 2, 3])
        value = float(bare) * factor + die.choice([0, 1, 2])
        new = f"{value:.{len(bare.partition('.')[2])}f}"
        if "," in digits[0]:
            new = f"{float(new):,.{len(bare.partition('.')[2])}f}"
        return put(words, digits.start(), digits.end(), new)
    for word in re.finditer(r"[A-Za-z]+", words):
        if word[0].lower() in _WORDS and word[0].lower() != "one":
            rest = [w for w in _WORDS[1:9] if w != word[0].lower()]
            return put(words, word.start(), word.end(), die.choice(rest))
    return None


def another_unit(sentence: TrueSentence, pool: Pool) -> str | None:
    """A figure has another unit."""
    for figure in shuffled(figures(sentence.text), pool):
        for unit, other in _UNITS:
            place = re.search(rf"(?<![A-Za-z]){re.escape(unit)}(?![A-Za-z])", figure.text)
            if place:
                new = put(figure.text, place.start(), place.end(), other)
                return put(sentence.text, figure.start, figure.end, new)
    return None


def another_date(sentence: TrueSentence, pool: Pool) -> str | None:
    """A day, month or year is one that the passage does not name."""
    places = [
        *((m, _DAYS) for m in re.finditer("|".join(_DAYS), sentence.text)),
        *((m, _MONTHS) for m in re.finditer(rf"\b(?:{'|'.join(_MONTHS)})\b", sentence.text)),
        *((m, [str(y) for y in range(1990, 2026)])
          for m in re.finditer(r"(?<![\d$£€,.])(?:19|20)\d\d(?![\d,]|\.\d)", sentence.text)),
    ]  # fmt: skip
    for match, others in shuffled(places, pool):
        rest = [other for other in others if other not in sentence.passage]
        if rest:
            return put(sentence.text, match.start(), match.end(), pool.die.choice(rest))
    return None
