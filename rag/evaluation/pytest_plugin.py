"""The pytest plugin: `pytest --rag-suite SUITE` makes a test of every case.

A test that takes the fixture `rag_case` is run once for each case; `rag_archive` is the archive
that they ask, and may be overridden by a fixture of the same name.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from rag.evaluation.cases import Case
    from rag.evaluation.suite import Suite

SUITE_OPTION = "--rag-suite"
INDEX_OPTION = "--rag-index"
_ARCHIVE = pytest.StashKey[Any]()
_SHELF = pytest.StashKey[Any]()
_STACK = pytest.StashKey[Any]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The suite to test, and the index to ask instead of one made of the suite's articles."""
    group = parser.getgroup("rag", "questions put to an archive")
    group.addoption(SUITE_OPTION, default=None, help="a suite's folder, or a bundled one's name")
    group.addoption(INDEX_OPTION, default=None, help="ask this index as it is")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `rag_case` is run for each case; without a suite it is skipped."""
    if "rag_case" in metafunc.fixturenames:
        suite = _suite(metafunc.config)
        cases = suite.cases if suite else ()
        metafunc.parametrize("rag_case", cases, ids=[case.id for case in cases])


def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Each case of the suite becomes a test of its own."""
    suite = _suite(config)
    if suite is not None:
        for case in suite.cases:
            name = f"{suite.name}::{case.id}"
            items.append(CaseTest.from_parent(session, name=name, case=case, suite=suite))


@pytest.fixture(scope="session")
def rag_archive(pytestconfig: pytest.Config) -> Any:
    """The archive of the suite's articles, or the index that was asked for."""
    return _archive(pytestconfig)


class CaseFailed(Exception):
    """A case does not pass; says why and what was answered."""


class CaseTest(pytest.Item):
    """One case of a suite as a test."""

    def __init__(self, *, case: Case, suite: Suite, **more: Any) -> None:
        super().__init__(**more)
        self.case = case
        self.suite = suite

    def runtest(self) -> None:
        from rag.evaluation.running import result_of

        archive = _archive(self.config)
        if _SHELF not in self.config.stash:
            self.config.stash[_SHELF] = self.suite.shelf(archive.articles())
        shelf = self.config.stash[_SHELF]
        result = result_of(archive, self.case, self.suite, shelf)
        if result.state == "unscored":
            pytest.skip("; ".join(result.why))
        if result.passed is not True:
            said = (result.answer or {}).get("text", result.state)
            raise CaseFailed(f"{self.case.question}\n  {'; '.join(result.why)}\n  said: {said}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """A failed case is told in its own words, without a traceback."""
        if isinstance(excinfo.value, CaseFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[str, None, str]:
        return self.name, None, self.name


def pytest_unconfigure(config: pytest.Config) -> None:
    """Closes the archive and removes its index, if there was one."""
    stack = config.stash.get(_STACK, None)
    if stack is not None:
        stack.close()


def _suite(config: pytest.Config) -> Suite | None:
    place = config.getoption(SUITE_OPTION, default=None)
    if not place:
        return None
    from rag.evaluation.suite import SuiteError, load_suite

    try:
        return load_suite(str(place))
    except SuiteError as error:
        raise pytest.UsageError(str(error)) from error


def _archive(config: pytest.Config) -> Any:
    """Opened once for a session of tests."""
    if _ARCHIVE not in config.stash:
        from contextlib import ExitStack

        stack = ExitStack()
        config.stash[_STACK] = stack
        config.stash[_ARCHIVE] = stack.enter_context(_opened(config))
    return config.stash[_ARCHIVE]


def _opened(config: pytest.Config) -> AbstractContextManager[Any]:
    from rag.archive import open_archive
    from rag.evaluation.archives import archive_of

    suite, index = _suite(config), config.getoption(INDEX_OPTION, default=None)
    if suite is not None:
        return archive_of(suite, index)
    if index is None:
        raise pytest.UsageError(f"rag_archive needs {SUITE_OPTION} or {INDEX_OPTION}")
    return open_archive(index)
