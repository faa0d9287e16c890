"""Running: a suite put to an archive, through the interface that scripts use."""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from typing import Any, Protocol

from rag.evaluation import aggregating
from rag.evaluation.baselines import BASELINES
from rag.evaluation.card import checker_card
from rag.evaluation.cases import Case
from rag.evaluation.catalogue import Metric, catalogue
from rag.evaluation.comparing import check_comparable
from rag.evaluation.faithfulness import Checker, ladder
from rag.evaluation.gates import check_names, gate_results
from rag.evaluation.labels import Shelf, stale_evidence
from rag.evaluation.run import CaseResult, Run
from rag.evaluation.scoring import Score, score
from rag.evaluation.statistics import Share, smallest_detectable
from rag.evaluation.suite import Suite, corpus_fingerprint
from rag.records import Answer, Article, Citation, Claim, Filters, Hit, Turn

Progress = Callable[[int, int], None]
REPEATS = 2  # the second asking shows that the first was no accident, and is the warm timing


class Answerer(Protocol):
    """What is evaluated: anything that answers questions about articles it can show."""

    def ask(
        self, question: str, *, turns: Sequence[Turn] = (), filters: Filters = ...
    ) -> Answer: ...

    def articles(self) -> Iterable[Article]: ...


def evaluate(
    archive: Answerer,
    suite: Suite,
    *,
    baseline: Run | None = None,
    checker: Checker = ladder,
    repeats: int = REPEATS,
    progress: Progress | None = None,
) -> Run:
    """Asks every case `repeats` times and measures the answers; all but timings is repeatable.

    A case whose labels no longer fit the articles is stale, one whose question raises is
    unscored; neither enters a metric, nor does one that nobody has reviewed. With a baseline,
    cases that passed there and fail here fail a gate.

    Raises: `SuiteError` when a gate names no metric or the baseline was of other articles.
    """
    known = catalogue(suite.k)
    check_names(suite, known)
    shelf = suite.shelf(archive.articles())
    corpus = corpus_fingerprint(shelf.articles.values())
    if baseline is not None:
        check_comparable(baseline, corpus, suite.name)
    started = time.perf_counter()
    asked = list(_asked(archive, suite, shelf, repeats, progress))
    results = _with_twins(suite, [_result(entry, suite, shelf, checker) for entry in asked])
    counted = [case for case in results if case.passed is not None and case.reviewed]
    trivial = _trivial(asked, suite, shelf, checker, known, {case.id for case in counted})
    metrics = aggregating.measure(known, counted, trivial)
    return Run(
        suite=suite.name,
        suite_fingerprint=suite.fingerprint,
        corpus=corpus,
        environment=_environment(),
        articles=len(shelf.articles),
        cases=tuple(results),
        metrics=metrics,
        categories=_categories(results),
        trivial=trivial,
        card=checker_card(suite.cases, shelf, checker),
        gates=gate_results(suite, metrics, results, known, baseline),
        smallest_detectable=smallest_detectable(len(counted)) if counted else None,
        timings=_timings(asked, time.perf_counter() - started),
    )


