"""Who wrote an article, as its first lines state it."""

from __future__ import annotations

import re

from rag.reading.papers import is_paper

# A byline and a date stand in one of so many lines that are not empty.
FIRST_LINES = 6
# A byline is a few names; longer text is a sentence or a biography.
_LONGEST_BYLINE = 120
_FEWEST_WORDS, _MOST_WORDS = 2, 5
_BY = re.compile(
    r"[*_\s]*(?:(?:by|von|par|por|di)\s+|(?:by|author|reporter|autor(?:in)?|auteur)\s*:\s*)", re.I
)
# "4 May 2024 – by Ivy Stone": the byline after a day.
_AFTER_DAY = re.compile(r"(?<=[\d일])[.,;]?\s*(?:[|·•–—-]\s*)?(?=(?:by|von|par|por|di)\s+\S)", re.I)
_PARTS = re.compile(r"\s*[|·•]\s*")
# After the names come a trade, a place, a paper or a date.
_AFTER = re.compile(r"\s*(?:[|·•–—(/]|\s-\s|,|\b(?:in|for|of|at|dans|à|para|für)\s).*", re.S)
_BETWEEN = re.compile(r"\s*(?:,\s*(?:and|und|et|y|e)\b|,|&|\b(?:and|und|et|y|e)\b)\s*")
# Small words inside names.
_PARTICLES = frozenset("al bin da de del della den der di dos du el la le van von y".split())
# Who is named by a trade alone is nobody.
_TRADE = re.compile(
    r"\b(?:staff|writer|reporter|correspondent|editor|desk|newsroom|agencies)\b", re.I
)


def byline(text: str) -> str | None:
    """The names in the first of the early lines that is a byline; None where there is none."""
    pieces = (piece for line in first_lines(text) for piece in _pieces(line))
    return next((names for piece in pieces if (names := names_in(piece))), None)


def names_in(line: str) -> str | None:
    """The names of a line that is a byline, such as "By Ivy Stone and Bo Tan, 4 May 2024"."""
    by = _BY.match(line)
    if by is None or len(line) > _LONGEST_BYLINE:
        return None
    names = []
    for name in _BETWEEN.split(line[by.end() :].strip(" *_")):
        whole = _AFTER.sub("", name).strip(" *_.")
        if not _is_name(whole) or is_paper(whole):
            break
        names.append(whole)
    return ", ".join(names) or None


def after_names(line: str) -> str:
    """What a byline says after its names, its date for one; any other line is given whole."""
    names = names_in(line)
    if names is None:
        return line
    last = names.rpartition(", ")[2]
    return line[line.index(last) + len(last) :].strip(" ,|·•–—-*_")


def without_byline(line: str) -> str:
    """A line without the byline after its day; any other line is given whole."""
    return _AFTER_DAY.split(line, maxsplit=1)[0]


def after_day(line: str) -> str | None:
    """Who a line says it is by, after its day; None where it does not."""
    _, *by = _AFTER_DAY.split(line, maxsplit=1)
    return _BY.sub("", by[0], count=1).strip(" *_.") if by else None


def first_lines(text: str) -> list[str]:
    """The early lines of an article, without empty ones."""
    lines = [line.strip() for line in text.split("\n", 2 * FIRST_LINES) if line.strip()]
    return lines[:FIRST_LINES]


def _pieces(line: str) -> list[str]:
    """The line, and the parts of it that may hold a byline of their own."""
    return [line, *_PARTS.split(line)[1:], *_AFTER_DAY.split(line, maxsplit=1)[1:]]


def _is_name(words: str) -> bool:
    parts = words.split()
    large = [part for part in parts if part.lower() not in _PARTICLES]
    if not _FEWEST_WORDS <= len(parts) <= _MOST_WORDS or _TRADE.search(words):
        return False
    return all(part[0].isupper() and not any(letter.isdigit() for letter in part) for part in large)
