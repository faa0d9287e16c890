"""The desk: drafts of an index's own suites, reviewed one at a time from wherever one sits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rag.evaluation.cases import Case
from rag.evaluation.making.remarked import REMARK
from rag.evaluation.people.reviewing import Decision, review, save_cases
from rag.evaluation.suite import SUITE_FILE, Suite, SuiteError, load_suite

SUITES = "suites"  # the folder of them inside an index's folder


@dataclass(frozen=True, slots=True)
class Draft:
    """A case that nobody has reviewed. `evidence` are pairs of an article's id and a quote.

    `wrong` is what must not be said; `remark` are the words of a reader whose feedback it is.
    """

    suite: str
    id: str
    category: str
    question: str
    answers: tuple[str, ...]
    evidence: tuple[tuple[str, str], ...]
    answerable: bool = True
    wrong: tuple[str, ...] = ()
    remark: str = ""


class Desk:
    """The drafts of every suite in a folder; decisions are written to disk at once.

    One desk may be used by many threads. Suites that cannot be read are passed over.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def drafts(self) -> tuple[Draft, ...]:
        """All that is left to review, by suite and in the order of its cases."""
        return tuple(
            _draft(suite, case)
            for suite in self._suites()
            for case in suite.cases
            if not case.provenance.reviewed
        )

    def keep(self, draft: Draft, question: str) -> None:
        """The draft becomes a case, asked in these words; one that is gone stays gone."""
        self._decide(draft, question.strip() or draft.question)

    def drop(self, draft: Draft) -> None:
        """The draft goes, and its twins with it; a suite may be left without a case."""
        self._decide(draft, None)

    def _decide(self, draft: Draft, question: str | None) -> None:
        with self._lock:
            for suite in self._suites():
                if suite.folder.name == draft.suite:
                    kept = review(suite.cases, lambda case: _decision(case, draft, question))
                    save_cases(kept, suite.cases_file)

    def _suites(self) -> Iterator[Suite]:
        for file in sorted(self._folder.glob(f"*/{SUITE_FILE}")):
            try:
                yield load_suite(file)
            except SuiteError:
                continue


def _decision(case: Case, draft: Draft, question: str | None) -> Decision:
    if question is None:
        return "drop" if draft.id in (case.id, case.parent) else "later"
    return replace(case, question=question) if case.id == draft.id else "later"


def _draft(suite: Suite, case: Case) -> Draft:
    return Draft(
        suite.folder.name,
        case.id,
        case.category,
        case.question,
        case.reference.answers,
        tuple((evidence.article, evidence.quote) for evidence in case.evidence),
        case.answerable,
        case.reference.must_not_include,
        next((tag.removeprefix(REMARK) for tag in case.tags if tag.startswith(REMARK)), ""),
    )
