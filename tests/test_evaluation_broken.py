"""What is broken on purpose in the real chain fails a gate, one thing at a time."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag import bundle
from rag.archive import Archive, open_archive
from rag.chain import Request, Surroundings, build
from rag.evaluation import Run, Suite, evaluate, load_suite
from rag.evaluation.running import Method
from rag.evaluation.suite import Gates
from rag.quoting.answerer import QuotingAnswerer
from rag.quoting.selection import Ranked, Selection
from rag.records import Citation, Claim, Draft, Filters, Hit, Query, Receipt
from rag.settings import Settings
from rag.wiring.standing import Standing
from rag.writing.prompts import prompts

CASES = 30
ONCE = Method(again=0)
GATES = Gates(
    invariants=("quote_exact", "citation_valid", "leakage", "unsafe_off_topic"),
    floors={"coverage": 0.7},
)


def small() -> Suite:
    """About thirty cases of the seed suite, of every category, twins left out."""
    suite = load_suite("seeds")
    whole = [case for case in suite.cases if case.parent is None and len(case.groups) < 2]
    rare = [case for case in whole if case.category in ("as-of", "off-topic")]
    others = [case for case in whole if case not in rare]
    return replace(suite, cases=(*rare, *others[: CASES - len(rare)]), gates=GATES)


SUITE = small()


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The seed articles, ingested."""
    with open_archive(tmp_path_factory.mktemp("broken") / "index", Settings()) as archive:
        archive.ingest(bundle.folder("seeds"))
        yield archive


@pytest.fixture(scope="module")
def good(seeds: Archive) -> Run:
    """The suite put to the chain as it is."""
    return evaluate(seeds, SUITE, method=ONCE)


class Trusting:
    """A check that finds everything in order."""

    def check(self, claim: Claim) -> Claim:
        return claim


@dataclass
class Changing:
    """The real answerer, whose every claim is changed on its way out."""

    real: Any
    changed: Callable[[Claim], Claim]

    def draft(self, query: Query, hits: Sequence[Hit]) -> Iterator[Draft]:
        for draft in self.real.draft(query, hits):
            yield replace(draft, claims=tuple(map(self.changed, draft.claims)))


def sure(ranked: Ranked, quotes: int, *, least: float = 0.0) -> Selection:
    """What is likeliest, however unlikely that is."""
    del least
    return ranked.select(quotes)


@dataclass
class Timeless:
    """The real retriever without its filter of dates."""

    real: Any

    def search(self, query: Query, *, limit: int | None = None) -> tuple[Hit, ...]:
        found: tuple[Hit, ...] = self.real.search(replace(query, filters=Filters()), limit=limit)
        return found


def shifted(claim: Claim) -> Claim:
    """The claim with every quote said to stand one character further on."""

    def further(citation: Citation) -> Citation:
        quote = citation.quote
        return replace(citation, quote=replace(quote, start=quote.start + 1, end=quote.end + 1))

    return replace(claim, citations=tuple(map(further, claim.citations)))


def misnumbered(claim: Claim) -> Claim:
    """The claim with a marker of nothing in its text, and its citations under another number."""
    citations = tuple(replace(c, marker=c.marker + 1) for c in claim.citations)
    return replace(claim, text=f"{claim.text} [{claim.citations[0].marker}]", citations=citations)


def unsigned(*_: object) -> Receipt:
    """A receipt of nothing."""
    return Receipt("", "", settings={}, versions={}, today=date(2024, 1, 1), filters=Filters())


@dataclass
class Rebuilt:
    """An archive whose chain is built anew from its own parts and some broken ones."""

    real: Archive
    broken: dict[str, Any]

    def articles(self) -> Any:
        return self.real.articles()

    def ask(self, question: str, **more: Any) -> Any:
        parts = self.real._parts
        stages: dict[str, Any] = {
            "understanding": parts.understanding,
            "retriever": parts.retriever,
            "answerer": answerer(self.real),
            "checker": Trusting(),
            "surroundings": Surroundings(
                coverage=parts.store.coverage, receipt=unsigned, behind=lambda: None
            ),
        }
        chain = build(**(stages | self.broken))
        request = Request(question, tuple(more.get("turns", ())), more["filters"], date(2024, 1, 1))
        *_, last = chain.stream(request)
        return last


