"""Notes: the relative dates of a quote, resolved against the day its article was published."""

from __future__ import annotations

from datetime import date

from rag.language.dates.mentions import mentions
from rag.records import DateNote

# Characters read on either side of a quote, so that a quote cut inside a sentence keeps the verb
# that tells past from future.
_CONTEXT = 240


def notes(text: str, start: int, end: int, anchor: date | None) -> tuple[DateNote, ...]:
    """The derived dates in `text[start:end]`, in order, with offsets in `text`.

    Dates that stand written in full need no note. Without an anchor nothing can be derived.
    """
    if anchor is None:
        return ()
    left = _word_border(text, max(0, start - _CONTEXT))
    window = text[left : min(len(text), end + _CONTEXT)]
    return tuple(
        DateNote(left + m.start, left + m.end, m.text, m.first, m.last)
        for m in mentions(window, anchor)
        if m.derived and start <= left + m.start and left + m.end <= end
    )


def _word_border(text: str, position: int) -> int:
    while 0 < position < len(text) and not text[position - 1].isspace():
        position += 1
    return position
