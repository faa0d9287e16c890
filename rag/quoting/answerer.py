"""The default answerer: the sentences that answer, quoted exactly; no model."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.language.dates import notes
from rag.language.kinds import Asks, kind_of
from rag.language.sentences import sentence_spans
from rag.language.speech import Quotation, quotations
from rag.quoting.confidence import THRESHOLD
from rag.quoting.conflicts import Candidate, candidate_of, conflicts, may_conflict
from rag.quoting.selection import Chosen, Ranked, Selection, rank
from rag.quoting.sides import best_of_each
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
from rag.spans import span

_VERBATIM = "quoted word for word"
# Sentences compared for a disagreement: the likeliest answers, whichever articles they are from.
_COMPARED = 10

# A part says less than the whole question, so it may be less certain once the rest is answered: by
# this factor on the threshold.
LEAST_OF_PART = 0.5
# Where each part is answered, a further sentence must have this share of the ranker's belief for
# the question as a whole: of those quoted for multihop-facts .84 are then evidence, of all .80.
LEAST_BESIDE_PARTS = 0.15
# A question in parts is answered in at most so many sentences.
_MOST_QUOTES = 3

# Sentences to the one that names the speaker.
_FARTHEST = 2

Rarity = Callable[[str], float]


class QuotingAnswerer:
    """Quotes up to `max_quotes` sentences, or abstains when none is likely to answer.

    A question in parts gets quotes for each part that the archive answers, three in all; articles
    that disagree are quoted on both sides, however many sentences that takes. `rarity` gives the
    rarity of a term in the archive (BM25's idf); below the `threshold` of confidence it abstains.
    """

    def __init__(self, rarity: Rarity, *, max_quotes: int, threshold: float = THRESHOLD) -> None:
        self._rarity = rarity
        self._max_quotes = max_quotes
        self._threshold = threshold

    def draft(self, query: Query, hits: Sequence[Hit]) -> Iterator[Draft]:
        """One draft more for each sentence quoted; the last is the whole."""
        with span("select") as stage:
            ranked = rank(query.text, hits, idf=self._rarity)
            selection = self._selected(query, hits, ranked)
            stage.note(hits=len(hits), chosen=len(selection.chosen))
        if not selection.chosen:
            yield Draft(abstained=True, confidence=selection.confidence)
            return
        claims: list[Claim] = []
        asked = query.parts or (query.text,)
        runs_on = any(kind_of(text).asks is Asks.QUOTE_ABOUT for text in asked)
        for stretch in _merged([_stretch(chosen, runs_on) for chosen in selection.chosen]):
            claims.append(_claim(_quote(stretch), stretch.passage, len(claims) + 1))
            yield Draft(tuple(claims), confidence=selection.confidence)
        with span("select") as stage:
            found = _conflicts(query, ranked, claims)
            stage.note(conflicts=len(found))
        if found:
            claims += _missing_sides(found, claims)
            yield Draft(tuple(claims), confidence=selection.confidence, conflicts=found)

    def _selected(self, query: Query, hits: Sequence[Hit], ranked: Ranked) -> Selection:
        """What to quote: the best sentence of each part that is answered, then of the question as
        a whole where there is room; of the whole alone where no part is answered."""
        most = max(self._max_quotes, _MOST_QUOTES) if query.parts else self._max_quotes
        whole = _likely(ranked, most, least=self._threshold)
        parts = self._of_parts(query, hits, ranked)
        answered = [part for part in parts if part.chosen]
        if not answered or max(part.confidence for part in (whole, *answered)) < self._threshold:
            return dataclasses.replace(whole, chosen=whole.chosen[: self._max_quotes])
        least = LEAST_BESIDE_PARTS if len(answered) == len(parts) else 0.0
        beside = [one for one in whole.chosen if one.score >= least]
        chosen = [*(one for part in answered for one in part.chosen), *beside]
        distinct = {_place(one): one for one in chosen}
        confidence = max(part.confidence for part in answered)
        return Selection(tuple(distinct.values())[:most], confidence)

    def _of_parts(self, query: Query, hits: Sequence[Hit], whole: Ranked) -> list[Selection]:
        if not query.parts:
            return []
        least = LEAST_OF_PART * self._threshold
        return best_of_each(query.parts, whole, hits, idf=self._rarity, least=least)


def _likely(ranked: Ranked, quotes: int, *, least: float) -> Selection:
    """The selection, without sentences when they are unlikely to answer."""
    found = ranked.select(quotes)
    return found if found.confidence >= least else Selection((), found.confidence)


def _conflicts(query: Query, ranked: Ranked, claims: Sequence[Claim]) -> tuple[Conflict, ...]:
    if not may_conflict(query.text):
        return ()
    quotes = [candidate_of(citation) for claim in claims for citation in claim.citations]
    marker = len(quotes) + 1
    candidates = list(quotes)
    for chosen in ranked.leading(_COMPARED):
        candidate = _candidate(chosen, marker)
        if not any(_overlap(candidate, other) for other in candidates):
            candidates.append(candidate)
            marker += 1
    return _renumbered(conflicts(query.text, candidates), len(quotes))


def _place(chosen: Chosen) -> tuple[str, int]:
    return chosen.passage.source.article_id, chosen.start


def quoted(chosen: Chosen) -> Quote:
    """The quote of a chosen sentence, with a neighbour that names its subject or its speaker."""
    return _quote(_stretch(chosen, runs_on=False))


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What is to be quoted of a passage, by offsets in it."""

    passage: Passage
    first: int
    last: int
    short: tuple[int, int] | None


def _stretch(chosen: Chosen, runs_on: bool) -> _Stretch:
    """A chosen sentence with the neighbours it needs; with `runs_on`, for a question after
    somebody's words, also the next sentence of a speech that goes on."""
    passage = chosen.passage
    start = chosen.lead_in[0] if chosen.lead_in else chosen.start
    first, last, _ = _with_speaker(passage.text, start - passage.start, chosen.end - passage.start)
    if runs_on:
        last = _run_on(passage.text, first, last)
    return _Stretch(passage, first, last, chosen.short)


def _merged(stretches: Sequence[_Stretch]) -> list[_Stretch]:
    """The stretches in order, those of one passage that overlap made one."""
    kept: list[_Stretch] = []
    for new in stretches:
        for place, old in enumerate(kept):
            if old.passage.id == new.passage.id and old.first < new.last and new.first < old.last:
                kept[place] = dataclasses.replace(
                    old, first=min(old.first, new.first), last=max(old.last, new.last)
                )
                break
        else:
            kept.append(new)
    return kept


def _quote(stretch: _Stretch) -> Quote:
    passage, first, last = stretch.passage, stretch.first, stretch.last
    dated = notes(passage.text, first, last, passage.source.published)
    return Quote(
        source=passage.source,
        start=passage.start + first,
        end=passage.start + last,
        text=passage.text[first:last],
        short=stretch.short,
        speaker=_with_speaker(passage.text, first, last)[2],
        dates=tuple(_moved(note, passage.start) for note in dated),
    )


def _with_speaker(text: str, first: int, last: int) -> tuple[int, int, str | None]:
    """The stretch, longer where a sentence near it names who speaks, and that speaker.

    At most `_FARTHEST` sentences are added on a side, within the paragraph.
    """
    spoken = [said for said in _spoken(text) if said.start < last and first < said.end]
    for said in spoken:
        if said.speaker_start is None or first <= said.speaker_start < last:
            continue
        for start, end in _sentences(text):
            if start <= said.speaker_start < end:
                if end <= first and _near(text, end, first):
                    first = start
                elif last <= start and _near(text, last, start):
                    last = end
    speakers = {said.speaker for said in spoken}
    return first, last, speakers.pop() if len(speakers) == 1 else None


def _near(text: str, one: int, other: int) -> bool:
    """Whether so few sentences of one paragraph lie between two offsets that they may be quoted."""
    between = sum(one <= start < other for start, _ in _sentences(text))
    return "\n" not in text[one:other].strip(" ") and between < _FARTHEST


def _run_on(text: str, first: int, last: int) -> int:
    """The end of the next sentence, where the same speaker goes on in it within the paragraph."""
    speakers = {said.speaker for said in _spoken(text) if said.start < last and first < said.end}
    following = next(((a, b) for a, b in _sentences(text) if a >= last), None)
    if following is None or text[last : following[0]].strip(" "):
        return last
    start, end = following
    goes_on = any(
        said.start < end and start < said.end and said.speaker and said.speaker in speakers
        for said in _spoken(text)
    )
    return end if goes_on else last


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