def result_of(
    archive: Answerer, case: Case, suite: Suite, shelf: Shelf, *, checker: Checker = ladder
) -> CaseResult:
    """One case of a suite, asked once and judged alone."""
    return _result(_entry(archive, case, shelf, repeats=1), suite, shelf, checker)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A case and what came of asking it: an answer, or why there is none. Times in ms."""

    case: Case
    answer: Answer | None = None
    problem: str = ""
    stale: tuple[str, ...] = ()
    same: bool = True
    times: tuple[float, ...] = ()


def _asked(
    archive: Answerer, suite: Suite, shelf: Shelf, repeats: int, progress: Progress | None
) -> Iterator[_Asked]:
    for done, case in enumerate(suite.cases, start=1):
        yield _entry(archive, case, shelf, repeats)
        if progress is not None:
            progress(done, len(suite.cases))


def _entry(archive: Answerer, case: Case, shelf: Shelf, repeats: int) -> _Asked:
    stale = stale_evidence(case, shelf)
    return _Asked(case, stale=stale) if stale else _ask(archive, case, repeats)


def _ask(archive: Answerer, case: Case, repeats: int) -> _Asked:
    answers: list[Answer] = []
    times: list[float] = []
    try:
        turns = _turns(archive, case)
        for _ in range(max(1, repeats)):
            started = time.perf_counter()
            answer = archive.ask(case.question, turns=turns, filters=Filters(as_of=case.as_of))
            times.append(1000 * (time.perf_counter() - started))
            answers.append(answer)
    except Exception as error:  # whatever an answerer raises is the case's end, not the run's
        return _Asked(case, problem=f"{type(error).__name__}: {error}")
    same = len({_digest(answer) for answer in answers}) == 1
    return _Asked(case, answer=answers[0], same=same, times=tuple(times))


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


def _result(entry: _Asked, suite: Suite, shelf: Shelf, checker: Checker) -> CaseResult:
    case, answer = entry.case, entry.answer
    if answer is None:
        return CaseResult(
            id=case.id,
            category=case.category,
            question=case.question,
            state="stale" if entry.stale else "unscored",
            passed=None,
            why=entry.stale or (entry.problem,),
            cluster=case.id,
            family=case.id,
            tags=case.tags,
            reviewed=case.provenance.reviewed,
            split=case.split,
        )
    found = score(case, answer, shelf, checker, suite.k)
    repeated = {"reproducible": Share(entry.same)} if len(entry.times) > 1 else {}
    return CaseResult(
        id=case.id,
        category=case.category,
        question=case.question,
        state="abstained" if answer.abstained else "scored",
        passed=found.passed,
        why=found.failures,
        cluster=case.id,
        family=case.id,
        shares=found.shares | repeated,
        ranks=found.ranks,
        answer=_answer_json(answer, found),
        tags=case.tags,
        reviewed=case.provenance.reviewed,
        split=case.split,
    )


def _with_twins(suite: Suite, results: Sequence[CaseResult]) -> list[CaseResult]:
    """The results with what only all of them together tell: kin and twins."""

    passed = {case.id: case.passed for case in results if case.passed is not None}
    twins = aggregating.twin_shares(suite.cases, passed)
    family, cluster = aggregating.families(suite.cases), aggregating.clusters(suite.cases)
    return [
        replace(
            case,
            family=family[case.id],
            cluster=cluster[case.id],
            shares={**case.shares, **twins.get(case.id, {})},
        )
        for case in results
    ]


def _trivial(
    asked: Sequence[_Asked],
    suite: Suite,
    shelf: Shelf,
    checker: Checker,
    known: Mapping[str, Metric],
    counted: set[str],
) -> dict[str, dict[str, float | None]]:
    """Every metric of every trivial answerer on the cases that count."""
    found = {}
    for name, baseline in BASELINES.items():
        shares = [
            score(entry.case, baseline(entry.answer, shelf), shelf, checker, suite.k).shares
            for entry in asked
            if entry.answer is not None and entry.case.id in counted
        ]
        found[name] = aggregating.values(known, shares)
    return found


def _categories(results: Sequence[CaseResult]) -> dict[str, tuple[int, int]]:
    """Passed and measured cases of each category, sorted by name."""
    found: dict[str, tuple[int, int]] = {}
    for case in sorted(results, key=lambda case: case.category):
        if case.passed is not None:
            passed, of = found.get(case.category, (0, 0))
            found[case.category] = (passed + case.passed, of + 1)
    return found


def _answer_json(answer: Answer, found: Score) -> dict[str, Any]:
    """What a reader of the report needs of an answer."""
    return {
        "text": answer.text,
        "understood": answer.understood,
        "abstained": answer.abstained,
        "confidence": round(answer.confidence, 6),
        "notes": list(answer.notes),
        "claims": [
            {
                "text": claim.text,
                "verdict": claim.verdict.value,
                "pooled": judged.pooled.value,
                "attributed": judged.attributed.value,
                "citations": [_citation_json(citation) for citation in claim.citations],
            }
            for claim, judged in zip(answer.claims, found.judgements, strict=True)
        ],
        "hits": [_hit_json(hit) for hit in answer.hits],
    }


def _citation_json(citation: Citation) -> dict[str, Any]:
    source, quote, passage = citation.source, citation.quote, citation.passage
    return {
        "marker": citation.marker,
        "article": source.article_id,
        "title": source.title,
        "publisher": source.publisher,
        "published": source.published.isoformat() if source.published else None,
        "start": quote.start,
        "end": quote.end,
        "text": quote.text,
        "speaker": quote.speaker,
        "passage": passage.text,
        "passage_start": passage.start,
    }


def _hit_json(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    return {"article": passage.source.article_id, "start": passage.start, "end": passage.end}


def _environment() -> dict[str, str]:
    """The versions that can change a result."""
    found = {"python": platform.python_version()}
    for name in ("dateline", "chromadb", "numpy", "onnxruntime", "sentencex", "tantivy"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _timings(asked: Sequence[_Asked], seconds: float) -> dict[str, Any]:
    """Milliseconds of the first and the last asking: half of the cases, and 95 % of them."""
    first = sorted(entry.times[0] for entry in asked if entry.times)
    again = sorted(entry.times[-1] for entry in asked if len(entry.times) > 1)
    return {
        "seconds": round(seconds, 3),
        "first_ms": _percentiles(first),
        "again_ms": _percentiles(again),
        "cases_ms": {
            entry.case.id: [round(ms, 3) for ms in entry.times] for entry in asked if entry.times
        },
    }


def _percentiles(times: Sequence[float]) -> dict[str, float] | None:
    if not times:
        return None
    return {
        "p50": round(times[len(times) // 2], 3),
        "p95": round(times[min(len(times) - 1, int(0.95 * len(times)))], 3),
    }
