"""The passages that a model is shown: numbered, delimited, escaped, as many as fit."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from rag.quoting.flagging import Flagged, instructions
from rag.records import Citation, Hit, Passage, Quote

_WITHHELD = "[…]"


@dataclass(frozen=True, slots=True)
class Shown:
    """The passages shown, best first; the first one is number 1. `left_out` did not fit.

    `flagged` are the stretches of each that look like instructions; they are not shown.
    """

    passages: tuple[Passage, ...]
    flagged: tuple[tuple[Flagged, ...], ...]
    left_out: int

    @property
    def text(self) -> str:
        """The passages as the prompt holds them."""
        numbered = zip(self.passages, self.flagged, strict=True)
        return "\n".join(
            _delimited(number, passage, spans)
            for number, (passage, spans) in enumerate(numbered, start=1)
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of the passages."""
        return (*self._about_room(), *self._about_instructions())

    def citation(self, number: int) -> Citation:
        """A citation of a whole passage by its number, with that as its marker."""
        passage = self.passages[number - 1]
        quote = Quote(passage.source, passage.start, passage.end, passage.text)
        return Citation(number, quote, passage)

    def rests_on_instructions(self, citation: Citation) -> bool:
        """Whether the quote of a citation lies in a stretch that looks like instructions."""
        start = citation.quote.start - citation.passage.start
        end = citation.quote.end - citation.passage.start
        spans = self.flagged[self.passages.index(citation.passage)]
        return any(first < end and start < last for first, last, _ in spans)

    def fewer(self) -> Shown:
        """The better half of them."""
        kept = max(1, len(self.passages) // 2)
        left_out = self.left_out + len(self.passages) - kept
        return Shown(self.passages[:kept], self.flagged[:kept], left_out)

    def _about_room(self) -> tuple[str, ...]:
        if not self.left_out:
            return ()
        found, kept = self.left_out + len(self.passages), len(self.passages)
        return (f"The model read the {kept} best of {found} passages: no more fitted.",)

    def _about_instructions(self) -> tuple[str, ...]:
        titles = dict.fromkeys(
            passage.source.title or passage.source.article_id
            for passage, spans in zip(self.passages, self.flagged, strict=True)
            if spans
        )
        return tuple(
            f"“{title}” holds text that looks like instructions to software; the model was not"
            " shown it."
            for title in titles
        )


def shown(hits: Sequence[Hit], *, room: int) -> Shown:
    """As many of the hits' passages, by rank, as `room` characters hold; at least one."""
    kept: list[Passage] = []
    used = 0
    for hit in hits:
        used += len(hit.passage.text)
        if kept and used > room:
            break
        kept.append(hit.passage)
    flagged = tuple(tuple(instructions(passage.text)) for passage in kept)
    return Shown(tuple(kept), flagged, len(hits) - len(kept))


def _delimited(number: int, passage: Passage, spans: Sequence[Flagged]) -> str:
    source = passage.source
    card = {
        "publisher": source.publisher,
        "published": source.published.isoformat() if source.published else None,
        "title": source.title,
    }
    stated = "".join(
        f' {name}="{html.escape(" ".join(value.split()))}"' for name, value in card.items() if value
    )
    return f'<passage number="{number}"{stated}>\n{_escaped(passage.text, spans)}\n</passage>'


def _escaped(text: str, spans: Sequence[Flagged]) -> str:
    for start, end, _ in reversed(spans):
        text = text[:start] + _WITHHELD + text[end:]
    return html.escape(text, quote=False)
