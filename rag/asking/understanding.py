"""What a question asks the archive for: a query that stands on its own."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from datetime import date

from rag.asking.followups import standalone
from rag.asking.parts import split_question
from rag.asking.spelling import Mended
from rag.errors import QuestionError
from rag.language.dates import QuestionDates, period_of
from rag.language.terms import fold, words
from rag.records import Filters, Query, Turn

LONGEST_QUESTION = 2_000
# A follow-up looks again at what the last answer cited, at most so many passages.
_CARRIED = 6


class Understanding:
    """Turns a question and the turns before it into a query.

    `publishers` gives the names of the archive's publishers; those that a question names are
    preferred, never required. `admitted` counts the articles that filters leave: a limit read
    from the question's words that leaves none was about the event, not about the report.
    `mended` mends the typing errors of a question; what follows sees the mended one alone.
    """

    def __init__(
        self,
        *,
        publishers: Callable[[], Sequence[str]],
        admitted: Callable[[Filters], int],
        mended: Callable[[str], Mended] = Mended,
    ) -> None:
        self._publishers = publishers
        self._admitted = admitted
        self._mended = mended

    def query(
        self, question: str, *, turns: Sequence[Turn], filters: Filters, today: date
    ) -> Query:
        """The query of a question.

        Raises:
            QuestionError: the question is empty, too long or holds no words.
        """
        asked = checked(question)
        mended = self._mended(asked)
        text = standalone(mended.text, turns)
        asks = self._sensible(period_of(text, today), filters)
        searched = _without(text, asks)
        return Query(
            question=asked,
            text=searched,
            filters=_narrowed(filters, asks),
            today=today,
            parts=split_question(searched),
            publishers=self._named(text),
            period=asks.period,
            newest=asks.newest,
            carried=_carried(turns) if text != mended.text else (),
            notes=_notes(asks, mended.changes),
        )

    def _sensible(self, asks: QuestionDates, filters: Filters) -> QuestionDates:
        """The question's dates without limits that would leave nothing to search."""
        if not (asks.since or asks.until or asks.as_of) or not self._admitted(filters):
            return asks
        if not self._admitted(_narrowed(filters, dataclasses.replace(asks, as_of=None))):
            asks = dataclasses.replace(asks, since=None, until=None)
        # An archive that states no dates at all cannot be asked as of one.
        if asks.as_of and not self._admitted(Filters(until=date.max)):
            asks = dataclasses.replace(asks, as_of=None)
        return asks

    def _named(self, text: str) -> tuple[str, ...]:
        folded = fold(text)
        return tuple(
            name
            for name in self._publishers()
            if re.search(rf"(?<!\w){re.escape(fold(name))}(?!\w)", folded)
        )


def checked(question: str) -> str:
    """The question without the white space around it.

    Raises:
        QuestionError: it is empty, too long or holds no words.
    """
    stripped = " ".join(question.split())
    if not stripped:
        raise QuestionError('the question is empty: ask something, such as `rag ask "Who …?"`')
    if len(stripped) > LONGEST_QUESTION:
        raise QuestionError(
            f"the question has {len(stripped):,} characters, at most {LONGEST_QUESTION:,} are"
            " read: ask in a sentence or two"
        )
    if not words(stripped):
        raise QuestionError(f"the question holds no words: {stripped[:40]!r}")
    return stripped


def _without(text: str, asks: QuestionDates) -> str:
    """The question without the words that became filters, so that they are not searched."""
    if not (asks.since or asks.until or asks.as_of):
        return text
    kept = text
    for start, end in sorted(asks.spans, reverse=True):
        kept = kept[:start] + kept[end:]
    kept = re.sub(r"\s+([?.,!])", r"\1", " ".join(kept.split())).strip(" ,")
    return kept if words(kept) else text


def _narrowed(filters: Filters, asks: QuestionDates) -> Filters:
    """The caller's filters with the question's limits added; the tighter limit of two holds."""
    return dataclasses.replace(
        filters,
        since=max((day for day in (filters.since, asks.since) if day), default=None),
        until=min((day for day in (filters.until, asks.until) if day), default=None),
        as_of=min((day for day in (filters.as_of, asks.as_of) if day), default=None),
    )


def _carried(turns: Sequence[Turn]) -> tuple[str, ...]:
    if not turns:
        return ()
    answer = turns[-1].answer
    cited = [citation.passage.id for citation in answer.citations]
    return tuple(dict.fromkeys(cited))[:_CARRIED]


def _notes(asks: QuestionDates, changes: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    limits = (
        ("published since", asks.since),
        ("published until", asks.until),
        ("as known on", asks.as_of),
    )
    read = tuple(f"Read “{typed}” as “{meant}”." for typed, meant in changes)
    return read + tuple(
        f"Only articles {words_} {day.day} {day:%B %Y}, as the question says."
        for words_, day in limits
        if day
    )
