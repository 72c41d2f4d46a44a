"""Every bulk method sends what the method with a limit sends, and waits for what the API does in the background."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import AsyncKnock, Knock
from knock_sdk._core.requests import operations
from knock_sdk.testing import Simulator
from tests.support.methods import methods_of, reach
from tests.wire.caller import Caller

from .conftest import client_of
from .methods import METHODS, Method

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENT = Knock(api_key="sk_test_1")
OWN = {"journal", "on_progress", "concurrency", "wait", "options"}
"""The keywords of all bulk methods."""


@pytest.fixture(params=["sync", "asyncio"])
def caller(request: pytest.FixtureRequest) -> Iterator[Caller]:
    """Make calls with either client; what trio does otherwise is no matter of the method."""
    with Caller(request.param) as made:
        yield made


each_method = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.many)


def requests_of(sim: Simulator) -> list[tuple[object, ...]]:
    """Return what was sent, apart from what is about bulk operations, and from the values of idempotency keys."""
    return [
        (
            request.method,
            request.target,
            {name: "" if name == "idempotency-key" else text for name, text in request.headers.items()},
            request.body,
        )
        for request in sim.requests
        if request.operation != "getBulkOperation"
    ]


def test_every_method_is_tried_here() -> None:
    many = {name for name in methods_of(CLIENT) if name.endswith("_many")}
    assert many == {method.many for method in METHODS}


@each_method
def test_the_requests_are_those_of_the_method_with_a_limit(caller: Caller, method: Method) -> None:
    one, other = Simulator(), Simulator()
    items = [method.item(number) for number in range(method.limit + 1)]
    method.prepare(one)
    method.prepare(other)
    report = caller(lambda: method.call_many(client_of(caller, one), iter(items)))
    client = client_of(caller, other)
    # The ids of tenants are in the query, of which servers take no more than 8,000 bytes.
    size = 250 if method.argument == "tenant_ids" else method.limit
    for start in range(0, len(items), size):
        caller(lambda start=start: method.call_limited(client, items[start : start + size]))
    assert requests_of(one) == requests_of(other)
    keys = [request.headers.get("idempotency-key") for request in one.requests]
    assert len(set(keys)) == 2 if method.many == "workflows.trigger_many" else set(keys) == {None}
    assert (report.job, report.succeeded, report.failed, report.unknown) == (method.many, len(items), 0, 0)


@each_method
@pytest.mark.parametrize("client", [CLIENT, AsyncKnock(api_key="sk_test_1")], ids=["Knock", "AsyncKnock"])
def test_the_parameters_are_those_of_the_method_with_a_limit(client: Any, method: Method) -> None:
    many = inspect.signature(reach(client, method.many)).parameters
    limited = inspect.signature(reach(client, method.limited)).parameters
    # One idempotency key would be that of all requests.
    assert many.keys() - OWN == limited.keys() - {"options", "idempotency_key"}
    for name in many.keys() - OWN - {method.argument}:
        assert many[name].default == limited[name].default
        assert many[name].annotation == limited[name].annotation
    shared = inspect.signature(reach(client, "users.bulk.identify_many")).parameters
    for name in OWN:
        assert str(many[name]) == str(shared[name])
        assert many[name].kind is shared[name].kind


def test_the_limits_are_those_of_the_operations(sim: Simulator) -> None:
    by_method: dict[str, Any] = {}
    for method in METHODS:
        method.prepare(sim)
        method.call_limited(sim.client(), [method.item(0)])
        (operation,) = (
            each for each in vars(operations).values() if getattr(each, "name", None) == sim.requests[-1].operation
        )
        by_method[method.many] = operation.items[method.argument] or 100
    assert by_method == {method.many: method.limit for method in METHODS}


def test_the_operations_are_waited_for(caller: Caller, sim: Simulator, client: Any) -> None:
    users = [{"id": f"u{number}"} for number in range(2500)]
    report = caller(client.users.bulk.identify_many, users)
    assert len(list(report.operations)) == 3
    for operation in report.operations:
        assert sim.client().bulk_operations.get(operation).status == "completed"
        polls = [request for request in sim.requests if request.target == f"/v1/bulk_operations/{operation}"]
        assert len(polls) >= 2


def test_the_operations_are_not_waited_for_on_request(caller: Caller, sim: Simulator, client: Any) -> None:
    report = caller(client.users.bulk.identify_many, [{"id": f"u{number}"} for number in range(1500)], wait=False)
    assert report.succeeded == 1500
    assert [request.operation for request in sim.requests] == ["bulkIdentifyUsers"] * 2
    assert len(list(report.operations)) == 2


def test_each_trigger_is_a_request(caller: Caller, sim: Simulator, client: Any) -> None:
    triggers = [
        {"key": "digest", "recipients": ["ada"], "data": {"n": 1}, "tenant": None, "idempotency_key": "own-1"},
        {"key": "a/b", "recipients": [{"id": "bob"}], "actor": {"id": "ada"}, "cancellation_key": "c"},
    ]
    report = caller(client.workflows.trigger_each, triggers)
    first, second = sorted(sim.requests, key=lambda request: len(request.target), reverse=True)
    assert (first.target, second.target) == ("/v1/workflows/digest/trigger", "/v1/workflows/a%2Fb/trigger")
    assert first.json == {"data": {"n": 1}, "recipients": ["ada"], "tenant": None}
    assert second.json == {"actor": {"id": "ada"}, "cancellation_key": "c", "recipients": [{"id": "bob"}]}
    assert first.headers["idempotency-key"] == "own-1"
    assert len(second.headers["idempotency-key"]) == 64
    assert (report.job, report.succeeded, list(report.operations)) == ("workflows.trigger_each", 2, [])


def test_the_options_are_those_of_each_request(caller: Caller, sim: Simulator, client: Any) -> None:
    options = {"extra_headers": {"x-trace": "t"}, "extra_query": {"q": "1"}, "extra_body": {"extra": True}}
    caller(client.users.bulk.identify_many, [{"id": f"u{number}"} for number in range(1001)], **options)
    sent = [request for request in sim.requests if request.operation == "bulkIdentifyUsers"]
    assert [(each.headers["x-trace"], each.target, each.json["extra"]) for each in sent] == [
        ("t", "/v1/users/bulk/identify?q=1", True)
    ] * 2


def test_equal_triggers_are_not_taken_for_one(caller: Caller, sim: Simulator, client: Any) -> None:
    trigger = {"key": "digest", "recipients": ["ada"]}
    assert caller(client.workflows.trigger_each, [trigger, trigger]).succeeded == 2
    assert len(sim.triggers) == 2


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.many)
def test_no_item_sends_nothing(caller: Caller, sim: Simulator, client: Any, method: Method) -> None:
    report = caller(lambda: method.call_many(client, []))
    assert (report.succeeded, report.failed, report.unknown, report.already_done) == (0, 0, 0, 0)
    assert sim.requests == []
