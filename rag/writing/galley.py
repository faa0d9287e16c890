"""A galley: the sentences of one reply, each held against the passages it points to."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rag.language.dates import notes as dated
from rag.language.terms import fold, terms
from rag.quoting.flagging import instructions
from rag.records import Citation, Claim, Unsupported, Usage, Verdict
from rag.writing.bylines import bare
from rag.writing.grounding import is_grounded
from rag.writing.replies import ReplyReader, Written
from rag.writing.shown import Shown

# Passages that one sentence may be held against; a sentence that points at everything rests on
# nothing in particular.
_MOST_CITED = 4
_LONGEST_REPLY = 40  # sentences read; more is rambling, whatever it says


class Checker(Protocol):
    """Holds a claim against what it cites."""

    def check(self, claim: Claim) -> Claim: ...


@dataclass(slots=True)
class _Judged:
    """A sentence of the model and what became of it: a claim to give, or none."""

    sentence: Written
    verdict: Verdict
    claim: Claim | None = None
    replaced: bool = False


@dataclass(slots=True)
class Galley:
    """The sentences of one reply, each held against the passages it points to."""

    shown: Shown
    checker: Checker
    unsupported: Unsupported
    reader: ReplyReader = field(init=False)
    refused: bool = False
    _judged: list[_Judged] = field(default_factory=list)
    _markers: dict[tuple[str, int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reader = ReplyReader(len(self.shown.passages))

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What is left of the reply, in its order."""
        return tuple(judged.claim for judged in self._judged if judged.claim)

    @property
    def written(self) -> int:
        """The sentences that state something."""
        return len(self._judged)

    @property
    def is_full(self) -> bool:
        return self.written >= _LONGEST_REPLY

    @property
    def share_kept(self) -> float:
        """The share of the sentences that the passages bear out."""
        kept = sum(judged.verdict is Verdict.SUPPORTED for judged in self._judged)
        replaced = sum(judged.replaced for judged in self._judged)
        return (kept + replaced) / self.written if self.written else 0.0

    def take(self, sentence: Written) -> bool:
        """Read a sentence; True if there is a claim more."""
        if sentence.refuses:
            self.refused = True
            return False
        if not terms(sentence.text):
            return False
        judged = self._judge(sentence, sentence.cited)
        self._judged.append(judged)
        return judged.claim is not None

    def look_up_footnotes(self) -> None:
        """Try again what pointed by footnote, now that the reply has said where to."""
        for judged in self._judged:
            sentence, defined = judged.sentence, self.reader.definitions
            if sentence.footnotes and defined and judged.verdict is not Verdict.SUPPORTED:
                numbers = (n for note in sentence.cited for n in defined.get(note, ()))
                again = self._judge(sentence, tuple(dict.fromkeys(numbers)))
                judged.verdict, judged.claim = again.verdict, again.claim
                judged.replaced = again.replaced

    def account(self, usage: Usage) -> str:
        """A line on who wrote the answer, what was kept of it and what it took."""
        kept = sum(judged.verdict is Verdict.SUPPORTED for judged in self._judged)
        replaced = sum(judged.replaced for judged in self._judged)
        line = f"Written by {usage.model}"
        if self.written:
            line += f": {kept} of {self.written} sentences borne out by what they cite"
        if replaced:
            line += f", {replaced} replaced by the quote that contradicts it"
        about = "about " if usage.estimated else ""
        line += f" ({about}{usage.read:,} tokens read, {usage.written:,} written"
        return line + (f", cost {usage.cost:.4f})." if usage.cost is not None else ").")

    def emptiness(self, name: str) -> str:
        """Why nothing is left of the reply."""
        if not self.written:
            return f"{name} wrote no sentence that states anything"
        if self.written == 1:
            return f"the one sentence that {name} wrote is not borne out by a passage it cites"
        return f"none of {self.written} sentences that {name} wrote is borne out by what it cites"

    def _judge(self, sentence: Written, numbers: Sequence[int]) -> _Judged:
        if self._is_repeated(sentence.text):
            return _Judged(sentence, Verdict.SUPPORTED)
        claim = self._checked(sentence.text, numbers[:_MOST_CITED])
        if claim.verdict is Verdict.SUPPORTED:
            return _Judged(sentence, claim.verdict, self._marked(claim))
        if claim.verdict is Verdict.CONTRADICTED and not self._is_repeated(_quote_of(claim)):
            return _Judged(sentence, claim.verdict, self._in_its_place(claim), replaced=True)
        if self.unsupported is Unsupported.MARK and not instructions(claim.text):
            return _Judged(sentence, claim.verdict, self._marked(_not_found(claim)))
        return _Judged(sentence, claim.verdict)

    def _checked(self, text: str, numbers: Sequence[int]) -> Claim:
        """The sentence held against each passage alone, then against all of them together."""
        if instructions(text):
            return Claim(text, (), Verdict.NOT_FOUND, "it looks like an instruction to software")
        cited = tuple(self.shown.citation(number) for number in numbers)
        if not cited:
            return Claim(text, (), Verdict.NOT_FOUND, "it cites no passage that there is")
        alone = [self._held(Claim(text, (citation,))) for citation in cited]
        if bearing := [claim for claim in alone if claim.verdict is Verdict.SUPPORTED]:
            citations = tuple(claim.citations[0] for claim in bearing)
            return dataclasses.replace(bearing[0], citations=citations)
        if len(cited) > 1:
            together = self._held(Claim(text, cited))
            if together.verdict is Verdict.SUPPORTED:
                return together
        against = (claim for claim in alone if claim.verdict is Verdict.CONTRADICTED)
        return next(against, alone[0])

    def _held(self, claim: Claim) -> Claim:
        """The checker's verdict, unless the sentence rests on an instruction or says more."""
        checked = self.checker.check(claim)
        if any(self.shown.rests_on_instructions(citation) for citation in checked.citations):
            return _not_found(checked, "it rests on text that looks like instructions to software")
        if checked.verdict is Verdict.SUPPORTED and not is_grounded(bare(checked)):
            return _not_found(checked, "it says more than the cited passage")
        return checked

    def _in_its_place(self, claim: Claim) -> Claim:
        quoted = dataclasses.replace(
            claim,
            text=_quote_of(claim),
            citations=claim.citations[:1],
            verdict=Verdict.SUPPORTED,
            reason=f"quoted word for word in place of a sentence that it contradicts:"
            f" {claim.reason}",
        )
        return self._marked(quoted)

    def _marked(self, claim: Claim) -> Claim:
        """The claim with markers of the answer: one for each quote, in order of appearance."""
        return dataclasses.replace(
            claim, citations=tuple(self._numbered(citation) for citation in claim.citations)
        )

    def _numbered(self, citation: Citation) -> Citation:
        quote, passage = citation.quote, citation.passage
        key = (quote.source.article_id, quote.start, quote.end)
        marker = self._markers.setdefault(key, len(self._markers) + 1)
        derived = dated(
            passage.text,
            quote.start - passage.start,
            quote.end - passage.start,
            passage.source.published,
        )
        moved = tuple(
            dataclasses.replace(
                note, start=note.start + passage.start, end=note.end + passage.start
            )
            for note in derived
        )
        return Citation(marker, dataclasses.replace(quote, dates=moved), passage)

    def _is_repeated(self, text: str) -> bool:
        """Whether the answer has this sentence already, and as supported."""
        said = (claim for claim in self.claims if claim.verdict is Verdict.SUPPORTED)
        return any(_flat(claim.text) == _flat(text) for claim in said)


def _flat(text: str) -> str:
    return " ".join(fold(text).split())


def _quote_of(claim: Claim) -> str:
    return claim.citations[0].quote.text


def _not_found(claim: Claim, reason: str = "") -> Claim:
    return dataclasses.replace(claim, verdict=Verdict.NOT_FOUND, reason=reason or claim.reason)
