"""What is instrumented: one client or all of them, once each, whatever sends."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor

from knock_sdk import AsyncKnock, InvalidArgumentError, Knock, export, otel
from tests.support.server import Server, respond
from tests.wire.caller import KEY, USER
from tests.wire.replies import listing

from .recorder import Recorder, simulated
from .telemetry import Telemetry, attributes_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knock_sdk.testing import Simulator
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


def test_clients_of_the_simulator(caller: Caller, sim: Simulator, telemetry: Telemetry) -> None:
    client = simulated(caller, sim)
    telemetry.instrument()
    with sim.fail("workflows.trigger", next=2, status=503):
        caller(client.workflows.trigger, "flow", recipients=["u1"])
    span = telemetry.span
    assert attributes_of(span)["knock.attempts"] == 3
    assert [event.name for event in span.events] == ["knock.attempt", "knock.retry"] * 2 + ["knock.attempt"]


def test_calls_of_a_webhook_in_memory_are_children(caller: Caller, sim: Simulator, telemetry: Telemetry) -> None:
    inner = sim.client()

    def receive(*_: Any) -> int:
        inner.users.get("u1")
        return 204

    client = simulated(caller, sim)
    caller(client.users.update, "u1", name="a")
    sim.webhook(receive)
    telemetry.instrument()
    caller(client.workflows.trigger, "flow", recipients=["u1"])
    *nested, outer = telemetry.spans
    assert outer.name == "POST /v1/workflows/{key}/trigger"
    assert {span.name for span in nested} == {"GET /v1/users/{user_id}"}
    assert outer.context is not None
    assert {span.parent and span.parent.span_id for span in nested} == {outer.context.span_id}


def parents_of(telemetry: Telemetry) -> set[int | None]:
    return {span.parent and span.parent.span_id for span in telemetry.spans}


def run_below_a_span(caller: Caller, telemetry: Telemetry, call: Any) -> int:
    """Make a call below a span of the application; return the span's id."""

    def below() -> None:
        with telemetry.tracer.start_as_current_span("job"):
            call()

    async def below_in_task() -> None:
        with telemetry.tracer.start_as_current_span("job"):
            await call()

    caller(below if caller.kind == "sync" else below_in_task)
    span = telemetry.all("application")[-1]
    assert span.context is not None
    return span.context.span_id


def test_bulk_jobs_have_a_span_for_each_request(caller: Caller, sim: Simulator, telemetry: Telemetry) -> None:
    """Their tasks and threads belong to the caller's span."""
    client = simulated(caller, sim)
    telemetry.instrument(client)
    items = [{"id": f"u{number}"} for number in range(2_500)]
    job = run_below_a_span(caller, telemetry, lambda: client.users.bulk.identify_many(items))
    operations = [attributes_of(span)["knock.operation"] for span in telemetry.spans]
    assert operations.count("users.bulk.identify") == 3
    assert set(operations) == {"users.bulk.identify", "bulk_operations.get"}
    assert parents_of(telemetry) == {job}


def test_triggers_of_a_bulk_job_name_their_workflow(caller: Caller, sim: Simulator, telemetry: Telemetry) -> None:
    client = simulated(caller, sim)
    telemetry.instrument()
    recipients = [f"u{number}" for number in range(1_500)]
    job = run_below_a_span(caller, telemetry, lambda: client.workflows.trigger_many("a b", recipients=recipients))
    assert [attributes_of(span)["knock.workflow.key"] for span in telemetry.spans] == ["a b"] * 2
    assert parents_of(telemetry) == {job}


def test_each_page_has_a_span(caller: Caller, telemetry: Telemetry) -> None:
    with Server.by(listing(3)) as server:
        client = caller.client(server.url)
        telemetry.instrument(client)
        job = run_below_a_span(caller, telemetry, lambda: client.users.list().collect())
        assert [span.name for span in telemetry.spans] == ["GET /v1/users"] * 3
        assert parents_of(telemetry) == {job}
        telemetry.clear()
        assert len(caller.iterate(lambda: client.users.list().prefetch(2))) == 6
        assert len(telemetry.spans) == 3


def test_exports(caller: Caller, sim: Simulator, telemetry: Telemetry, tmp_path: Path) -> None:
    client = simulated(caller, sim)
    telemetry.instrument(client)
    function: Any = export.users if caller.kind == "sync" else export.users_async
    job = run_below_a_span(caller, telemetry, lambda: function(client, tmp_path / "users.jsonl"))
    assert [span.name for span in telemetry.spans] == ["GET /v1/users"]
    assert parents_of(telemetry) == {job}


def test_calls_at_the_same_time_have_their_own_spans(caller: Caller, telemetry: Telemetry) -> None:
    with Server(respond(json=USER)) as server:
        client = caller.client(server.url)
        telemetry.instrument(client)
        caller.together([lambda: client.users.get("u1")] * 20)
    assert parents_of(telemetry) == {None}
    sent = {received.headers["traceparent"].split("-")[2] for received in server.requests}
    assert sent == {f"{span.context.span_id:016x}" for span in telemetry.spans if span.context}
    assert len(sent) == 20


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
    assert Knock.__init__ is not None
    assert type(Knock(api_key=KEY)._transport).send_with_info.__qualname__ == "Transport.send_with_info"


def test_classes_derived_from_a_client(telemetry: Telemetry) -> None:
    class Ours(Knock):
        pass

    class OursAsync(AsyncKnock):
        pass

    for kind in (Ours, OursAsync):
        telemetry.instrument(kind(api_key=KEY))


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
