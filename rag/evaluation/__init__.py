"""Evaluation: suites of cases, put to any answerer, measured, compared and gated."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.evaluation.cases import Case
    from rag.evaluation.comparing import Comparison, compare
    from rag.evaluation.run import Run, read_run
    from rag.evaluation.running import Answerer, Method, evaluate
    from rag.evaluation.suite import Suite, SuiteError, bundled_suites, load_suite

_HOMES = {
    "Answerer": "running",
    "Case": "cases",
    "Comparison": "comparing",
    "Method": "running",
    "Run": "run",
    "Suite": "suite",
    "SuiteError": "suite",
    "bundled_suites": "suite",
    "compare": "comparing",
    "evaluate": "running",
    "load_suite": "suite",
    "read_run": "run",
}

__all__ = [
    "Answerer",
    "Case",
    "Comparison",
    "Method",
    "Run",
    "Suite",
    "SuiteError",
    "bundled_suites",
    "compare",
    "evaluate",
    "load_suite",
    "read_run",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
