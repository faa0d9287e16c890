"""The one path from a question to an answer: understand, search, answer, check.

Each stage is a LangChain runnable that passes on the snapshots it is given and adds its own, so
that a stream is a sequence of ever more complete answers, and asking takes the last of it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from langchain_core.runnables import Runnable, RunnableGenerator

from rag.records import (
    AS_CONFIGURED,
    Answer,
    Citation,
    Claim,
    Coverage,
    Draft,
    Filters,
    Hit,
    Options,
    Query,
    Receipt,
    Turn,
)
from rag.spans import span


@dataclass(frozen=True, slots=True)
class Request:
    """A question with what it is asked under."""

    question: str
    turns: tuple[Turn, ...]
    filters: Filters
    today: date
    options: Options = AS_CONFIGURED


class Understands(Protocol):
    """Turns a question into a query."""

    def query(
        self, question: str, *, turns: Sequence[Turn], filters: Filters, today: date
    ) -> Query: ...


class Retriever(Protocol):
    """Finds passages, best first."""

    def search(self, query: Query, *, limit: int | None = None) -> tuple[Hit, ...]: ...


class Answerer(Protocol):
    """Drafts an answer from the hits: ever more complete drafts, the last is the whole."""

    def draft(self, query: Query, hits: Sequence[Hit]) -> Iterator[Draft]: ...


class Checker(Protocol):
    """Holds a claim against what it cites."""

    def check(self, claim: Claim) -> Claim: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the chain reports beside an answer, each computed when asked for."""

    coverage: Callable[[Filters], Coverage]
    receipt: Callable[[Request, Sequence[Hit]], Receipt]
    behind: Callable[[], str | None]


@dataclass(frozen=True, slots=True)
class _Progress:
    """An answer under way and what its next stages need."""

    request: Request
    query: Query | None
    answer: Answer


def build(
    *,
    understanding: Understands,
    retriever: Retriever,
    answerer: Answerer,
    checker: Checker,
    surroundings: Surroundings,
) -> Runnable[Request, Answer]:
    """The chain as a runnable: `stream` it for snapshots; the last one is complete."""
    stages = _Stages(understanding, retriever, answerer, checker, surroundings)
    return (
        RunnableGenerator(_began, name="begin")
        | _stage(stages.understand)
        | _stage(stages.search)
        | _stage(stages.answer)
        | _stage(stages.conclude)
        | RunnableGenerator(_answers, name="snapshots")
    )


def _began(requests: Iterator[Request]) -> Iterator[_Progress]:
    for request in requests:
        question = request.question.strip()
        yield _Progress(request, None, Answer(question=question, understood=question))


def _answers(snapshots: Iterator[_Progress]) -> Iterator[Answer]:
    for snapshot in snapshots:
        yield snapshot.answer


def _stage(
    step: Callable[[_Progress], Iterator[_Progress]],
) -> Runnable[_Progress, _Progress]:
    """A runnable that lets earlier snapshots through and goes on from the last one."""

    def transform(snapshots: Iterator[_Progress]) -> Iterator[_Progress]:
        last: _Progress | None = None
        for last in snapshots:
            yield last
        if last is not None:
            yield from step(last)

    return RunnableGenerator(transform, name=step.__name__)


class _Stages:
    """The stages, each from the last snapshot to further ones."""

    def __init__(
        self,
        understanding: Understands,
        retriever: Retriever,
        answerer: Answerer,
        checker: Checker,
        surroundings: Surroundings,
    ) -> None:
        self._understanding = understanding
        self._retriever = retriever
        self._answerer = answerer
        self._checker = checker
        self._surroundings = surroundings

    def understand(self, so_far: _Progress) -> Iterator[_Progress]:
        request = so_far.request
        with span("condense") as stage:
            query = self._understanding.query(
                request.question, turns=request.turns, filters=request.filters, today=request.today
            )
            stage.note(turns=len(request.turns), parts=len(query.parts))
        behind = self._surroundings.behind()
        notes = (*query.notes, behind) if behind else query.notes
        answer = dataclasses.replace(
            so_far.answer,
            question=query.question,
            understood=query.text,
            notes=notes,
            coverage=self._surroundings.coverage(query.filters),
        )
        yield _Progress(request, query, answer)

    def search(self, so_far: _Progress) -> Iterator[_Progress]:
        assert so_far.query is not None
        with span("search") as stage:
            hits = self._retriever.search(so_far.query, limit=so_far.request.options.passages)
            stage.note(hits=len(hits))
        coverage = so_far.answer.coverage
        assert coverage is not None
        answer = dataclasses.replace(
            so_far.answer, hits=hits, coverage=dataclasses.replace(coverage, matched=len(hits))
        )
        yield dataclasses.replace(so_far, answer=answer)

    def answer(self, so_far: _Progress) -> Iterator[_Progress]:
        """Every sentence is checked before a snapshot carries it."""
        assert so_far.query is not None
        checked: dict[Claim, Claim] = {}
        before = so_far.answer
        for draft in self._answerer.draft(so_far.query, before.hits):
            with span("check") as stage:
                claims = tuple(
                    checked.get(claim) or checked.setdefault(claim, self._checker.check(claim))
                    for claim in draft.claims
                )
                stage.note(claims=len(claims))
            yield dataclasses.replace(
                so_far,
                answer=dataclasses.replace(
                    before,
                    claims=claims,
                    abstained=draft.abstained,
                    confidence=draft.confidence,
                    notes=(*before.notes, *draft.notes),
                    conflicts=draft.conflicts,
                    usage=draft.usage,
                ),
            )

    def conclude(self, so_far: _Progress) -> Iterator[_Progress]:
        assert so_far.query is not None
        answer = so_far.answer
        coverage = answer.coverage
        assert coverage is not None
        coverage = _with_independence(coverage, answer)
        yield dataclasses.replace(
            so_far,
            answer=dataclasses.replace(
                answer,
                coverage=coverage,
                receipt=self._surroundings.receipt(so_far.request, answer.hits),
                complete=True,
            ),
        )


def _with_independence(coverage: Coverage, answer: Answer) -> Coverage:
    """The coverage with the cited articles counted, copies of one report once."""
    used = {citation.source.article_id for citation in answer.citations}
    copies = {
        hit.passage.source.article_id: frozenset(source.article_id for source in hit.copies)
        for hit in answer.hits
    }
    reports = {copies.get(article_id, frozenset()) | {article_id} for article_id in used}
    carrying = set().union(*reports) if reports else set()
    return dataclasses.replace(
        coverage,
        used=len(used),
        independent=len(reports),
        copies=len(carrying) - len(reports),
    )


class Verbatim:
    """Checks quoted sentences: the claim must be its quote, and the quote its passage's text."""

    def check(self, claim: Claim) -> Claim:
        """The claim as it is.

        Raises:
            AssertionError: it is not quoted word for word: a bug, never shown to a reader.
        """
        for citation in claim.citations:
            _assert_sliced(claim, citation)
        return claim


def _assert_sliced(claim: Claim, citation: Citation) -> None:
    quote, passage = citation.quote, citation.passage
    sliced = passage.text[quote.start - passage.start : quote.end - passage.start]
    if not (sliced == quote.text == claim.text):
        raise AssertionError(f"not a quote of {quote.source.article_id}: {claim.text!r}")
