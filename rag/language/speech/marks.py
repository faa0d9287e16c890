"""Quotation marks: where direct speech begins and ends in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PARAGRAPH = re.compile(r"\n\s*\n|(?<=[.!?:\"”’)])[ \t]*\n")
_MARK = re.compile(r"[\"“”„«»]")
_OPENS_AFTER = re.compile(r"[\s(\[—–\-/:'‘…]")
# A paragraph that opens with a mark carries an unclosed quotation on.
_REOPENS = re.compile(r"\s*[\"“„«]")
_SINGLE = re.compile(
    r"(?:(?<=\s)|^)(?P<mark>['‘])(?=\w)(?P<words>[^\n]{3,1200}?[,.?!…])['’](?=[\s,.;:)]|$)", re.M
)


@dataclass(frozen=True, slots=True)
class Marked:
    """What stands between quotation marks: `text[start:end]`, marks included.

    `reopened` tells that it carries on the unclosed quotation of the paragraph before.
    """

    start: int
    end: int
    reopened: bool = False


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Offsets of the paragraphs of a text; a line that ends like a sentence ends one."""
    borders = [match.span() for match in _PARAGRAPH.finditer(text)]
    starts = [0, *(end for _, end in borders)]
    ends = [*(start for start, _ in borders), len(text)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def marked(text: str) -> list[Marked]:
    """The quotations of a text in order, outermost marks only, none across a paragraph.

    Single marks count only in a text without double ones, and only around words that end in
    punctuation, where no apostrophe stands. A mark that is never closed opens nothing, unless the
    next paragraph carries it on.
    """
    if not _MARK.search(text):
        return [Marked(*match.span()) for match in _SINGLE.finditer(text)]
    found: list[Marked] = []
    spans = paragraphs(text)
    carried = False
    for index, (start, end) in enumerate(spans):
        pieces, unclosed = _pieces(text, start, end)
        follows = index + 1 < len(spans) and _REOPENS.match(text, spans[index + 1][0])
        if unclosed is not None and follows:
            pieces.append((unclosed, end))
        for number, piece in enumerate(pieces):
            opens = number == 0 and not text[start : piece[0]].strip()
            found.append(Marked(*piece, reopened=carried and opens))
        carried = unclosed is not None and bool(follows)
    return found


def _pieces(text: str, start: int, end: int) -> tuple[list[tuple[int, int]], int | None]:
    """Closed quotations of a paragraph, and where an unclosed one opens."""
    pieces: list[tuple[int, int]] = []
    opened: int | None = None
    for match in _MARK.finditer(text, start, end):
        place = match.start()
        if opened is None:
            opened = place if _may_open(text, place, start) else None
        elif match[0] in "“„«" or (match[0] == '"' and _only_opens(text, place, end)):
            opened = place
        else:
            pieces.append((opened, match.end()))
            opened = None
    return pieces, opened


def _may_open(text: str, place: int, start: int) -> bool:
    if text[place] in "“„«":
        return True
    if text[place] != '"' or place + 1 >= len(text) or text[place + 1].isspace():
        return False
    return place == start or _OPENS_AFTER.match(text[place - 1]) is not None


def _only_opens(text: str, place: int, end: int) -> bool:
    return text[place - 1].isspace() and place + 1 < end and not text[place + 1].isspace()
