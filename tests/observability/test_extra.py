"""The extra: what is loaded with it, what happens without it, and the global providers, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys


def run(program: str, **environment: str) -> str:
    """Run a program in an interpreter of its own, with warnings as errors; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_without_the_extra_an_error_says_what_to_install() -> None:
    program = """
import sys
sys.modules["opentelemetry"] = None
from knock_sdk import ConfigurationError, Knock, otel
otel.uninstrument()
for client in (None, Knock(api_key="sk_test")):
    try:
        otel.instrument(client)
    except ConfigurationError as error:
        print(error)
"""
    assert run(program) == "OpenTelemetry needs an extra: pip install 'knock-sdk[otel]'\n" * 2


def test_opentelemetry_is_loaded_by_the_first_call_of_instrument() -> None:
    program = """
import sys
from knock_sdk import otel
from knock_sdk.testing import Simulator
client = Simulator().client(on_request=print)
client.users.list()
def loaded():
    return sorted({name.partition(".")[0] for name in sys.modules} & {"opentelemetry"})
print(loaded())
otel.instrument()
print(loaded(), "opentelemetry.sdk" in sys.modules)
"""
    lines = run(program).splitlines()
    assert lines[0].startswith("RequestEvent(")
    assert lines[1:] == ["[]", "['opentelemetry'] False"]


def test_global_providers_that_are_set_later_are_used() -> None:
    program = """
from knock_sdk import otel
from knock_sdk.testing import Simulator
otel.instrument()
client = Simulator().client()
client.users.list()  # nobody records it
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
spans, reader = InMemorySpanExporter(), InMemoryMetricReader()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(spans))
trace.set_tracer_provider(provider)
metrics.set_meter_provider(MeterProvider(metric_readers=[reader]))
client.users.list()
print([span.name for span in spans.get_finished_spans()])
(resource,) = reader.get_metrics_data().resource_metrics
print([metric.name for scope in resource.scope_metrics for metric in scope.metrics])
"""
    assert run(program) == "['GET /v1/users']\n['http.client.request.duration']\n"
