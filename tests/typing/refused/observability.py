"""Wrong hooks; read by type checkers only."""

from __future__ import annotations

from knock_sdk import Knock, RequestEvent, RetryEvent, otel


def on_request(event: RequestEvent) -> None:
    print(event.wait)  # refused
    event.attempt = 2  # refused


def without_event() -> None:
    """Take nothing."""


def on_retry(event: RetryEvent) -> None:
    print(event.wait)


def clients() -> None:
    Knock(on_request=on_retry)  # refused
    Knock(on_request=without_event)  # refused
    Knock(on_retries=on_retry)  # refused
    Knock().with_options(on_retry="print")  # refused
    otel.instrument("client")  # refused
    otel.instrument(tracer_provider=5)  # refused
