"""The paper that an article's first lines name: labelled, beside the day, or next to its line."""

from __future__ import annotations

import re

from rag.language.dates import published
from rag.reading.byline import after_day, after_names, first_lines, without_byline
from rag.reading.papers import is_paper

_LABEL = re.compile(r"(?:source|publisher|newspaper|quelle)\s*:\s*(?P<name>\S.*)", re.I)
# "Harbour Times, 4 May 2024", "Harbour Times | 2024-05-04 | By …", "해랑일보 2024년 5월 4일".
_BEFORE_DAY = re.compile(r"\s*[,|·•–—(-]\s*|\s+(?:(?:vom|of|du)\s+)?")
_PARTS = re.compile(r"\s*[|·•]\s*")
# A line of a paper and its day is no longer, with a byline.
_LONGEST = 120
_MARKS = " *_()"


def paper(text: str) -> str | None:
    """The first name in the early lines that is a paper's; None where no line is of that kind.

    A line names the paper that it labels as the source, that stands beside its day, or that fills
    it above or below the line of the day.
    """
    lines = first_lines(text)
    for at, line in enumerate(lines):
        beside = [*lines[max(at - 1, 0) : at], *lines[at + 1 : at + 2]]
        if name := named(line) or (_filling(line) if any(map(_is_day, beside)) else None):
            return name
    return None


def named(line: str) -> str | None:
    """The paper that a line labels as the source, or names beside the day that it states."""
    if labelled := _LABEL.fullmatch(line):
        return labelled["name"]
    by = after_day(line)
    return by if by and is_paper(by) else _name_and_day(line)[0]


def without_paper(line: str) -> str:
    """The day that a line states after a paper's name; any other line is given whole."""
    return _name_and_day(line)[1]


def _name_and_day(line: str) -> tuple[str | None, str]:
    """The paper that begins a line and the rest, which begins with a day; else None and all."""
    if len(line) <= _LONGEST:
        bare = without_byline(line)
        for gap in _BEFORE_DAY.finditer(bare):
            name, rest = bare[: gap.start()].strip(_MARKS), bare[gap.end() :].strip(_MARKS)
            if is_paper(name) and published(_PARTS.split(rest)[0]):
                return name, rest
    return None, line


def _filling(line: str) -> str | None:
    name = line.strip(_MARKS)
    return name if is_paper(name) else None


def _is_day(line: str) -> bool:
    return published(after_names(line)) is not None
