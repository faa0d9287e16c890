"""The default answerer: the sentences that answer, quoted exactly; no model."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from rag.confidence import THRESHOLD
from rag.conflicts import Candidate, candidate_of, conflicts
from rag.dates import notes
from rag.records import (
    Citation,
    Claim,
    Conflict,
    DateNote,
    Draft,
    Hit,
    Passage,
    Query,
    Quote,
    Verdict,
)
from rag.selection import Chosen, Selection, leading, select
from rag.sentences import sentence_spans
from rag.speech import Quotation, quotations

_VERBATIM = "quoted word for word"
# Sentences compared for a disagreement: the likeliest answers, whichever articles they are from.
_COMPARED = 10

# A question in parts is answered in at most so many sentences.
_MOST_QUOTES = 3

Rarity = Callable[[str], float]


class QuotingAnswerer:
    """Quotes up to `max_quotes` sentences, or abstains when none is likely to answer.

    A question in parts gets quotes for each part that the archive answers; articles that disagree
    are quoted on both sides, however many sentences that takes. `rarity` gives the rarity of a
    term in the archive (BM25's idf).
    """

    def __init__(self, rarity: Rarity, *, max_quotes: int) -> None:
        self._rarity = rarity
        self._max_quotes = max_quotes

    def draft(self, query: Query, hits: Sequence[Hit]) -> Iterator[Draft]:
        """One draft more for each sentence quoted; the last is the whole."""
        selection = self._selected(query, hits)
        if not selection.chosen:
            yield Draft(abstained=True, confidence=selection.confidence)
            return
        claims: list[Claim] = []
        for chosen in selection.chosen:
            claims.append(_claim(quoted(chosen), chosen.passage, len(claims) + 1))
            yield Draft(tuple(claims), confidence=selection.confidence)
        found = self._conflicts(query, hits, claims)
        if found:
            claims += _missing_sides(found, claims)
            yield Draft(tuple(claims), confidence=selection.confidence, conflicts=found)

    def _selected(self, query: Query, hits: Sequence[Hit]) -> Selection:
        """What to quote: the best sentence of each part that is answered, then of the question as
        a whole where there is room; of the whole alone where no part is answered."""
        whole = self._select(query.text, hits, self._max_quotes)
        parts = [self._select(part, hits, 1) for part in query.parts]
        answered = [part for part in parts if part.chosen]
        if not answered:
            return whole
        chosen = [one for part in (*answered, whole) for one in part.chosen]
        distinct = {(one.passage.source.article_id, one.start): one for one in chosen}
        most = max(len(query.parts), self._max_quotes) if len(answered) > 1 else self._max_quotes
        confidence = max(part.confidence for part in answered)
        return Selection(tuple(distinct.values())[: min(most, _MOST_QUOTES)], confidence)

    def _select(self, text: str, hits: Sequence[Hit], quotes: int) -> Selection:
        """The selection, without sentences when they are unlikely to answer."""
        found = select(text, hits, idf=self._rarity, max_quotes=quotes)
        return found if found.confidence >= THRESHOLD else Selection((), found.confidence)

    def _conflicts(
        self, query: Query, hits: Sequence[Hit], claims: Sequence[Claim]
    ) -> tuple[Conflict, ...]:
        quotes = [candidate_of(citation) for claim in claims for citation in claim.citations]
        likely = leading(query.text, hits, idf=self._rarity, limit=_COMPARED)
        marker = len(quotes) + 1
        candidates = list(quotes)
        for chosen in likely:
            candidate = _candidate(chosen, marker)
            if not any(_overlap(candidate, other) for other in candidates):
                candidates.append(candidate)
                marker += 1
        return _renumbered(conflicts(query.text, candidates), len(quotes))


def quoted(chosen: Chosen) -> Quote:
    """The quote of a chosen sentence, with a neighbour that names its subject or its speaker."""
    passage = chosen.passage
    start = chosen.lead_in[0] if chosen.lead_in else chosen.start
    first, last, speaker = _with_speaker(
        passage.text, start - passage.start, chosen.end - passage.start
    )
    dated = notes(passage.text, first, last, passage.source.published)
    return Quote(
        source=passage.source,
        start=passage.start + first,
        end=passage.start + last,
        text=passage.text[first:last],
        short=chosen.short,
        speaker=speaker,
        dates=tuple(_moved(note, passage.start) for note in dated),
    )


def _with_speaker(text: str, first: int, last: int) -> tuple[int, int, str | None]:
    """The stretch, a sentence longer where the one beside it names who speaks, and that speaker."""
    spoken = [said for said in _spoken(text) if said.start < last and first < said.end]
    for said in spoken:
        if said.speaker_start is None or first <= said.speaker_start < last:
            continue
        for start, end in _sentences(text):
            if start <= said.speaker_start < end:
                if not text[end:first].strip():
                    first = start
                elif not text[last:start].strip():
                    last = end
    speakers = {said.speaker for said in spoken}
    return first, last, speakers.pop() if len(speakers) == 1 else None


@lru_cache(maxsize=2_000)
def _spoken(text: str) -> tuple[Quotation, ...]:
    return tuple(quotations(text))


@lru_cache(maxsize=2_000)
def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(sentence_spans(text))


def _claim(quote: Quote, passage: Passage, marker: int) -> Claim:
    citation = Citation(marker, quote, passage)
    return Claim(quote.text, (citation,), Verdict.SUPPORTED, _VERBATIM)


def _missing_sides(found: Sequence[Conflict], claims: Sequence[Claim]) -> list[Claim]:
    """A claim for each side of a conflict that is not quoted yet."""
    cited = {citation.marker for claim in claims for citation in claim.citations}
    sides = {side.marker: side for conflict in found for side in conflict.sides}
    return [
        _claim(side.quote, side.passage, marker)
        for marker, side in sorted(sides.items())
        if marker not in cited
    ]


def _renumbered(found: Sequence[Conflict], quoted_already: int) -> tuple[Conflict, ...]:
    """The conflicts with the markers of new sides running on from the quotes'."""
    new = sorted(
        {
            side.marker
            for conflict in found
            for side in conflict.sides
            if side.marker > quoted_already
        }
    )
    numbers = {marker: quoted_already + i for i, marker in enumerate(new, start=1)}
    return tuple(
        dataclasses.replace(
            conflict,
            sides=tuple(
                dataclasses.replace(side, marker=numbers.get(side.marker, side.marker))
                for side in conflict.sides
            ),
        )
        for conflict in found
    )


def _candidate(chosen: Chosen, marker: int) -> Candidate:
    passage = chosen.passage
    text = passage.text[chosen.start - passage.start : chosen.end - passage.start]
    return Candidate(text, passage.source, chosen.start, chosen.end, passage, marker)


def _overlap(one: Candidate, other: Candidate) -> bool:
    same = one.source.article_id == other.source.article_id
    return same and one.start < other.end and other.start < one.end


def _moved(note: DateNote, offset: int) -> DateNote:
    return dataclasses.replace(note, start=note.start + offset, end=note.end + offset)
