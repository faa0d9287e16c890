"""Traces by OpenTelemetry, when a setting asks for them; else nothing is sent anywhere."""

from __future__ import annotations

_NAME = "dateline"
# With this the exporter's own variables say where to (OTEL_EXPORTER_OTLP_ENDPOINT, …).
_BY_ITS_OWN_VARIABLES = "on"


def trace_to(where: str) -> None:
    """Send the spans of this process to a collector that speaks OTLP over gRPC.

    `where` is its address, `http://` for one without TLS; `on` leaves it to the exporter's own
    variables.
    """
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    exporter = OTLPSpanExporter(endpoint=None if where == _BY_ITS_OWN_VARIABLES else where)
    provider = TracerProvider(resource=Resource.create({"service.name": _NAME}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
