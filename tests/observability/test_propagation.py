"""Propagation: the headers of a trace, which each attempt sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry import baggage, context

from tests.support.server import Server, respond
from tests.wire.caller import USER

from .telemetry import attributes_of

if TYPE_CHECKING:
    from tests.wire.caller import Caller

    from .telemetry import Telemetry


def test_every_attempt_carries_the_trace(caller: Caller, waits: list[float], telemetry: Telemetry) -> None:
    with Server(respond(503), respond(json=USER)) as server:
        client = caller.client(server.url)
        telemetry.instrument(client)
        caller(client.users.get, "u1")
    span = telemetry.span
    assert span.context is not None
    expected = f"00-{span.context.trace_id:032x}-{span.context.span_id:016x}-{span.context.trace_flags:02x}"
    assert [received.headers["traceparent"] for received in server.requests] == [expected] * 2


def test_baggage_is_sent_by_the_global_propagator(caller: Caller, telemetry: Telemetry) -> None:
    def call(client: Any) -> Any:
        token = context.attach(baggage.set_baggage("tier", "pro"))
        try:
            return client.users.get("u1")
        finally:
            if caller.kind == "sync":
                context.detach(token)

    with Server(respond(json=USER)) as server:
        client = caller.client(server.url)
        telemetry.instrument(client)
        caller(call, client)
    assert server.requests[0].headers["baggage"] == "tier=pro"


def test_headers_of_the_caller_take_precedence(caller: Caller, telemetry: Telemetry) -> None:
    own = "00-11111111111111111111111111111111-2222222222222222-01"
    with Server(respond(json=USER)) as server:
        client = caller.client(server.url)
        telemetry.instrument(client)
        caller(client.users.get, "u1", extra_headers={"TraceParent": own})
        telemetry.instrument(by_default := client.with_options(default_headers={"traceparent": own}))
        caller(by_default.users.get, "u1")
    for received in server.requests:
        assert received.headers["traceparent"] == own
        assert "tracestate" not in received.headers


class Failing:
    """A propagator that fails, or whose header cannot be sent."""

    fields = frozenset({"x-trace"})

    def __init__(self, value: str | None) -> None:
        self._value = value

    def inject(self, carrier: Any, context: Any = None, setter: Any = None) -> None:
        if self._value is None:
            raise LookupError
        carrier["x-trace"] = self._value

    def extract(self, carrier: Any, context: Any = None, getter: Any = None) -> Any:
        raise NotImplementedError


@pytest.mark.parametrize("value", [None, "a\r\nx-other: b", "\u2028"])
def test_a_propagator_that_fails_breaks_no_call(
    caller: Caller, telemetry: Telemetry, caplog: pytest.LogCaptureFixture, value: str | None
) -> None:
    with Server(respond(json=USER)) as server:
        client = caller.client(server.url)
        telemetry.instrument(client, propagator=Failing(value))
        caller(client.users.get, "u1")
    assert "x-trace" not in server.requests[0].headers
    assert "x-other" not in server.requests[0].headers
    assert attributes_of(telemetry.span)["http.response.status_code"] == 200
    assert [record.getMessage() for record in caplog.records] == ["a call could not be observed; it goes on"]
