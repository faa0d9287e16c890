"""Claims: the sentences of an answer, each held against the passages it cites, with no model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from rag.checking.alignment import align
from rag.checking.ladder import Fault, Kind, Reading, content_in, faults, keys_in, read, restated
from rag.language.sentences import sentence_spans
from rag.records import Citation, Claim, Outcome, Passage, Quote, Verdict

# The share of a claim's content words that the sentences it rests on must hold, and the share of
# all its words that must stand there in the same order. Chosen on sentences with up to three
# words replaced (all above) against sentences held to passages about something else (all below).
CONTAINED = 0.5
IN_ORDER = 0.5
SUPPORT = 0.6
# A further sentence is taken into the core only when it holds this share more of the claim.
_WORTH_A_SENTENCE = 0.08
_TIE = 0.05  # weight of the other words, so that they only decide between equals
_LONGEST_CORE = 3  # sentences
# So many content words in a row that the passage does not have are a statement of their own.
_STATEMENT = 4
_PRICE_OF_A_FAULT = 0.1  # of the graded support; .05 ranks human-judged claims no worse


@dataclass(frozen=True, slots=True)
class Span:
    """One claim of a text: `source_text[start:end] == text`."""

    start: int
    end: int
    text: str


def split_claims(text: str) -> list[Span]:
    """The claims of a text, one a sentence, in order, with their offsets."""
    return [Span(start, end, text[start:end]) for start, end in sentence_spans(text)]


def support(claim_text: str, sentences: Sequence[str]) -> float:
    """How much of a claim the sentences hold, from 0 to 1; for ranking, not a verdict.

    The mean of three shares: content words found anywhere, content words found in the best few
    sentences, words kept there in order; less a tenth for every number, date, name, negation or
    speaker that differs.
    """
    claim = read(claim_text)
    ground = [_Sentence(text, 0, len(text), None, None) for text in sentences]
    finding = _weigh(claim, ground)
    if finding is None:
        return 0.0
    anywhere = _contained(claim, _join(ground))
    certain = sum(fault.kind.certain for fault in finding.faults)
    mean = (anywhere + finding.contained + finding.in_order) / 3
    return float(mean * (1 - _PRICE_OF_A_FAULT) ** certain)


class LadderChecker:
    """The default checker: compares words, numbers, dates, names, negations and speakers."""

    def check(self, claim: Claim) -> Claim:
        """The claim with verdict, reason and, for each citation, the nearest sentence as quote.

        A claim is supported when one of its passages supports it, or all of them together do. A
        citation that already holds a verified quote shorter than its passage keeps it.
        """
        reading = read(claim.text)
        if not any(word.content for word in reading.words):
            return replace(claim, verdict=Verdict.UNCHECKABLE, reason="it states nothing to check")
        if not claim.citations:
            return replace(claim, verdict=Verdict.UNCHECKABLE, reason="it cites no passage")
        grounds = [_ground(citation.passage) for citation in claim.citations]
        found = [_weigh(reading, ground) for ground in grounds]
        citations = tuple(
            _pointed(citation, finding)
            for citation, finding in zip(claim.citations, found, strict=True)
        )
        verdict, reason = _judge(reading, [finding for finding in found if finding])
        return replace(claim, citations=citations, verdict=verdict, reason=reason)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a passage; offsets count in the passage's text."""

    text: str
    start: int
    end: int
    passage: Passage | None
    anchor: date | None


@dataclass(frozen=True, slots=True)
class _Finding:
    """How a claim fares against the sentences of a passage it rests on most."""

    core: tuple[_Sentence, ...]
    contained: float
    in_order: float
    faults: tuple[Fault, ...]
    extra: str

    @property
    def strength(self) -> float:
        return (self.contained + self.in_order) / 2

    @property
    def held(self) -> bool:
        """Whether the sentences speak of what the claim speaks of."""
        return (
            self.contained >= CONTAINED and self.in_order >= IN_ORDER and self.strength >= SUPPORT
        )


def _ground(passage: Passage) -> list[_Sentence]:
    return [
        _Sentence(passage.text[start:end], start, end, passage, passage.source.published)
        for start, end in sentence_spans(passage.text)
    ]


def _judge(claim: Reading, found: Sequence[_Finding]) -> tuple[Verdict, str]:
    if not found:
        return Verdict.NOT_FOUND, "the cited passage is empty"
    verdicts = [_verdict(finding) for finding in found]
    for verdict, reason in verdicts:
        if verdict is Verdict.SUPPORTED:
            return verdict, reason
    if len(found) > 1:
        together = _weigh(claim, [sentence for finding in found for sentence in finding.core])
        if together and _verdict(together)[0] is Verdict.SUPPORTED:
            return Verdict.SUPPORTED, "the cited passages together say so"
    best = max(range(len(found)), key=lambda index: found[index].strength)
    return verdicts[best]


