"""What a page says twice in a row, such as a caption for two widths of screen."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A refrain or a cry may be said twice; so long a run of words is a copy.
_LEAST_WORDS, _LEAST_CHARACTERS = 8, 40
# A copy across the border of two pieces stays; articles are far shorter than one.
_PIECE = 200_000
# A sentence ends in its stop, a caption in the bracket that names the photographer.
_ENDED = re.compile(r"[.!?…。)\]][\"'”’»)\]]*$")
_WORD = re.compile(r"\S+")


def without_repeats(text: str) -> str:
    """The text without the second of two copies that follow each other, sentence or paragraph."""
    return "".join(_thinned(piece) for piece in _pieces(text))


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces that end between words, so that a long one takes little memory."""
    start = 0
    while len(text) - start > _PIECE:
        end = max(text.rfind(gap, start, start + _PIECE) for gap in ("\n", " "))
        end = end if end > start else start + _PIECE
        yield text[start:end]
        start = end
    yield text[start:]


def _thinned(text: str) -> str:
    while (spans := _second_copies(text)) and spans:
        kept, end = [], 0
        for start, stop in spans:
            kept.append(text[end:start])
            end = stop
        text = "".join((*kept, text[end:]))
    return text


def _second_copies(text: str) -> list[tuple[int, int]]:
    """Where second copies lie, each with the white space before it."""
    words = [(match[0], match.start(), match.end()) for match in _WORD.finditer(text)]
    spelled = [word for word, _, _ in words]
    seen: dict[tuple[str, ...], int] = {}
    spans: list[tuple[int, int]] = []
    free = 0
    for at in range(len(words) - _LEAST_WORDS + 1):
        run = tuple(spelled[at : at + _LEAST_WORDS])
        first = seen.get(run)
        seen[run] = at
        if first is None or first < free or not _begins(text, words, first):
            continue
        size = at - first
        if size < _LEAST_WORDS or spelled[first:at] != spelled[at : at + size]:
            continue
        if words[at - 1][2] - words[first][1] < _LEAST_CHARACTERS:
            continue
        if not _begins(text, words, at) or not _ends(text, words, at + size - 1):
            continue
        spans.append((words[at - 1][2], words[at + size - 1][2]))
        free = at + size
    return spans


def _begins(text: str, words: list[tuple[str, int, int]], at: int) -> bool:
    """Whether a sentence or a line begins with this word."""
    if at == 0:
        return True
    before = words[at - 1]
    return "\n" in text[before[2] : words[at][1]] or _ENDED.search(before[0]) is not None


def _ends(text: str, words: list[tuple[str, int, int]], at: int) -> bool:
    return at + 1 == len(words) or _begins(text, words, at + 1)
