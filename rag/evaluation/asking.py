"""Asking: the questions of a suite, put to an archive through the interface that scripts use."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from rag.evaluation.cases import Case
from rag.evaluation.labels import Shelf, stale_evidence
from rag.records import Answer, Article, Claim, Filters, Turn

Progress = Callable[[int, int], None]
# So many cases are asked a second time: if a twentieth of all answers came out otherwise, 40 would
# show it in 87 runs of 100. A suite that is no larger is asked twice as a whole.
AGAIN = 40


class Answerer(Protocol):
    """What is evaluated: anything that answers questions about articles it can show."""

    def ask(
        self, question: str, *, turns: Sequence[Turn] = (), filters: Filters = ...
    ) -> Answer: ...

    def articles(self) -> Iterable[Article]: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A case and what came of asking it: an answer an epoch, or why there is none.

    `same` tells whether each asking gave the same answer to the byte; None where it was asked
    once. `times` are in ms, in the order of asking.
    """

    case: Case
    answers: tuple[Answer, ...] = ()
    problem: str = ""
    stale: tuple[str, ...] = ()
    same: bool | None = None
    times: tuple[float, ...] = ()

    @property
    def answer(self) -> Answer | None:
        return self.answers[0] if self.answers else None


def ask_all(
    archive: Answerer,
    cases: Sequence[Case],
    shelf: Shelf,
    *,
    epochs: int = 1,
    again: int = AGAIN,
    progress: Progress | None = None,
) -> list[Asked]:
    """Every case in order, each `epochs` times; with one epoch `again` of them a second time.

    The second round goes backwards after all others, so that what an answer leaves behind shows.
    """
    found = []
    for done, case in enumerate(cases, start=1):
        found.append(ask_case(archive, case, shelf, epochs=epochs))
        if progress is not None:
            progress(done, len(cases))
    if epochs == 1:
        for index in reversed(_spread(len(found), again)):
            found[index] = _asked_again(archive, found[index], shelf)
    return found


def ask_case(archive: Answerer, case: Case, shelf: Shelf, *, epochs: int = 1) -> Asked:
    """One case; stale labels are not asked, and what an answerer raises ends the case alone."""
    stale = stale_evidence(case, shelf)
    if stale:
        return Asked(case, stale=stale)
    answers: list[Answer] = []
    times: list[float] = []
    try:
        turns = _turns(archive, case)
        for _ in range(max(1, epochs)):
            started = time.perf_counter()
            answer = archive.ask(case.question, turns=turns, filters=Filters(as_of=case.as_of))
            times.append(1000 * (time.perf_counter() - started))
            answers.append(answer)
    except Exception as error:  # whatever an answerer raises is the case's end, not the run's
        return Asked(case, problem=f"{type(error).__name__}: {error}")
    same = len(set(map(_digest, answers))) == 1 if len(answers) > 1 else None
    return Asked(case, tuple(answers), same=same, times=tuple(times))


def timings(asked: Sequence[Asked], seconds: float) -> dict[str, Any]:
    """Milliseconds of the first and the last asking: half of the cases, and 95 % of them.

    With a chat model also the tokens it read and wrote in all answers, and what they cost.
    """
    first = sorted(entry.times[0] for entry in asked if entry.times)
    last = sorted(entry.times[-1] for entry in asked if len(entry.times) > 1)
    used = [answer.usage for entry in asked for answer in entry.answers if answer.usage]
    found: dict[str, Any] = {
        "seconds": round(seconds, 3),
        "first_ms": _percentiles(first),
        "again_ms": _percentiles(last),
        "cases_ms": {
            entry.case.id: [round(ms, 3) for ms in entry.times] for entry in asked if entry.times
        },
    }
    if used:
        found["tokens"] = {
            "read": sum(usage.read for usage in used),
            "written": sum(usage.written for usage in used),
            "cost": round(sum(usage.cost or 0.0 for usage in used), 6),
        }
    return found


def _spread(length: int, wanted: int) -> list[int]:
    """`wanted` places out of `length`, as evenly apart as can be, ascending; all when fewer."""
    if wanted >= length:
        return list(range(length))
    return [place * length // wanted for place in range(wanted)]


def _asked_again(archive: Answerer, first: Asked, shelf: Shelf) -> Asked:
    if first.answer is None:
        return first
    second = ask_case(archive, first.case, shelf)
    same = second.answer is not None and _digest(second.answer) == _digest(first.answer)
    return replace(first, same=same, times=(*first.times, *second.times))


def _turns(archive: Answerer, case: Case) -> tuple[Turn, ...]:
    """The turns before the question; an answer that is not given is asked for."""
    turns: tuple[Turn, ...] = ()
    for past in case.turns:
        if past.answer is None:
            answer = archive.ask(past.question, turns=turns, filters=Filters(as_of=case.as_of))
        else:
            answer = Answer(past.question, past.question, (Claim(past.answer),), complete=True)
        turns = (*turns, Turn(past.question, answer))
    return turns


def _digest(answer: Answer) -> str:
    plain = json.dumps(answer.to_dict(), sort_keys=True, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()


def _percentiles(times: Sequence[float]) -> dict[str, float] | None:
    if not times:
        return None
    return {
        "p50": round(times[len(times) // 2], 3),
        "p95": round(times[min(len(times) - 1, int(0.95 * len(times)))], 3),
    }
