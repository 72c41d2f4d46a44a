"""Hooks and OpenTelemetry; read by type checkers only."""

from __future__ import annotations

from opentelemetry.metrics import MeterProvider
from opentelemetry.trace import TracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from typing_extensions import assert_type

from knock_sdk import (
    APIStatusError,
    AsyncKnock,
    CallEvent,
    FailureEvent,
    Knock,
    RequestEvent,
    ResponseEvent,
    RetryEvent,
    otel,
)
from knock_sdk.testing import Simulator


def on_request(event: RequestEvent) -> None:
    assert_type(event.attempt, int)
    assert_type(event.operation, str)
    assert_type(event.idempotency_key, str | None)


def on_response(event: ResponseEvent) -> int:
    assert_type(event.request_id, str | None)
    assert_type(event.elapsed, float)
    return event.status_code


def on_retry(event: RetryEvent) -> None:
    assert_type(event.status_code, int | None)
    print(event.reason, event.wait)


def on_failure(event: FailureEvent) -> None:
    assert_type(event.error, Exception)
    if isinstance(event.error, APIStatusError):
        print(event.error.request_id)


async def later(event: CallEvent) -> None:
    print(event.call_id, event.method, event.path)


class Counter:
    """An object that can be called."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, event: CallEvent) -> None:
        self.count += 1


def clients(sim: Simulator) -> list[Knock]:
    events: list[CallEvent] = []
    client = Knock(on_request=on_request, on_response=on_response, on_retry=on_retry, on_failure=on_failure)
    assert_type(client.with_options(on_request=None, on_failure=Counter()), Knock)
    return [
        client,
        Knock(on_request=events.append, on_retry=lambda event: print(event.wait)),
        sim.client(on_failure=on_failure),
    ]


def asynchronous() -> AsyncKnock:
    return AsyncKnock(on_request=on_request, on_failure=later).with_options(on_response=later, on_retry=None)


def traced(client: Knock, other: AsyncKnock, traces: TracerProvider, metrics: MeterProvider) -> None:
    otel.instrument()
    otel.instrument(client)
    otel.instrument(
        other,
        tracer_provider=traces,
        meter_provider=metrics,
        propagator=TraceContextTextMapPropagator(),
        record_urls=False,
    )
    assert_type(otel.uninstrument(other), None)
    otel.uninstrument()
