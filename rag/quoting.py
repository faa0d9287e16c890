"""The default answerer: the sentences that answer, quoted exactly; no model."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence

from rag.confidence import THRESHOLD
from rag.dates import notes
from rag.records import Citation, Claim, DateNote, Draft, Hit, Query, Quote, Verdict
from rag.selection import Chosen, select

_VERBATIM = "quoted word for word"


class QuotingAnswerer:
    """Quotes up to `max_quotes` sentences, or abstains when none is likely to answer.

    `rarity` gives the rarity of a term in the archive (BM25's idf).
    """

    def __init__(self, rarity: Callable[[str], float], *, max_quotes: int) -> None:
        self._rarity = rarity
        self._max_quotes = max_quotes

    def draft(self, query: Query, hits: Sequence[Hit]) -> Iterator[Draft]:
        """One draft more for each sentence quoted; the last is the whole."""
        quotes = max(self._max_quotes, len(query.parts))
        selection = select(query.text, hits, idf=self._rarity, max_quotes=quotes)
        if not selection.chosen or selection.confidence < THRESHOLD:
            yield Draft(abstained=True, confidence=selection.confidence)
            return
        claims: list[Claim] = []
        for chosen in selection.chosen:
            claims.append(_claim(chosen, len(claims) + 1))
            yield Draft(tuple(claims), confidence=selection.confidence)


def _claim(chosen: Chosen, marker: int) -> Claim:
    quote = quoted(chosen)
    return Claim(
        text=quote.text,
        citations=(Citation(marker, quote, chosen.passage),),
        verdict=Verdict.SUPPORTED,
        reason=_VERBATIM,
    )


def quoted(chosen: Chosen) -> Quote:
    """The quote of a chosen sentence, with the sentence before it where that names its subject."""
    passage = chosen.passage
    start = chosen.lead_in[0] if chosen.lead_in else chosen.start
    text = passage.text[start - passage.start : chosen.end - passage.start]
    dated = notes(
        passage.text, start - passage.start, chosen.end - passage.start, passage.source.published
    )
    return Quote(
        source=passage.source,
        start=start,
        end=chosen.end,
        text=text,
        short=chosen.short,
        dates=tuple(_moved(note, passage.start) for note in dated),
    )


def _moved(note: DateNote, offset: int) -> DateNote:
    return dataclasses.replace(note, start=note.start + offset, end=note.end + offset)
