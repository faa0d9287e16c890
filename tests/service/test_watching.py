"""What the service tells of itself: metrics, traces, readiness, its own description."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from rag.archive import Archive
from rag.errors import IndexUnavailable
from rag.service import build_app, logs
from service.serving import Opens

APPLES = "How many tonnes of apples are expected?"
MARS = "Who won the chess championship of Mars?"


def figures(client: TestClient) -> dict[tuple[str, ...], float]:
    """The metrics by name and the values of their labels."""
    text = client.get("/metrics").text
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_answers_and_stages_are_counted(client: TestClient) -> None:
    """By route and status, with what was said and how long each stage took."""
    client.post("/v1/ask", json={"question": APPLES})
    client.post("/v1/ask", json={"question": MARS})
    client.post("/v1/ask", json={"question": "?"})
    client.get("/v1/articles/harvest")
    client.get("/v1/nothing/of/the/kind")

    found = figures(client)

    assert found["dateline_requests_total", "POST", "/v1/ask", "200"] == 2
    assert found["dateline_requests_total", "POST", "/v1/ask", "422"] == 1
    assert found["dateline_requests_total", "GET", "/v1/articles/{article_id}", "200"] == 1
    assert found["dateline_requests_total", "GET", "unknown", "404"] == 1
    assert found["dateline_answers_total", "something"] == 1
    assert found["dateline_answers_total", "nothing"] == 1
    assert found["dateline_request_seconds_count", "/v1/ask"] == 3
    for stage in ("answer", "condense", "search", "select", "check"):
        assert found["dateline_stage_seconds_count", stage] >= 1
    assert found["dateline_articles",] == 6
    assert found["dateline_requests_under_way",] == 1


class Away(Archive):
    """An archive of which a part may go away."""

    away = ""

    def generation(self) -> int:
        if self.away == "store":
            raise IndexUnavailable("the store /secret/place cannot be reached")
        return super().generation()

    def probe(self) -> None:
        if self.away:
            raise IndexUnavailable("the server /secret/place cannot be reached")
        super().probe()


@pytest.mark.parametrize(
    ("part", "said"), [("store", "store of articles cannot be read"), ("index", "cannot be search")]
)
def test_it_is_alive_but_not_ready_while_a_part_is_away(
    opens: Opens, monkeypatch: pytest.MonkeyPatch, part: str, said: str
) -> None:
    """Readiness falls, says why, and comes back with the part; life and metrics go on."""
    monkeypatch.setattr("rag.service.health._SECONDS_BETWEEN", 0.0)
    with opens(Away) as archive:
        assert isinstance(archive, Away)
        client = TestClient(build_app(archive, page=False))

        ready = client.get("/readyz").status_code
        archive.away = part
        away, alive, counted = (client.get(p) for p in ("/readyz", "/healthz", "/metrics"))
        archive.away = ""
        back = client.get("/readyz").status_code

    assert (ready, away.status_code, back) == (200, 503, 200)
    assert said in away.json()["detail"]
    assert "secret" not in away.text
    assert "Retry-After" in away.headers
    assert (alive.status_code, counted.status_code) == (200, 200)


@pytest.fixture(scope="module")
def exporter() -> InMemorySpanExporter:
    """What is traced in this process from now on."""
    found = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(found))
    trace.set_tracer_provider(provider)
    return found


@pytest.fixture
def traced(exporter: InMemorySpanExporter) -> Iterator[InMemorySpanExporter]:
    """An empty record of spans."""
    exporter.clear()
    yield exporter
    exporter.clear()


@pytest.mark.parametrize("stream", [True, False])
def test_an_answer_is_traced_by_stage(
    client: TestClient, archive: Archive, traced: InMemorySpanExporter, stream: bool
) -> None:
    """One span an answer, under it one a stage, with counts and without a word of the question."""
    client.post("/v1/ask", json={"question": APPLES, "stream": stream})

    spans = traced.get_finished_spans()
    (answer,) = [span for span in spans if span.name == "answer"]
    stages = [span for span in spans if span is not answer]
    assert {span.name for span in stages} == {"condense", "search", "select", "check"}
    assert {_parent(span) for span in stages} == {answer.context.span_id}
    noted = {span.name: dict(span.attributes or {}) for span in spans}
    assert noted["answer"]["dateline.abstained"] is False
    assert noted["search"]["dateline.hits"] == len(archive.ask(APPLES).hits)
    assert "apples" not in json.dumps([json.loads(span.to_json()) for span in spans])


def test_a_failed_stage_says_what_kind_of_error(
    client: TestClient, traced: InMemorySpanExporter
) -> None:
    """The name of the error is noted, its words are not: they may repeat the question."""
    client.post("/v1/ask", json={"question": "??? ¿"})

    told = [json.loads(span.to_json()) for span in traced.get_finished_spans()]
    errors = {span["name"]: span["attributes"].get("dateline.error") for span in told}
    assert errors == {"condense": "QuestionError", "answer": "QuestionError"}
    assert "¿" not in json.dumps(told, ensure_ascii=False)


def _parent(span: ReadableSpan) -> int | None:
    return span.parent.span_id if span.parent else None


def test_nothing_is_traced_unless_asked_for(tmp_path: Path) -> None:
    """Variables of others alone turn nothing on: no provider of spans is set up."""
    program = (
        "import sys, pathlib, rag.service, rag.spans\n"
        "from rag.archive import open_archive\n"
        "from opentelemetry import trace\n"
        "with open_archive(sys.argv[1]) as archive:\n"
        "    rag.service.build_app(archive, page=False)\n"
        "with rag.spans.span('x') as stage: stage.note(hits=1)\n"
        "sys.exit(not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider))"
    )
    environment = {
        **os.environ,
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1",
        "FASTAPI_OTEL_AUTO_CONFIGURE": "true",
    }
    command = [sys.executable, "-c", program, str(tmp_path / "index")]

    assert subprocess.run(command, env=environment, check=False).returncode == 0


def test_the_log_can_be_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Each line is an object with what was noted, also where a library warns."""
    logger, root = logging.getLogger("rag"), logging.getLogger()
    roots = list(root.handlers)
    before = (list(logger.handlers), logger.propagate, logger.level)
    try:
        logs.set_up("json")

        logging.getLogger("rag.requests").info("asked", extra={"route": "/v1/ask", "ms": 3.2})
        logging.getLogger("some.library").warning("mind the gap")
        logging.getLogger("some.library").info("nothing of note")
    finally:
        logger.handlers, logger.propagate = before[0], before[1]
        logger.setLevel(before[2])
        root.handlers = roots

    lines = [json.loads(text) for text in capsys.readouterr().err.splitlines()]
    line: dict[str, Any] = lines[0]
    assert [one["message"] for one in lines] == ["asked", "mind the gap"]
    assert (line["route"], line["ms"], line["level"]) == ("/v1/ask", 3.2, "INFO")
    assert "timestamp" in line
