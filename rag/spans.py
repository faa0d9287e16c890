"""The stages of an answer, timed: for whoever watches in this program, and for OpenTelemetry.

A stage carries counts, never texts. OpenTelemetry is not imported for it: a program that traces
has imported it already.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

_TRACER = "dateline"

# Called with the name of a stage that has ended and the seconds it took.
Watcher = Callable[[str, float], None]

_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


class Stage:
    """A stage under way."""

    def __init__(self, traced: Span | None) -> None:
        self._traced = traced

    def note(self, **counts: int | float | bool | str) -> None:
        """Attributes of the stage's span, under `dateline.<name>`."""
        if self._traced is not None:
            for name, value in counts.items():
                self._traced.set_attribute(f"{_TRACER}.{name}", value)

    @contextmanager
    def within(self) -> Iterator[None]:
        """Stages begun in this block are parts of this one."""
        if self._traced is None:
            yield
            return
        from opentelemetry import trace

        with trace.use_span(self._traced, record_exception=False, set_status_on_exception=False):
            yield


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Stages that end in this block are told to the watcher."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


@contextmanager
def span(name: str) -> Iterator[Stage]:
    """A stage that begins and ends without yielding: what begins in the block is part of it."""
    with lasting(name) as stage, stage.within():
        yield stage


@contextmanager
def lasting(name: str) -> Iterator[Stage]:
    """A stage of a generator: its parts begin in blocks of `within`, none around a `yield`."""
    watcher, tracer = _watcher.get(), _tracer()
    traced = tracer.start_span(name) if tracer else None
    started = time.perf_counter()
    try:
        yield Stage(traced)
    except Exception as error:
        # The kind alone: a message may hold words of the question.
        Stage(traced).note(error=type(error).__name__)
        raise
    finally:
        if watcher is not None:
            watcher(name, time.perf_counter() - started)
        if traced is not None:
            traced.end()


def _tracer() -> Tracer | None:
    """The tracer of whatever provider the program has set up; None where it has none."""
    trace = sys.modules.get("opentelemetry.trace")
    found: Tracer | None = trace.get_tracer(_TRACER) if trace else None
    return found
