"""Reports fit where they are read and let nothing out of an article become code."""

from __future__ import annotations

import io
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from overlap_archive import OverlapArchive, article
from rich.console import Console

from rag.evaluation import Run, Suite, compare, evaluate
from rag.evaluation.cases import Case, Evidence, Reference
from rag.evaluation.report.junit import junit
from rag.evaluation.report.page import report
from rag.evaluation.report.summary import markdown
from rag.evaluation.report.terminal import WIDTH, print_comparison, print_run
from rag.evaluation.suite import Gates

ATTACK = '<script>alert("1")</script>'
ARTICLES = (
    article("bridge", f"The bridge opened on Monday {ATTACK} at noon.\n\nIt cost 412 million."),
    article("tunnel", "The tunnel was finished in June."),
)


def answerable(name: str, question: str, source: str, quote: str) -> Case:
    """A case whose quote is also what must be said."""
    return Case(
        name,
        "single-fact",
        question,
        answerable=True,
        expect="answer",
        reference=Reference(must_include=((quote,),)),
        evidence=(Evidence("a", source, quote),),
    )


SUITE = Suite(
    "small",
    Path(),
    Path(),
    (
        answerable("open", "When did the bridge open?", "bridge", "opened on Monday"),
        answerable("fails", "What did the bridge cost?", "bridge", "412 million"),
        answerable("stale", "When was the tunnel finished?", "tunnel", "finished in July"),
        replace(answerable("empty", " ", "tunnel", "finished in June")),
    ),
    Gates(invariants=("quote_exact",), floors={"coverage": 0.99}),
)


@pytest.fixture(scope="module")
def run() -> Run:
    """A run with a case in every state that a report must show."""
    return evaluate(OverlapArchive(ARTICLES, least=0.3), SUITE)


def printed(run: Run, *, width: int = WIDTH) -> str:
    """What the terminal's report prints where nobody looks."""
    file = io.StringIO()
    print_run(run, Console(file=file, width=width, highlight=False), compare(run, run))
    return file.getvalue()


def test_the_terminal_report_is_narrow_and_plain(run: Run) -> None:
    """No line is wider than 80 columns and no control character is printed to a file."""
    text = printed(run)

    assert max(map(len, text.splitlines())) <= WIDTH
    assert "\x1b" not in text
    assert "stale" in text and "coverage" in text


def test_a_comparison_is_printed(run: Run) -> None:
    """Flips are named, and where nothing moved it says so."""
    better = evaluate(OverlapArchive(ARTICLES, least=0.0), SUITE)
    file = io.StringIO()
    console = Console(file=file, width=WIDTH, highlight=False)

    print_comparison(compare(run, run), console)
    print_comparison(compare(run, replace(better, cases=run.cases)), console)

    assert "no metric moved" in file.getvalue()


class Scripts(HTMLParser):
    """Collects the scripts of a page and every address it would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts = 0
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href")]


def test_the_page_fetches_nothing_and_runs_only_its_own_script(run: Run) -> None:
    """What an article holds is text in the report, and no address is loaded."""
    found = Scripts()

    found.feed(report(run, run))

    assert (found.scripts, found.fetched) == (1, [])
    assert "&lt;script&gt;" in report(run)


def test_the_page_marks_the_quote_in_its_passage(run: Run) -> None:
    """The quoted characters, and only they, are marked where they stand."""
    assert "<mark>The bridge opened on Monday" in report(run)


def test_junit_has_a_test_for_each_case_and_gate(run: Run) -> None:
    """Stale cases are errors, unscored ones skipped, failed ones failures; counts agree."""
    root = ET.fromstring(junit(run))

    cases, gates = root.findall("testsuite")
    by_name = {test.get("name"): [child.tag for child in test] for test in cases}
    assert by_name == {"open": [], "fails": ["failure"], "stale": ["error"], "empty": ["skipped"]}
    assert (cases.get("tests"), cases.get("errors"), cases.get("skipped")) == ("4", "1", "1")
    assert len(gates) == len(run.gates)


def test_the_summary_is_a_table(run: Run) -> None:
    """The summary names the gates and the headline metrics in Markdown."""
    text = markdown(run, compare(run, run))

    assert "| coverage |" in text
    assert "| invariant quote_exact | >= 1 | 1 | ok |" in text
