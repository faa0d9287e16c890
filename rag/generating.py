"""An answer written by a chat model, of which only what the passages bear out is kept."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rag.chat import Chat, Reply
from rag.dates import notes as dated
from rag.errors import DatelineError, PromptTooLong
from rag.flagging import instructions
from rag.grounding import is_grounded
from rag.prompts import Prompt
from rag.records import CANNOT_ANSWER, Citation, Claim, Draft, Hit, Query, Usage, Verdict
from rag.replies import ReplyReader, Written
from rag.shown import Shown, shown
from rag.terms import terms, words

# Passages that one sentence may be held against; a sentence that points at everything rests on
# nothing in particular.
_MOST_CITED = 4
_LONGEST_REPLY = 40  # sentences read; more is rambling, whatever it says
_HALVINGS = 3  # times that the passages are halved for a model that cannot read so many


class Unsupported(enum.StrEnum):
    """What happens to sentences that the passages do not bear out."""

    DROP = "drop"
    MARK = "mark"


class Checker(Protocol):
    """Holds a claim against what it cites."""

    def check(self, claim: Claim) -> Claim: ...


class Answerer(Protocol):
    """Drafts an answer from the hits."""

    def draft(self, query: Query, hits: Sequence[Hit]) -> Iterator[Draft]: ...


class Held:
    """Lets word-for-word quotes through as they are; holds everything else against `checker`."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker

    def check(self, claim: Claim) -> Claim:
        """The claim with its verdict."""
        if claim.citations and all(_is_quote(claim, citation) for citation in claim.citations):
            return dataclasses.replace(claim, verdict=Verdict.SUPPORTED)
        return self._checker.check(claim)


class GeneratingAnswerer:
    """Asks `chat` to write an answer and gives its sentences once each is checked.

    What a sentence says against its passage is replaced by the quote that says otherwise; what no
    passage says is dropped or marked. When nothing is left, or the model fails in any way, the
    drafts of `quoting` are given instead, and a note says why. `context` is the number of
    characters of passages that the model is shown.
    """

    def __init__(
        self,
        chat: Chat,
        prompt: Prompt,
        *,
        checker: Checker,
        quoting: Answerer,
        context: int = 24_000,
        unsupported: Unsupported = Unsupported.DROP,
    ) -> None:
        self._chat = chat
        self._prompt = prompt
        self._checker = checker
        self._quoting = quoting
        self._context = context
        self._unsupported = unsupported

    def draft(self, query: Query, hits: Sequence[Hit]) -> Iterator[Draft]:
        """One draft more for each sentence that is kept; the last is the whole."""
        if not hits:
            yield from self._quoting.draft(query, hits)
            return
        passages = shown(hits, room=self._context)
        for _ in range(_HALVINGS):
            page = _Page(passages, self._checker, self._unsupported)
            reply = self._asked(query, passages)
            try:
                yield from self._written(reply, page, query, hits)
            except PromptTooLong as error:
                if len(passages.passages) > 1:
                    passages = passages.fewer()
                    continue
                yield from self._quoted(query, hits, str(error), reply.usage)
            except DatelineError as error:
                yield from self._quoted(query, hits, str(error), reply.usage)
            return
        yield from self._quoted(
            query, hits, f"{self._chat.name} cannot read even {len(passages.passages)} passages"
        )

    def _asked(self, query: Query, passages: Shown) -> Reply:
        return self._chat.stream(
            self._prompt.fill(
                today=query.today.isoformat(),
                refusal=CANNOT_ANSWER,
                passages=passages.text,
                question=query.text,
            )
        )

    def _written(
        self, reply: Reply, page: _Page, query: Query, hits: Sequence[Hit]
    ) -> Iterator[Draft]:
        for sentence in _sentences(reply, page.reader):
            if page.take(sentence):
                yield Draft(page.claims, confidence=page.share_kept, notes=page.shown.notes)
            if page.is_full:
                break
        page.look_up_footnotes()
        notes = (*page.shown.notes, page.account(reply.usage))
        if page.claims and page.share_kept:
            ground = self._likelihood(query, hits)
            yield Draft(
                page.claims,
                confidence=ground * page.share_kept,
                notes=notes,
                usage=reply.usage,
            )
        elif page.refused and not page.written:
            yield Draft(abstained=True, notes=notes, usage=reply.usage)
        else:
            yield from self._quoted(query, hits, page.emptiness(self._chat.name), reply.usage)

    def _likelihood(self, query: Query, hits: Sequence[Hit]) -> float:
        """How likely the hits answer the question at all, as the quoting answerer sees it."""
        *_, last = self._quoting.draft(query, hits)
        return last.confidence

    def _quoted(
        self, query: Query, hits: Sequence[Hit], why: str, usage: Usage | None = None
    ) -> Iterator[Draft]:
        note = f"Quoted without the chat model: {why.rstrip('.')}."
        for draft in self._quoting.draft(query, hits):
            yield dataclasses.replace(draft, notes=(*draft.notes, note), usage=usage)


def _sentences(reply: Reply, reader: ReplyReader) -> Iterator[Written]:
    for piece in reply:
        yield from reader.feed(piece) if piece else reader.pause()
    yield from reader.finish(cut=reply.cut)


@dataclass(slots=True)
class _Judged:
    """A sentence of the model and what became of it: a claim to give, or none."""

    sentence: Written
    verdict: Verdict
    claim: Claim | None = None
    replaced: bool = False


@dataclass(slots=True)
class _Page:
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
        if checked.verdict is Verdict.SUPPORTED and not is_grounded(checked):
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
        return any(words(claim.text) == words(text) for claim in said)


def _is_quote(claim: Claim, citation: Citation) -> bool:
    quote, passage = citation.quote, citation.passage
    sliced = passage.text[quote.start - passage.start : quote.end - passage.start]
    return sliced == quote.text == claim.text


def _quote_of(claim: Claim) -> str:
    return claim.citations[0].quote.text


def _not_found(claim: Claim, reason: str = "") -> Claim:
    return dataclasses.replace(claim, verdict=Verdict.NOT_FOUND, reason=reason or claim.reason)
