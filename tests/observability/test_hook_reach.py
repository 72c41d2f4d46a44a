"""Hooks see every request of a client, whatever makes it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from knock_sdk import FailureEvent, InternalServerError, RequestEvent, ResponseEvent, RetryEvent, export
from tests.support.server import Server, respond
from tests.wire.caller import KEY, USER
from tests.wire.replies import listing

from .recorder import Recorder, simulated

if TYPE_CHECKING:
    from pathlib import Path

    from knock_sdk.testing import Simulator
    from tests.wire.caller import Caller


def test_clients_of_the_simulator(caller: Caller, sim: Simulator) -> None:
    recorder = Recorder()
    client = simulated(caller, sim, **recorder.hooks())
    with sim.fail("workflows.trigger", next=2, status=503):
        caller(client.workflows.trigger, "flow", recipients=["u1"])
    kinds = [type(event) for event in recorder.events]
    assert kinds == [RequestEvent, ResponseEvent, RetryEvent] * 2 + [RequestEvent, ResponseEvent]
    assert recorder.events[-1].request_id


def test_each_page(caller: Caller) -> None:
    recorder = Recorder()
    with Server.by(listing(3)) as server:
        client = caller.client(server.url, **recorder.hooks())
        assert len(caller.iterate(client.users.list)) == 6
        assert recorder.steps == [("Request", "users.list"), ("Response", "users.list")] * 3
        assert len({event.call_id for event in recorder.take()}) == 3
        assert len(caller.iterate(lambda: client.users.list().prefetch(2))) == 6
        assert len(recorder.of(ResponseEvent)) == 3


def test_raw_calls(caller: Caller) -> None:
    recorder = Recorder()
    with Server(respond(json=USER)) as server:
        client = caller.client(server.url, **recorder.hooks())
        caller(client.get, "/v1/users/u1")
        caller(client.request, "patch", "/v1/users/u1", body={})
    sent = recorder.of(RequestEvent)
    assert [(event.operation, event.method, event.path) for event in sent] == [
        ("request", "GET", "/v1/users/u1"),
        ("request", "PATCH", "/v1/users/u1"),
    ]


def test_requests_of_a_bulk_job_and_of_its_wait(caller: Caller, sim: Simulator) -> None:
    recorder = Recorder()
    client = simulated(caller, sim, **recorder.hooks())
    report = caller(client.users.bulk.identify_many, [{"id": f"u{number}"} for number in range(2_500)])
    assert report.succeeded == 2_500
    counted = Counter(recorder.steps)
    requests = counted["Request", "users.bulk.identify"]
    assert requests == counted["Response", "users.bulk.identify"] == 3
    assert counted["Request", "bulk_operations.get"] == counted["Response", "bulk_operations.get"] >= 3
    assert set(counted) == {(step, name) for step, name in counted if step in {"Request", "Response"}}


def test_a_request_that_a_bulk_job_repeats_is_a_call_of_its_own(caller: Caller, sim: Simulator) -> None:
    recorder = Recorder()
    client = simulated(caller, sim, **recorder.hooks())
    with sim.fail("workflows.trigger", next=1, status=503):
        report = caller(client.workflows.trigger_many, "flow", recipients=["u1"])
    assert report.succeeded == 1
    assert [step for step, _ in recorder.steps] == ["Request", "Response", "Failure", "Request", "Response"]
    (failure,) = recorder.of(FailureEvent)
    assert isinstance(failure.error, InternalServerError)
    assert len({event.idempotency_key for event in recorder.events}) == 1
    assert len({event.call_id for event in recorder.events}) == 2


def test_exports(caller: Caller, sim: Simulator, tmp_path: Path) -> None:
    recorder = Recorder()
    client = simulated(caller, sim, **recorder.hooks())
    caller(client.users.update, "u1", name="a")
    recorder.take()
    function: Any = export.users if caller.kind == "sync" else export.users_async
    assert caller(function, client, tmp_path / "users.jsonl").items == 1
    assert recorder.steps == [("Request", "users.list"), ("Response", "users.list")]


def test_the_wait_for_a_bulk_operation(caller: Caller, sim: Simulator) -> None:
    recorder = Recorder()
    client = simulated(caller, sim, **recorder.hooks())
    operation = caller(client.users.bulk.identify, users=[{"id": "u1"}])
    recorder.take()
    caller(client.bulk_operations.wait, operation.id)
    assert set(recorder.steps) == {("Request", "bulk_operations.get"), ("Response", "bulk_operations.get")}


@pytest.mark.parametrize("given", [True, False])
def test_clients_of_httpx(caller: Caller, waits: list[float], *, given: bool) -> None:
    recorder = Recorder()
    with Server(respond(502), respond(json=USER)) as server:
        http_client = caller.httpx() if given else "httpx"
        client = caller.client(server.url, http_client=http_client, **recorder.hooks())
        caller(client.users.get, "u1")
    assert [step for step, _ in recorder.steps] == ["Request", "Response", "Retry", "Request", "Response"]


def test_what_a_hook_of_httpx_raises_is_a_failure(caller: Caller) -> None:
    """It is of the application, and reaches it unchanged."""

    def refuse(_: httpx.Request) -> httpx.Response:
        raise LookupError("ours")

    recorder = Recorder()
    client = caller.client(
        "http://127.0.0.1:9", http_client=caller.httpx(httpx.MockTransport(refuse)), **recorder.hooks()
    )
    with pytest.raises(LookupError, match="ours") as caught:
        caller(client.users.get, "u1")
    (event,) = recorder.of(FailureEvent)
    assert event.error is caught.value
    assert event.attempts == 1


def test_clients_that_an_interception_reaches(caller: Caller, sim: Simulator) -> None:
    recorder = Recorder()
    client = caller.client("https://api.knock.app", **recorder.hooks())
    with sim.intercept():
        caller(client.users.update, "u1", name="a")
    assert recorder.steps == [("Request", "users.update"), ("Response", "users.update")]


def test_rate_limited_clients(caller: Caller, sim: Simulator) -> None:
    recorder = Recorder()
    start = sim.now
    client = simulated(caller, sim, rate_limit="tiers", **recorder.hooks())
    for _ in range(3):
        caller(client.users.bulk.identify, users=[{"id": "u1"}])
    assert recorder.steps == [("Request", "users.bulk.identify"), ("Response", "users.bulk.identify")] * 3
    assert (sim.now - start).total_seconds() >= 2


def test_every_operation_has_the_name_of_its_method(caller: Caller, sim: Simulator) -> None:
    from knock_sdk._core.requests import operations
    from knock_sdk._core.requests.method_names import METHOD_NAMES
    from knock_sdk._core.requests.operation import Operation

    table = {value.name for value in vars(operations).values() if isinstance(value, Operation)}
    assert table == set(METHOD_NAMES)
    client = caller.client("http://127.0.0.1:9", api_key=KEY)
    for name in set(METHOD_NAMES.values()):
        found = client
        for part in name.split("."):
            found = getattr(found, part)
        assert callable(found)
