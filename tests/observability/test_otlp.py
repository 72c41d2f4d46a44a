"""Traces and metrics as a collector gets them, over HTTP on loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from knock_sdk import otel
from tests.support.server import Server, reset, respond

from .collector import Collector, attributes_of

if TYPE_CHECKING:
    from tests.wire.caller import Caller

RUN = respond(json={"workflow_run_id": "r1"}, x_request_id="req_3")


def test_a_collector_gets_spans_and_metrics(caller: Caller, waits: list[float]) -> None:
    resource = Resource.create({"service.name": "application"})
    with Collector() as collector, Server(respond(503), reset, RUN, respond(404)) as server:
        traces = TracerProvider(resource=resource)
        traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{collector.url}/v1/traces")))
        exporter = OTLPMetricExporter(f"{collector.url}/v1/metrics", compression=Compression.Gzip)
        metrics = MeterProvider([PeriodicExportingMetricReader(exporter)], resource=resource)
        client = caller.client(server.url)
        otel.instrument(client, tracer_provider=traces, meter_provider=metrics)
        caller(client.workflows.trigger, "comment-created", recipients=["u1"], idempotency_key="order-1")
        error = caller.together([lambda: client.users.get("nobody")])[0]
        assert "404" in str(error)
        traces.shutdown()
        metrics.shutdown()
        url = server.url
        sent = [received.headers["traceparent"] for received in server.requests]

    trigger, get = collector.spans
    assert (trigger.name, trigger.kind, trigger.status.code) == ("POST /v1/workflows/{key}/trigger", 3, 0)
    assert {f"00-{trigger.trace_id.hex()}-{trigger.span_id.hex()}"} == {each[:-3] for each in sent[:3]}
    attributes = attributes_of(trigger)
    assert attributes["url.full"] == f"{url}/v1/workflows/comment-created/trigger"
    assert (attributes["knock.attempts"], attributes["http.request.resend_count"]) == (3, 2)
    assert [(event.name, attributes_of(event).get("knock.attempt.number")) for event in trigger.events] == [
        ("knock.attempt", 1),
        ("knock.retry", 2),
        ("knock.attempt", 2),
        ("knock.retry", 3),
        ("knock.attempt", 3),
    ]
    times = [trigger.start_time_unix_nano, *(event.time_unix_nano for event in trigger.events)]
    assert times == sorted(times)
    assert trigger.end_time_unix_nano >= times[-1]
    assert (get.status.code, attributes_of(get)["error.type"]) == (2, "404")

    duration = collector.metrics["http.client.request.duration"]
    assert duration.unit == "s"
    assert sum(point.count for point in duration.histogram.data_points) == 2
    retries = collector.metrics["knock.client.retries"].sum
    assert retries.is_monotonic
    assert {attributes_of(point)["error.type"]: point.as_int for point in retries.data_points} == {
        "503": 1,
        "knock_sdk.errors.APIConnectionError": 1,
    }
    assert len(waits) == 2
