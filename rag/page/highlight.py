"""A passage as HTML, with the quote marked in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rag.page.escape import in_html
from rag.page.wording import derived
from rag.records import Citation


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a text and the tag to wrap it in; marks nest, they do not cross."""

    start: int
    end: int
    tag: str
    attributes: str = ""


def marked(text: str, marks: Iterable[Mark]) -> str:
    """The text, escaped, with the marks around their stretches; a crossing mark is left out."""
    ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end))
    pieces: list[str] = []
    open_marks: list[Mark] = []
    at = 0
    for mark in ordered:
        while open_marks and open_marks[-1].end <= mark.start:
            closed = open_marks.pop()
            pieces += [in_html(text[at : closed.end]), f"</{closed.tag}>"]
            at = closed.end
        outer = open_marks[-1].end if open_marks else len(text)
        if not 0 <= mark.start < mark.end <= outer:
            continue
        pieces += [in_html(text[at : mark.start]), f"<{mark.tag}{mark.attributes}>"]
        at = mark.start
        open_marks.append(mark)
    for closed in reversed(open_marks):
        pieces += [in_html(text[at : closed.end]), f"</{closed.tag}>"]
        at = closed.end
    return "".join(pieces) + in_html(text[at:])


def quoted_passage(citation: Citation) -> str:
    """The passage of a citation with its quote in `<mark>`.

    The quote alone where it does not lie inside the passage; unmarked where it is not an exact
    quote of the article.
    """
    quote, passage = citation.quote, citation.passage
    offset = quote.start - passage.start
    if passage.text[offset : offset + len(quote.text)] != quote.text or offset < 0:
        return f"<mark>{marked(quote.text, quote_marks(citation))}</mark>"
    inner = [
        Mark(mark.start + offset, mark.end + offset, mark.tag, mark.attributes)
        for mark in quote_marks(citation)
    ]
    return marked(passage.text, [Mark(offset, offset + len(quote.text), "mark"), *inner])


def quote_marks(citation: Citation) -> list[Mark]:
    """The likely short answer and the derived dates, as offsets into the quote.

    Their own offsets count in the article, as the quote's do.
    """
    quote = citation.quote
    marks = []
    if quote.short:
        first, last = quote.short
        marks.append(Mark(first - quote.start, last - quote.start, "strong"))
    for note in quote.dates:
        explained = f' title="{in_html(derived(note))}"'
        start, end = note.start - quote.start, note.end - quote.start
        marks.append(Mark(start, end, "abbr", explained))
    return marks
