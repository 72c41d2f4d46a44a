"""Spans of whatever makes requests: each request has one, below the span of whoever has asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from knock_sdk import export
from tests.support.server import Server, respond
from tests.wire.caller import USER
from tests.wire.replies import listing

from .recorder import simulated
from .telemetry import attributes_of

if TYPE_CHECKING:
    from pathlib import Path

    from knock_sdk.testing import Simulator
    from tests.wire.caller import Caller

    from .telemetry import Telemetry


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
