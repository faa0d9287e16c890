"""An answer written by a chat model, of which only what the passages bear out is kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Protocol

from rag.checking.quotations import misquoted
from rag.errors import DatelineError, PromptTooLong
from rag.records import (
    CANNOT_ANSWER,
    Citation,
    Claim,
    Draft,
    Hit,
    Query,
    Unsupported,
    Usage,
    Verdict,
)
from rag.spans import lasting, span
from rag.writing.bylines import bare
from rag.writing.chat import Chat, Reply
from rag.writing.galley import Checker, Galley
from rag.writing.prompts import Prompt
from rag.writing.replies import ReplyReader, Written
from rag.writing.shown import Shown, shown

_HALVINGS = 3  # times that the passages are halved for a model that cannot read so many


class Answerer(Protocol):
    """Drafts an answer from the hits."""

    def draft(self, query: Query, hits: Sequence[Hit]) -> Iterator[Draft]: ...


class Held:
    """Lets word-for-word quotes through as they are; holds everything else against `checker`.

    The publisher and day that a claim names are held against the cards of what it cites, what it
    puts in quotation marks against their words. A claim
    that was found wanting before stays so: a second look may only lower a verdict.
    """

    def __init__(self, checker: Checker) -> None:
        self._checker = checker

    def check(self, claim: Claim) -> Claim:
        """The claim with its verdict."""
        if claim.citations and all(_is_quote(claim, citation) for citation in claim.citations):
            reason = claim.reason or "quoted word for word"
            return dataclasses.replace(claim, verdict=Verdict.SUPPORTED, reason=reason)
        if claim.verdict in (Verdict.NOT_FOUND, Verdict.CONTRADICTED):
            return claim
        checked = dataclasses.replace(self._checker.check(bare(claim)), text=claim.text)
        wrong = misquoted(checked) if checked.verdict is Verdict.SUPPORTED else None
        if wrong is None:
            return checked
        return dataclasses.replace(checked, verdict=Verdict.NOT_FOUND, reason=wrong)


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
            galley = Galley(passages, self._checker, self._unsupported)
            reply = self._asked(query, passages)
            try:
                with lasting("generate") as stage:
                    stage.note(passages=len(passages.passages))
                    yield from self._written(reply, galley, query, hits)
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
        self, reply: Reply, galley: Galley, query: Query, hits: Sequence[Hit]
    ) -> Iterator[Draft]:
        for sentence in _sentences(reply, galley.reader):
            with span("check"):
                kept = galley.take(sentence)
            if kept:
                yield Draft(galley.claims, confidence=galley.share_kept, notes=galley.shown.notes)
            if galley.is_full:
                break
        galley.look_up_footnotes()
        notes = (*galley.shown.notes, galley.account(reply.usage))
        if galley.claims and galley.share_kept:
            ground = self._likelihood(query, hits)
            yield Draft(
                galley.claims,
                confidence=ground * galley.share_kept,
                notes=notes,
                usage=reply.usage,
            )
        elif galley.refused and not galley.written:
            yield Draft(abstained=True, notes=notes, usage=reply.usage)
        else:
            yield from self._quoted(query, hits, galley.emptiness(self._chat.name), reply.usage)

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


def _is_quote(claim: Claim, citation: Citation) -> bool:
    quote, passage = citation.quote, citation.passage
    sliced = passage.text[quote.start - passage.start : quote.end - passage.start]
    return sliced == quote.text == claim.text
