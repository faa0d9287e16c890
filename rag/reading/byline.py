"""Who wrote an article and what it is called, as its first lines state it."""

from __future__ import annotations

import re

from rag.language.dates import published

# A byline and a date stand in one of so many lines that are not empty.
_FIRST_LINES = 6
# A byline is a few names; longer text is a sentence or a biography.
_LONGEST_BYLINE, _LONGEST_HEADLINE = 120, 150
_FEWEST_WORDS, _MOST_WORDS = 2, 5
_BY = re.compile(r"[*_\s]*(?:by|von|par|por|di)\s+", re.I)
# After the names come a trade, a place, a paper or a date.
_AFTER = re.compile(r"\s*(?:[|·•–—(/]|\s-\s|,|\b(?:in|for|of|at|dans|à|para|für)\s).*", re.S)
_BETWEEN = re.compile(r"\s*(?:,\s*(?:and|und|et|y|e)\b|,|&|\b(?:and|und|et|y|e)\b)\s*")
# Small words inside names.
_PARTICLES = frozenset("al bin da de del della den der di dos du el la le van von y".split())
# Who is named by a trade alone is nobody.
_TRADE = re.compile(
    r"\b(?:staff|writer|reporter|correspondent|editor|desk|newsroom|agencies)\b", re.I
)
_ENDED = re.compile(r"[.,;:!?…)\]\"”»]$")


def byline(text: str) -> str | None:
    """The names in the first of the early lines that is a byline; None where there is none."""
    return next((names for line in first_lines(text) if (names := names_in(line))), None)


def headline(text: str) -> str | None:
    """The first line of an article if it stands over the rest: short, no sentence, set apart."""
    first, _, rest = text.strip().partition("\n")
    first = first.strip()
    if not rest.strip() or len(first) > _LONGEST_HEADLINE or _ENDED.search(first):
        return None
    if len(first.split()) < _FEWEST_WORDS or names_in(first) or published(first):
        return None
    following = rest.split("\n", 1)[0].strip()
    apart = not following or names_in(following) or published(following)
    return first if apart and len(rest.strip()) > len(first) else None


def names_in(line: str) -> str | None:
    """The names of a line that is a byline, such as "By Ivy Stone and Bo Tan, 4 May 2024"."""
    by = _BY.match(line)
    if by is None or len(line) > _LONGEST_BYLINE:
        return None
    names = []
    for name in _BETWEEN.split(line[by.end() :].strip(" *_")):
        whole = _AFTER.sub("", name).strip(" *_.")
        if not _is_name(whole):
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


def first_lines(text: str) -> list[str]:
    """The early lines of an article, without empty ones."""
    lines = [line.strip() for line in text.split("\n", 2 * _FIRST_LINES) if line.strip()]
    return lines[:_FIRST_LINES]


def _is_name(words: str) -> bool:
    parts = words.split()
    large = [part for part in parts if part.lower() not in _PARTICLES]
    if not _FEWEST_WORDS <= len(parts) <= _MOST_WORDS or _TRADE.search(words):
        return False
    return all(part[0].isupper() and not any(letter.isdigit() for letter in part) for part in large)