def _verdict(finding: _Finding) -> tuple[Verdict, str]:
    if not finding.held:
        return Verdict.NOT_FOUND, "the cited passage does not say this"
    certain = [fault for fault in finding.faults if fault.kind.certain]
    if certain:
        contradicted = any(fault.contradicts for fault in certain)
        reason = "; ".join(fault.reason for fault in certain)
        return Verdict.CONTRADICTED if contradicted else Verdict.NOT_FOUND, reason
    if finding.faults:
        reason = "; ".join(fault.reason for fault in finding.faults)
        return Verdict.UNCHECKABLE, f"needs review: {reason}"
    if finding.extra:
        return Verdict.NOT_FOUND, f"the cited passage does not say “{finding.extra}”"
    return Verdict.SUPPORTED, "the cited passage says so"


def _weigh(claim: Reading, sentences: Sequence[_Sentence]) -> _Finding | None:
    """Hold a claim against the few neighbouring sentences that hold most of it."""
    if not sentences:
        return None
    first, last = _core(claim, sentences)
    core = tuple(sentences[first:last])
    joined = _join(core)
    around = _join(sentences[max(0, first - 1) : last + 1])
    return _Finding(
        core,
        _contained(claim, joined),
        _in_order(claim, joined),
        tuple(faults(claim, joined, around, _text(sentences))),
        _statement_beyond(claim, around),
    )


def _core(claim: Reading, sentences: Sequence[_Sentence]) -> tuple[int, int]:
    """From which to which sentence: most content words, then most words, in the fewest."""
    wanted, every = _content(claim), claim.keys
    held = [content_in(sentence.text) & wanted for sentence in sentences]
    said = [len(keys_in(sentence.text) & every) / max(1, len(every)) for sentence in sentences]
    best, span = -1.0, (0, 1)
    for size in range(1, min(_LONGEST_CORE, len(sentences)) + 1):
        for first in range(len(sentences) - size + 1):
            union: set[str] = set().union(*held[first : first + size])
            score = len(union) / max(1, len(wanted)) - _WORTH_A_SENTENCE * (size - 1)
            score += _TIE * max(said[first : first + size])
            if score > best + 1e-9:
                best, span = score, (first, first + size)
    return span


def _join(sentences: Sequence[_Sentence]) -> Reading:
    return read(_text(sentences), sentences[0].anchor)


def _text(sentences: Sequence[_Sentence]) -> str:
    return "\n".join(sentence.text for sentence in sentences)


def _content(reading: Reading) -> set[str]:
    return {word.key for word in reading.words if word.content}


def _contained(claim: Reading, core: Reading) -> float:
    """The share of the claim's content words that the core holds, in whatever form."""
    same = restated(claim, core)
    known = core.keys
    wanted = {
        word.key: word.key in known or word.start in same for word in claim.words if word.content
    }
    return sum(wanted.values()) / len(wanted) if wanted else 0.0


def _in_order(claim: Reading, core: Reading) -> float:
    same = restated(claim, core)
    alignment = align(claim.marked, core.marked)
    kept = sum(i in alignment.pairs or w.start in same for i, w in enumerate(claim.words))
    return kept / max(1, len(claim.words))


def _statement_beyond(claim: Reading, around: Reading) -> str:
    """The first run of words that the passage has nothing of and that is long enough to state."""
    known = around.keys
    run: list[int] = []
    for index, word in enumerate(claim.words):
        if word.content and word.key not in known:
            run.append(index)
            if len(run) >= _STATEMENT:
                return claim.text[claim.words[run[0]].start : word.end]
        elif word.content:
            run = []
    return ""


def _pointed(citation: Citation, finding: _Finding | None) -> Citation:
    """The citation with the nearest sentence as its quote, unless it holds a narrower one."""
    quote, passage = citation.quote, citation.passage
    narrow = quote.end - quote.start < passage.end - passage.start
    if finding is None or (quote.outcome is Outcome.VERIFIED and quote.text and narrow):
        return citation
    start, end = finding.core[0].start, finding.core[-1].end
    nearest = Quote(
        passage.source, passage.start + start, passage.start + end, passage.text[start:end]
    )
    return replace(citation, quote=nearest)


__all__ = [
    "CONTAINED",
    "IN_ORDER",
    "SUPPORT",
    "Kind",
    "LadderChecker",
    "Span",
    "split_claims",
    "support",
]
