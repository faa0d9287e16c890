"""Figures of the running service, for Prometheus."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from rag.errors import DatelineError
from rag.records import Answer
from rag.spans import watched

if TYPE_CHECKING:
    from rag.archive import Archive

# The folder in which several processes keep their figures, so that each can tell those of all.
SHARED = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """Counts what the service does; each has figures of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "dateline_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "dateline_request_seconds",
            "From the head of a request to the end of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._stages = Histogram(
            "dateline_stage_seconds",
            "Stages of an answer.",
            ("stage",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._answers = Counter(
            "dateline_answers", "Questions answered.", ("said",), registry=self._registry
        )
        self._under_way = Gauge(
            "dateline_requests_under_way",
            "Requests being answered.",
            multiprocess_mode="livesum",
            registry=self._registry,
        )
        self._articles = Gauge(
            "dateline_articles",
            "Articles held.",
            multiprocess_mode="mostrecent",
            registry=self._registry,
        )
        self._generation = Gauge(
            "dateline_generation",
            "Changes the archive has seen.",
            multiprocess_mode="mostrecent",
            registry=self._registry,
        )

    def began(self) -> None:
        """A request came in."""
        self._under_way.inc()

    def ended(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._under_way.dec()
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def watching(self, snapshots: Iterator[Answer]) -> Iterator[Answer]:
        """The snapshots; their stages are timed, and the answer is counted when it is complete.

        Any thread may take the next one.
        """
        while True:
            with watched(self._stage):
                snapshot = next(snapshots, None)
            if snapshot is None:
                return
            if snapshot.complete:
                self._answered(snapshot)
            yield snapshot

    def text(self, archive: Archive) -> bytes:
        """All figures in the form that Prometheus reads."""
        try:
            self._articles.set(archive.size())
            self._generation.set(archive.generation())
        except DatelineError:
            pass  # the store is away; the other figures are still true
        if SHARED not in os.environ:
            return generate_latest(self._registry)
        shared = CollectorRegistry()
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
        return generate_latest(shared)

    def _stage(self, name: str, seconds: float) -> None:
        self._stages.labels(name).observe(seconds)

    def _answered(self, answer: Answer) -> None:
        self._answers.labels("nothing" if answer.abstained else "something").inc()


def metrics_route(archive: Archive, metrics: Metrics) -> APIRouter:
    """`/metrics`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/metrics")
    def read() -> Response:
        return Response(metrics.text(archive), media_type=CONTENT_TYPE_LATEST)

    return router
