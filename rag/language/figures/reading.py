"""The figures of a text, found and read."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from rag.language.figures.figure import Figure
from rag.language.figures.patterns import (
    ABOUT,
    AFTERWARDS,
    BEFORE,
    DATE,
    FIGURE,
    NAME_BEFORE,
    RANGE,
)
from rag.language.figures.units import (
    FRACTIONS,
    MONEY,
    MULTIPLES,
    ORDINAL,
    ORDINALS,
    PREFIXES,
    SCALES,
    SMALL,
    SUFFIXES,
    TENS,
)

_LOOK_BACK = 24  # characters: room for the longest approximator


def figures(text: str) -> list[Figure]:
    """The figures of a text, in order; the parts of a range share its scale and unit."""
    dates = [match.span() for match in DATE.finditer(text)]
    found = []
    for match in FIGURE.finditer(_lowered(text)):
        if any(start < match.end() and match.start() < end for start, end in dates):
            continue
        if match["numeral"] and _in_a_name(match, text):
            continue
        figure = _read(match, text)
        if figure is not None:
            found.append(figure)
    return _spread(found, text)


def _lowered(text: str) -> str:
    """The text in small letters, each in its place: the one whose small form is longer, and
    those that are forms of i and s to a pattern that ignores case, become i and s."""
    if text.isascii():
        return text.lower()
    return text.replace("İ", "i").lower().replace("ı", "i").replace("ſ", "s")


def _in_a_name(match: re.Match[str], text: str) -> bool:
    """Whether digits belong to a word: "F1", "3D", "GPT-4", but not "top-10" or "10km"."""
    start = match.start("numeral")
    if match["glued"] and not match["suffix"]:
        return True
    if match["prefix"] or match["sign"]:
        return False
    before = NAME_BEFORE.search(text[max(0, start - _LOOK_BACK) : start])
    return before is not None


def _read(match: re.Match[str], text: str) -> Figure | None:
    value, step, unit = _value(match)
    if value is None:
        return None
    prefix = match["prefix"]
    suffix = match["suffix"]
    end = match.end()
    if prefix:
        unit = PREFIXES[prefix.strip().lower()]
    elif suffix:
        kind = SUFFIXES[re.sub(r"[\s-]+", " ", suffix.lower())]
        if kind == "KRW" and value < 100:  # "the two won": a verb, not a currency
            end = match.start("gap")
        else:
            unit = kind
    if match["sign"]:
        value = -value
    start = match.start()
    start += len(text[start:end]) - len(text[start:end].lstrip())
    relation = "over" if match["plus"] else _relation(text, start, end)
    return Figure(start, end, text[start:end], value, unit, relation, step)


def _value(match: re.Match[str]) -> tuple[float | None, float, str | None]:
    if match["numeral"]:
        digits = match["numeral"].replace(",", "")
        step = _step(digits)
        scale = 1.0
        if match["tight"]:
            scale = SCALES[match["tight"].lower()]
        for word in re.split(r"[\s-]+", (match["wide"] or "").strip(" -").lower()):
            scale *= SCALES.get(word, 1.0)
        value = float(digits) * scale
        return value, step * scale, ORDINAL if match["rank"] else None
    if match["fraction"]:
        return (*_fraction(match["fraction"].lower()), None)
    if match["order"]:
        *tens, last = re.split(r"[\s-]+", match["order"].lower())
        return float(sum(TENS[t] for t in tens) + ORDINALS[last]), 1.0, ORDINAL
    value = _spelled(match["words"].lower())
    return value, _step(f"{value:.0f}"), None


def _fraction(words: str) -> tuple[float, float]:
    *count, part = re.split(r"[\s-]+", words)
    above = 1 if not count or count[0] in ("a", "an") else (SMALL | TENS)[count[0]]
    below = 2 if part == "halves" else FRACTIONS.get(part.removesuffix("s"), 2)
    return above / below, 0.01


def _spelled(words: str) -> float:
    total, current = 0.0, 0.0
    for word in re.split(r"[\s-]+", words):
        if word in SMALL or word in TENS:
            current += (SMALL | TENS)[word]
        elif word in ("a", "an"):
            current += 1
        elif word in ("hundred", "dozen"):
            current = max(current, 1) * MULTIPLES[word]
        elif word in SCALES:
            total += max(current, 1) * SCALES[word]
            current = 0.0
    return total + current


def _step(digits: str) -> float:
    whole, _, part = digits.partition(".")
    if part:
        return float(10 ** -len(part))
    bare = whole.rstrip("0")
    return float(10 ** (len(whole) - len(bare))) if bare else 1.0


def _relation(text: str, start: int, end: int) -> str:
    before = ABOUT.search(text[max(0, start - _LOOK_BACK) : start])
    if before:
        return BEFORE[re.sub(r"\s+", " ", before["word"].lower())]
    after = AFTERWARDS.match(text[end : end + _LOOK_BACK])
    if after:
        return {"more": "over", "less": "under", "fewer": "under"}.get(after["way"] or "", "about")
    return "exact"


def _spread(found: list[Figure], text: str) -> list[Figure]:
    """Give both ends of a range ("between 5 and 10 million", "$5-6bn") one scale and unit."""
    for index, (low, high) in enumerate(pairwise(list(found))):
        if not RANGE.match(text[low.end : high.start]):
            continue
        scale = _written_scale(high.text)
        if scale > 1 and _written_scale(low.text) == 1 and low.value < high.value / scale:
            low = replace(low, value=low.value * scale, step=low.step * scale)
        low = replace(low, unit=low.unit or (high.unit if high.unit != ORDINAL else None))
        if low.unit in MONEY:
            high = replace(high, unit=high.unit or low.unit)
        found[index : index + 2] = [low, high]
    return found


def _written_scale(words: str) -> float:
    scale = re.search(
        r"(?:\d[\s-]?|\b)(hundred|thousand|million|billion|trillion|k|m|bn|mn|b|tn)\b",
        words.lower(),
    )
    return SCALES[scale[1]] if scale else 1.0
