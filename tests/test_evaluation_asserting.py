"""Tests of one's own: faithful answers pass, and every case of a suite is a test."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import entry_points

import pytest
from overlap_archive import OverlapArchive, article

from rag.evaluation.asserting import assert_faithful

pytest_plugins = ["pytester"]
BRIDGE = article("bridge", "The bridge cost 412 million crowns, said Ada Brandt.")
ANSWER = OverlapArchive((BRIDGE,)).ask("What did the bridge cost?")


def test_a_quoting_answer_is_faithful() -> None:
    """An answer that quotes passes, and so does an abstention."""
    assert_faithful(ANSWER)
    assert_faithful(replace(ANSWER, claims=(), abstained=True))


def test_an_unsupported_claim_is_named() -> None:
    """A claim with another number than its passage fails, told with its verdict."""
    wrong = replace(ANSWER.claims[0], text="The bridge cost 421 million crowns, said Ada Brandt.")

    with pytest.raises(AssertionError, match="contradicted: The bridge cost 421"):
        assert_faithful(replace(ANSWER, claims=(wrong,)))


SUITE = "schema: 1\nname: mine\narticles: articles\n"
CASES = """
{"id": "right", "category": "c", "question": "When did the bridge open?", "answerable": true,
 "expect": "answer", "reference": {"answers": ["Monday"]},
 "evidence": [{"group": "a", "article": "bridge", "quote": "opened on Monday"}]}
{"id": "wrong", "category": "c", "question": "When did the bridge open?", "answerable": true,
 "expect": "answer", "reference": {"answers": ["Friday"]},
 "evidence": [{"group": "a", "article": "bridge", "quote": "opened on Monday"}]}
{"id": "gone", "category": "c", "question": "When did the bridge open?", "answerable": true,
 "expect": "answer",
 "evidence": [{"group": "a", "article": "bridge", "quote": "opened on Sunday"}]}
""".replace("\n ", " ")
CONFTEST = """
import contextlib, pytest
from overlap_archive import OverlapArchive, article
from rag.evaluation import pytest_plugin

ARCHIVE = OverlapArchive((article("bridge", "The bridge opened on Monday."),))

@pytest.fixture(scope="session")
def rag_archive():
    return ARCHIVE

pytest_plugin._opened = lambda config: contextlib.nullcontext(ARCHIVE)
"""
PLUGIN = "rag.evaluation.pytest_plugin"
TEST = """
from rag.evaluation.asserting import assert_faithful

def test_mine(rag_case, rag_archive):
    assert_faithful(rag_archive.ask(rag_case.question))
"""


def test_every_case_of_a_suite_is_a_test(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """`--rag-suite` runs each case, and each test that takes `rag_case` once for each."""
    monkeypatch.setenv("PYTHONPATH", f"{request.config.rootpath}:{request.path.parent}")
    pytester.makefile(".yaml", suite=SUITE)
    (pytester.path / "cases.jsonl").write_text(CASES, encoding="utf-8")
    pytester.mkdir("articles")
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(TEST)

    # An installation registers the plugin itself; a checkout on the path does not.
    installed = any(plugin.value == PLUGIN for plugin in entry_points(group="pytest11"))
    named = () if installed else ("-p", PLUGIN)

    result = pytester.runpytest_subprocess(*named, "--rag-suite", str(pytester.path))

    result.assert_outcomes(passed=4, failed=2)
    result.stdout.fnmatch_lines(["*leaves out what must be said*", "*no longer says*"])
