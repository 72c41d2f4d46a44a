"""Trace a trigger whose first two attempts fail, and print the trace as JSON.

Run it with `python examples/tracing.py`; it needs `pip install 'knock-sdk[otel]' opentelemetry-sdk`. It uses the
in-memory simulator, which is told to reject two requests, whether KNOCK_API_KEY is set or not.
"""

from __future__ import annotations

import json

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from knock_sdk import otel
from knock_sdk.testing import Simulator


def main() -> None:
    """Trigger a workflow below a span of the application, and print both spans."""
    spans = InMemorySpanExporter()  # an application has one for its backend, such as OTLPSpanExporter
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    tracer = provider.get_tracer("shop")

    simulator = Simulator()
    client = simulator.client()
    otel.instrument(client, tracer_provider=provider)
    with tracer.start_as_current_span("comment"), simulator.fail("workflows.trigger", next=2, status=503):
        client.workflows.trigger(
            "comment-created",
            recipients=["jhammond"],
            data={"comment": "Spared no expense."},
            idempotency_key="comment-1993",
        )
    print(json.dumps([json.loads(span.to_json()) for span in spans.get_finished_spans()], indent=2))


if __name__ == "__main__":
    main()
