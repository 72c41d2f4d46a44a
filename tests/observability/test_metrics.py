"""Metrics: how long calls take, how often they are repeated, and how long rate limits hold them up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import APIConnectionError, NotFoundError, RateLimitError
from tests.support.server import Server, reset, respond
from tests.wire.caller import USER

from .recorder import simulated
from .telemetry import attributes_of, events_of

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator
    from tests.wire.caller import Caller

    from .telemetry import Telemetry

DURATION = "http.client.request.duration"
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)


def described(port: int) -> dict[str, Any]:
    return {
        "http.request.method": "GET",
        "knock.operation": "users.get",
        "server.address": "127.0.0.1",
        "server.port": port,
        "url.template": "/v1/users/{user_id}",
    }


def test_the_duration_of_calls(caller: Caller, waits: list[float], telemetry: Telemetry) -> None:
    with Server(respond(json=USER), respond(503), respond(json=USER), respond(404)) as server:
        client = caller.client(server.url)
        telemetry.instrument(client)
        caller(client.users.get, "u1")
        caller(client.users.get, "u2")
        with pytest.raises(NotFoundError):
            caller(client.users.get, "u3")
        common = described(server.port)
    points = {point.attributes["http.response.status_code"]: point for point in telemetry.points(DURATION)}
    assert dict(points[200].attributes) == {**common, "http.response.status_code": 200}
    assert dict(points[404].attributes) == {**common, "http.response.status_code": 404, "error.type": "404"}
    assert (points[200].count, points[404].count) == (2, 1)
    assert points[200].explicit_bounds == BOUNDS
    took = sum((span.end_time or 0) - (span.start_time or 0) for span in telemetry.spans[:2]) / 1e9
    assert 0 < points[200].sum < took + 1
    assert len(waits) == 1


def test_retries_are_counted_by_reason(caller: Caller, waits: list[float], telemetry: Telemetry) -> None:
    with Server(respond(503), reset, respond(json=USER), respond(503), respond(json=USER), reset) as server:
        client = caller.client(server.url)
        telemetry.instrument(client)
        caller(client.users.get, "u1")
        caller(client.users.get, "u2")
        with pytest.raises(APIConnectionError):
            caller(client.users.get, "u3")
        common = described(server.port)
    counted = {point.attributes["error.type"]: point for point in telemetry.points("knock.client.retries")}
    assert {reason: point.value for reason, point in counted.items()} == {
        "503": 2,
        "knock_sdk.errors.APIConnectionError": 3,
    }
    assert dict(counted["503"].attributes) == {**common, "error.type": "503"}
    assert len(waits) == 5


def test_waits_after_a_429(caller: Caller, waits: list[float], telemetry: Telemetry) -> None:
    with Server(respond(429, retry_after="3")) as server:
        client = caller.client(server.url)
        telemetry.instrument(client)
        with pytest.raises(RateLimitError):
            caller(client.users.get, "u1")
        common = described(server.port)
    (point,) = telemetry.points("knock.client.rate_limit.wait")
    assert dict(point.attributes) == {**common, "knock.rate_limit.reason": "429"}
    assert (point.count, point.sum) == (2, pytest.approx(sum(waits)))
    assert point.explicit_bounds == (*BOUNDS, 20, 30, 60)


def test_waits_for_the_rate_limit_of_the_client(caller: Caller, sim: Simulator, telemetry: Telemetry) -> None:
    client = simulated(caller, sim, rate_limit="tiers")
    telemetry.instrument(client)
    for _ in range(3):
        caller(client.users.bulk.identify, users=[{"id": "u1"}])
    (point,) = telemetry.points("knock.client.rate_limit.wait")
    assert point.attributes["knock.rate_limit.reason"] == "turn"
    assert (point.count, point.sum) == (3, pytest.approx(2 * 1.02))
    waited = [events_of(span)[0] for span in telemetry.spans]
    assert waited[0] == ("knock.attempt", {"knock.attempt.number": 1, "http.response.status_code": 200})
    for name, attributes in waited[1:]:
        assert (name, attributes) == ("knock.rate_limit", {"knock.rate_limit.wait": pytest.approx(1.02)})
    assert attributes_of(telemetry.spans[0])["server.address"] == "api.knock.app"


def test_a_bulk_job_waits_too(caller: Caller, sim: Simulator, telemetry: Telemetry) -> None:
    client = simulated(caller, sim)
    telemetry.instrument(client)
    caller(client.users.bulk.identify_many, [{"id": f"u{number}"} for number in range(2_500)], wait=False)
    points = telemetry.points("knock.client.rate_limit.wait")
    by_operation = {point.attributes["knock.operation"]: point for point in points}
    assert by_operation["users.bulk.identify"].count == 3
    assert by_operation["users.bulk.identify"].sum >= 2


def test_a_call_without_a_response_is_timed_too(caller: Caller, refusing: str, telemetry: Telemetry) -> None:
    client = caller.client(refusing, max_retries=0)
    telemetry.instrument(client)
    with pytest.raises(APIConnectionError):
        caller(client.users.get, "u1")
    (point,) = telemetry.points(DURATION)
    assert point.attributes["error.type"] == "knock_sdk.errors.APIConnectionError"
    assert "http.response.status_code" not in point.attributes
