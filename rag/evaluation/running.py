"""Running: a suite put to an archive, measured and gated."""

from __future__ import annotations

import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import metadata
from typing import TYPE_CHECKING, Any

from rag.evaluation.asking import AGAIN, Answerer, Asked, Progress, ask_all, ask_case, timings
from rag.evaluation.baselines import BASELINES
from rag.evaluation.cases import Case
from rag.evaluation.checks.card import checker_card
from rag.evaluation.checks.checkers import rules
from rag.evaluation.checks.support import Checker
from rag.evaluation.comparing import check_comparable
from rag.evaluation.epochs import mean_shares, variances
from rag.evaluation.gates import PROMPT, check_names, gate_results
from rag.evaluation.labels import Shelf
from rag.evaluation.metrics import aggregating
from rag.evaluation.metrics.catalogue import Metric, catalogue
from rag.evaluation.metrics.scoring import Score, score
from rag.evaluation.metrics.statistics import Share, smallest_detectable
from rag.evaluation.run import CaseResult, Measured, Run
from rag.evaluation.suite import Suite, corpus_fingerprint
from rag.records import Answer, Citation, Hit

if TYPE_CHECKING:
    from rag.evaluation.checks.judge import Judge, Judged

__all__ = ["Answerer", "Method", "Progress", "evaluate", "result_of"]


@dataclass(frozen=True, slots=True)
class Method:
    """How answers are had and judged.

    `checker` says what passages support. Each case is asked `epochs` times (more than once for
    answerers that vary), and with one epoch `again` cases a second time. A `judge` adds its
    opinion, which gates nothing. `prompts` are the versions of those in force: a baseline with
    other ones fails a gate.
    """

    checker: Checker = rules
    epochs: int = 1
    again: int = AGAIN
    judge: Judge | None = None
    prompts: Mapping[str, str] = field(default_factory=dict)


DEFAULT = Method()


def evaluate(
    archive: Answerer,
    suite: Suite,
    *,
    baseline: Run | None = None,
    method: Method = DEFAULT,
    progress: Progress | None = None,
) -> Run:
    """Asks every case and measures the answers; all but timings is repeatable.

    A case whose labels no longer fit the articles is stale, one whose question raises is
    unscored; neither enters a metric, nor does one that nobody has reviewed. With a baseline,
    cases that passed there and fail here fail a gate.

    Raises:
        SuiteError: a gate names no metric, or the baseline was of other articles.
    """
    known = catalogue(suite.k)
    check_names(suite, known)
    shelf = suite.shelf(archive.articles())
    corpus = corpus_fingerprint(shelf.articles.values())
    if baseline is not None:
        check_comparable(baseline, corpus, suite.name)
    started = time.perf_counter()
    asked = ask_all(
        archive, suite.cases, shelf, epochs=method.epochs, again=method.again, progress=progress
    )
    results = _with_twins(suite, [_result(entry, suite, shelf, method) for entry in asked])
    counted = [case for case in results if case.passed is not None and case.reviewed]
    trivial = _trivial(asked, suite, shelf, method.checker, {case.id for case in counted})
    metrics = _trusted(aggregating.measure(known, counted, trivial), method)
    environment = _environment(method)
    return Run(
        suite=suite.name,
        suite_fingerprint=suite.fingerprint,
        corpus=corpus,
        environment=environment,
        articles=len(shelf.articles),
        cases=tuple(results),
        metrics=metrics,
        categories=_categories(results),
        trivial=trivial,
        card=checker_card(suite.cases, shelf, method.checker),
        gates=gate_results(suite, metrics, results, environment, baseline),
        smallest_detectable=smallest_detectable(len(counted)) if counted else None,
        timings=timings(asked, time.perf_counter() - started),
    )


def result_of(
    archive: Answerer, case: Case, suite: Suite, shelf: Shelf, *, checker: Checker = rules
) -> CaseResult:
    """One case of a suite, asked once and judged alone."""
    return _result(ask_case(archive, case, shelf), suite, shelf, Method(checker))


def _result(entry: Asked, suite: Suite, shelf: Shelf, method: Method) -> CaseResult:
    answer = entry.answer
    if answer is None:
        return _unanswered(entry)
    scores = [score(entry.case, one, shelf, method.checker, suite.k) for one in entry.answers]
    opinions = [method.judge.read(one) for one in entry.answers] if method.judge else []
    epochs = [
        found.shares | (opinions[epoch].shares if opinions else {})
        for epoch, found in enumerate(scores)
    ]
    shares = mean_shares(epochs)
    if len(scores) > 1:
        shares["pass_always"] = Share(all(found.passed for found in scores))
    if entry.same is not None:
        shares["reproducible"] = Share(entry.same)
    return replace(
        _unanswered(entry),
        state="abstained" if answer.abstained else "scored",
        passed=all(found.passed for found in scores),
        why=next((found.failures for found in scores if found.failures), ()),
        shares=shares,
        ranks=scores[0].ranks,
        answer=_answer_json(answer, scores[0], opinions[0] if opinions else None),
        variances=variances(epochs),
    )


def _unanswered(entry: Asked) -> CaseResult:
    """The result of a case that was not answered: stale, or its question raised."""
    case = entry.case
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


def _trusted(metrics: dict[str, Measured], method: Method) -> dict[str, Measured]:
    """The metrics; a judge's own are unscored where too many of its replies were no verdict."""
    if method.judge is None:
        return metrics
    from rag.evaluation.checks.judge import trusted

    return trusted(metrics)


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
    asked: Sequence[Asked], suite: Suite, shelf: Shelf, checker: Checker, counted: set[str]
) -> dict[str, dict[str, float | None]]:
    """Every metric of every trivial answerer on the cases that count."""
    known: Mapping[str, Metric] = catalogue(suite.k)
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


def _answer_json(answer: Answer, found: Score, opinion: Judged | None) -> dict[str, Any]:
    """What a reader of the report needs of an answer."""
    judged = opinion.verdicts if opinion else ()
    plain = {
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
    if judged:
        plain["judged"] = [verdict.value if verdict else None for verdict in judged]
    return plain


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


def _environment(method: Method) -> dict[str, str]:
    """The versions that can change a result, and who judged beside the rules."""
    found = {"python": platform.python_version()}
    if method.judge is not None:
        found["judge"] = method.judge.name
    for name, version in sorted(method.prompts.items()):
        found[PROMPT + name] = version
    for name in ("dateline", "chromadb", "numpy", "onnxruntime", "sentencex", "tantivy"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
