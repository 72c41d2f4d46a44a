"""Providers of OpenTelemetry's SDK that keep spans and metrics in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from knock_sdk import otel

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan


class Telemetry:
    """Keeps what is recorded.

    Attributes:
        providers: arguments of `instrument`.
    """

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self.traces = TracerProvider()
        self.traces.add_span_processor(SimpleSpanProcessor(self._exporter))
        self._reader = InMemoryMetricReader()
        self.metrics = MeterProvider(metric_readers=[self._reader])
        self.tracer = self.traces.get_tracer("application")

    def instrument(self, client: Any = None, **named: Any) -> None:
        """Have spans and metrics of a client, or of all of them, recorded here."""
        otel.instrument(client, tracer_provider=self.traces, meter_provider=self.metrics, **named)

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        """The spans of calls that have ended."""
        return tuple(span for span in self._exporter.get_finished_spans() if scope_of(span) == "knock_sdk")

    @property
    def span(self) -> ReadableSpan:
        """The only span of a call."""
        (span,) = self.spans
        return span

    def all(self, scope: str) -> list[ReadableSpan]:
        """Return the spans of another scope."""
        return [span for span in self._exporter.get_finished_spans() if scope_of(span) == scope]

    def clear(self) -> None:
        """Forget the spans."""
        self._exporter.clear()

    def points(self, name: str) -> list[Any]:
        """Return the data points of a metric."""
        data = self._reader.get_metrics_data()
        scopes = [] if data is None else [scope for each in data.resource_metrics for scope in each.scope_metrics]
        metrics = [metric for scope in scopes if scope.scope.name == "knock_sdk" for metric in scope.metrics]
        return [point for metric in metrics if metric.name == name for point in metric.data.data_points]


def scope_of(span: ReadableSpan) -> str:
    scope = span.instrumentation_scope
    assert scope is not None
    return scope.name


def attributes_of(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def events_of(span: ReadableSpan) -> list[tuple[str, dict[str, Any]]]:
    """Return the events of a span: their names and attributes, without what differs from run to run."""
    varying = {"knock.attempt.duration", "knock.retry.wait"}
    return [
        (event.name, {name: value for name, value in (event.attributes or {}).items() if name not in varying})
        for event in span.events
    ]