def answerer(archive: Archive) -> QuotingAnswerer:
    """The default answerer of an archive."""
    parts = archive._parts
    standing = Standing(parts.store, parts.index, archive.settings, parts.fingerprint)
    return QuotingAnswerer(standing.rarity, max_quotes=archive.settings.max_quotes)


def failed(run: Run) -> list[str]:
    """The names of the gates that do not hold."""
    return [gate.name for gate in run.gates if gate.passed is not True]


def test_the_chain_as_it_is_passes(seeds: Archive, good: Run) -> None:
    """About thirty cases; unbroken, and rebuilt from unbroken parts, all gates hold."""
    rebuilt = evaluate(Rebuilt(seeds, {}), SUITE, method=ONCE)

    assert 25 <= len(SUITE.cases) <= 35
    assert (failed(good), good.exit_status) == ([], 0)
    assert failed(rebuilt) == []


def test_another_index_of_the_same_articles_gives_the_same_run(good: Run, tmp_path: Path) -> None:
    """Ingested and asked anew, the run is equal to the byte but for its timings."""
    with open_archive(tmp_path / "index", Settings()) as archive:
        archive.ingest(bundle.folder("seeds"))
        again = evaluate(archive, SUITE, method=ONCE)

    assert replace(again, timings={}).to_json() == replace(good, timings={}).to_json()


def test_a_threshold_that_is_gone_fails_the_gate(
    seeds: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its threshold the answerer answers what the archive does not say."""
    monkeypatch.setattr("rag.quoting.answerer._likely", sure)

    run = evaluate(seeds, SUITE, method=ONCE)

    assert "unsafe_off_topic" in failed(run)
    assert run.exit_status == 1


def test_wrong_numbers_of_citations_fail_the_gate(seeds: Archive) -> None:
    """Markers that stand for other citations are seen."""
    broken = {"answerer": Changing(answerer(seeds), misnumbered)}

    run = evaluate(Rebuilt(seeds, broken), SUITE, method=ONCE)

    assert "citation_valid" in failed(run)
    assert run.exit_status == 1


def test_a_date_filter_that_is_gone_fails_the_gate(seeds: Archive) -> None:
    """Articles of later days leak into answers as of a day."""
    run = evaluate(
        Rebuilt(seeds, {"retriever": Timeless(seeds._parts.retriever)}), SUITE, method=ONCE
    )

    assert "leakage" in failed(run)
    assert run.exit_status == 1


def test_quotes_that_stand_elsewhere_fail_the_gate(seeds: Archive) -> None:
    """Offsets that are one off are seen, though the quotes read well."""
    broken = {"answerer": Changing(answerer(seeds), shifted)}

    run = evaluate(Rebuilt(seeds, broken), SUITE, method=ONCE)

    assert "quote_exact" in failed(run)
    assert run.exit_status == 1


def test_a_prompt_that_changed_fails_the_gate(seeds: Archive, good: Run, tmp_path: Path) -> None:
    """One word more in one prompt is another version than the baseline's, until accepted."""
    folder = Path(shutil.copytree(bundle.folder("prompts"), tmp_path / "prompts"))
    before = prompts(folder).versions
    told = folder / "answer.md"
    told.write_text("Please. " + told.read_text("utf-8"), "utf-8")
    accepted = replace(
        good, environment={**good.environment, **{f"prompt {k}": v for k, v in before.items()}}
    )
    few = replace(SUITE, cases=SUITE.cases[:3])

    same = evaluate(seeds, few, baseline=accepted, method=Method(again=0, prompts=before))
    other = evaluate(
        seeds, few, baseline=accepted, method=Method(again=0, prompts=prompts(folder).versions)
    )

    assert "prompts" not in failed(same)
    assert "prompts" in failed(other)
    assert other.exit_status == 1
