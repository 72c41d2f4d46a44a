"""What is instrumented: one client or all of them, once each, whatever sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor

from knock_sdk import AsyncKnock, InvalidArgumentError, Knock, otel
from tests.support.server import Server, respond
from tests.wire.caller import KEY, USER

from .recorder import Recorder
from .telemetry import Telemetry, attributes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.wire.caller import Caller


def test_present_and_future_clients(caller: Caller, telemetry: Telemetry) -> None:
    with Server(respond(json=USER)) as server:
        present = caller.client(server.url)
        users = present.users
        telemetry.instrument()
        future = caller.client(server.url)
        for get in (users.get, present.with_options(timeout=9).users.get, future.users.get):
            caller(get, "u1")
        assert len(telemetry.spans) == 3
        otel.uninstrument()
        for get in (users.get, future.users.get):
            caller(get, "u1")
        assert len(telemetry.spans) == 3
        assert len(server.requests) == 5


def test_a_single_client(caller: Caller, telemetry: Telemetry) -> None:
    with Server(respond(json=USER)) as server:
        client, other = caller.client(server.url), caller.client(server.url)
        users, before = client.users, client.with_options(timeout=9)
        telemetry.instrument(client)
        for get in (users.get, client.users.get, client.with_options(timeout=9).users.get):
            caller(get, "u1")
        assert len(telemetry.spans) == 3
        for get in (other.users.get, before.users.get):
            caller(get, "u1")
        assert len(telemetry.spans) == 3
        otel.uninstrument(client)
        caller(users.get, "u1")
        assert len(telemetry.spans) == 3
        assert "traceparent" not in server.requests[-1].headers


def test_instrumenting_twice_gives_one_span(caller: Caller, telemetry: Telemetry) -> None:
    with Server(respond(json=USER)) as server:
        client = caller.client(server.url)
        telemetry.instrument()
        telemetry.instrument()
        caller(client.users.get, "u1")
        assert len(telemetry.spans) == 1
        telemetry.instrument(client)
        telemetry.instrument(client)
        caller(client.users.get, "u1")
        assert len(telemetry.spans) == 2


def test_a_client_has_precedence_over_all(caller: Caller, telemetry: Telemetry) -> None:
    own = Telemetry()
    with Server(respond(json=USER)) as server:
        client = caller.client(server.url)
        own.instrument(client, record_urls=False)
        telemetry.instrument()
        caller(client.users.get, "u1")
        assert telemetry.spans == ()
        assert "url.full" not in attributes_of(own.span)
        own.instrument(client)  # other arguments replace the first ones
        caller(client.users.get, "u1")
        assert "url.full" in attributes_of(own.spans[1])
        otel.uninstrument(client)
        caller(client.users.get, "u1")
        assert len(telemetry.spans) == 1
        assert len(own.spans) == 2
        otel.uninstrument()
        otel.uninstrument()
        otel.uninstrument(client)
        caller(client.users.get, "u1")
        assert len(telemetry.spans) + len(own.spans) == 3


def test_hooks_and_spans_go_together(caller: Caller, waits: list[float], telemetry: Telemetry) -> None:
    recorder = Recorder()
    with Server(respond(503), respond(json=USER)) as server:
        client = caller.client(server.url, **recorder.hooks())
        telemetry.instrument()
        caller(client.users.get, "u1")
        telemetry.instrument(client)
        caller(client.with_options(on_request=None, on_response=None, on_retry=None, on_failure=None).users.get, "u1")
    assert [step for step, _ in recorder.steps] == ["Request", "Response", "Retry", "Request", "Response"]
    assert len(telemetry.spans) == 2


def test_calls_of_a_hook_are_children_of_the_call(caller: Caller, telemetry: Telemetry) -> None:
    client: Any = None

    def write(_: Any) -> Any:
        return client.users.update("u1", name="a")

    async def write_later(_: Any) -> None:
        await client.users.update("u1", name="a")

    with Server(respond(json=USER)) as server:
        client = caller.client(server.url, on_request=write if caller.kind == "sync" else write_later)
        telemetry.instrument(client)
        caller(client.users.update, "u1", name="b")
    inner, outer = telemetry.spans
    assert inner.parent is not None
    assert outer.context is not None
    assert inner.parent.span_id == outer.context.span_id


@pytest.fixture
def instrumented_httpx(telemetry: Telemetry) -> Iterator[None]:
    """Have spans of httpx recorded too."""
    HTTPXClientInstrumentor().instrument(tracer_provider=telemetry.traces)
    yield
    HTTPXClientInstrumentor().uninstrument()


HTTPX = "opentelemetry.instrumentation.httpx"


@pytest.mark.usefixtures("instrumented_httpx")
@pytest.mark.parametrize("through", ["given client", "httpx", "own engine"])
def test_the_instrumentation_of_httpx_adds_no_span(
    caller: Caller, waits: list[float], telemetry: Telemetry, through: str
) -> None:
    """Not even for a client that does not use httpx otherwise: it does while something wraps the transports."""
    with Server(respond(503), respond(json=USER)) as server:
        given = {"given client": caller.httpx, "httpx": lambda: "httpx", "own engine": lambda: None}[through]
        client = caller.client(server.url, http_client=given())
        caller(client.users.get, "u1")
        assert len(telemetry.all(HTTPX)) == 2  # of each attempt, without this package's instrumentation
        telemetry.clear()
        telemetry.instrument(client)
        caller(client.users.get, "u1")
    span = telemetry.span
    assert telemetry.all(HTTPX) == []
    assert span.context is not None
    assert server.requests[-1].headers["traceparent"].split("-")[2] == f"{span.context.span_id:016x}"


@pytest.mark.usefixtures("instrumented_httpx")
def test_requests_of_hooks_have_spans_of_httpx(caller: Caller, telemetry: Telemetry) -> None:
    with Server(respond(json=USER)) as server:

        def report(_: Any) -> None:
            httpx.post(f"{server.url}/statistics")

        async def report_later(_: Any) -> None:
            async with httpx.AsyncClient() as reporter:
                await reporter.post(f"{server.url}/statistics")

        hook = report if caller.kind == "sync" else report_later
        client = caller.client(server.url, on_request=hook, on_response=hook)
        telemetry.instrument(client)
        caller(client.users.get, "u1")
    assert telemetry.span.context is not None
    assert {span.parent and span.parent.span_id for span in telemetry.all(HTTPX)} == {telemetry.span.context.span_id}
    assert len(telemetry.all(HTTPX)) == 2


@pytest.mark.parametrize("name", ["suppress_instrumentation", "suppress_http_instrumentation"])
def test_suppressed_calls_have_no_span(caller: Caller, telemetry: Telemetry, name: str) -> None:
    from opentelemetry.instrumentation import utils

    suppress = getattr(utils, name)

    def call(client: Any) -> None:
        with suppress():
            client.users.get("u1")

    async def call_in_task(client: Any) -> None:
        with suppress():
            await client.users.get("u1")

    with Server(respond(json=USER)) as server:
        client = caller.client(server.url)
        telemetry.instrument(client)
        caller(call if caller.kind == "sync" else call_in_task, client)
    assert telemetry.spans == ()
    assert "traceparent" not in server.requests[0].headers


@pytest.mark.parametrize("value", ["client", 5, object(), Knock])
def test_what_is_no_client_is_refused(value: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=r"^client: must be a Knock or an AsyncKnock, not "):
        otel.instrument(value)
    with pytest.raises(InvalidArgumentError, match=r"^client: must be a Knock or an AsyncKnock, not "):
        otel.uninstrument(value)


@pytest.mark.parametrize("name", ["tracer_provider", "meter_provider", "propagator", "record_urls"])
@pytest.mark.parametrize("value", ["x", 5, object()])
def test_arguments_of_another_kind_are_refused(name: str, value: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=f"^{name}: must be "):
        otel.instrument(**{name: value})
    assert type(Knock(api_key=KEY)._transport).send_with_info.__qualname__ == "Transport.send_with_info"


def test_classes_derived_from_a_client(telemetry: Telemetry) -> None:
    class Ours(Knock):
        pass

    class OursAsync(AsyncKnock):
        pass

    for client in (Ours(api_key=KEY), OursAsync(api_key=KEY)):
        telemetry.instrument(client)
        assert client._transport.observer is not None
        otel.uninstrument(client)
        assert client._transport.observer is None
