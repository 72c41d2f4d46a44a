"""Rate limits: the tiers of the contract, on the simulator's clock."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from codegen.contract.document import load
from codegen.formatting import ROOT
from knock_sdk import RateLimitError
from knock_sdk.testing import Simulator
from knock_sdk.testing.http.rate_limits import PER_SECOND
from knock_sdk.testing.http.router import OPERATIONS
from knock_sdk.testing.state.clock import START
from tests.simulator.support.pair import header, http

from ..rules.table import rule

LIMITED = "x-ratelimited-message_ids"


@pytest.fixture
def sim() -> Simulator:
    sim = Simulator()
    sim.rate_limits = True
    return sim


def statuses(sim: Simulator, count: int, verb: str, target: str, body: Any = None, **headers: str) -> list[int]:
    return [http(sim, verb, target, body, **headers)[0].status for _ in range(count)]


def test_tiers_are_those_of_the_contract() -> None:
    contract = load(ROOT / "openapi" / "knock.yaml")
    assert {operation.id: operation.node["x-knock-tier"] for operation in contract.operations} == {
        operation.name: operation.tier for operation in OPERATIONS
    }
    assert PER_SECOND == {1: 1, 2: 5, 3: 60, 4: 200, 5: 1000}


def test_rate_limits_are_off_by_default() -> None:
    sim = Simulator()
    assert not sim.rate_limits
    assert set(statuses(sim, 20, "POST", "/v1/users/bulk/delete", {"user_ids": ["a"]})) == {200}


@rule("reference/content", "an operation takes 1, 5, 60, 200 or 1,000 requests per second, by its tier")
@pytest.mark.parametrize(
    ("verb", "target", "body", "most"),
    [
        ("POST", "/v1/users/bulk/delete", {"user_ids": ["a"]}, 1),
        ("DELETE", "/v1/users/nobody", None, 5),
        ("PUT", "/v1/users/ana", {}, 60),
        ("GET", "/v1/users", None, 200),
        ("POST", "/v1/workflows/w/trigger", {"recipients": ["a"]}, 1000),
    ],
)
def test_each_operation_allows_the_requests_per_second_of_its_tier(
    sim: Simulator, verb: str, target: str, body: Any, most: int
) -> None:
    found = statuses(sim, most + 1, verb, target, body)
    assert found.index(429) == most
    response, error = http(sim, verb, target, body)
    assert (header(response, "retry-after"), error["code"], error["status"]) == ("1", "rate_limited", 429)
    sim.advance(seconds=0.9)
    assert statuses(sim, 1, verb, target, body) == [429]
    sim.advance(seconds=0.1)
    assert 429 not in statuses(sim, most, verb, target, body)


def test_limits_are_per_operation_and_not_per_id(sim: Simulator) -> None:
    assert [http(sim, "DELETE", f"/v1/users/u{number}")[0].status for number in range(6)] == [204] * 5 + [429]
    assert statuses(sim, 1, "PUT", "/v1/users/u1", {}) == [200]


@rule("reference/content", "requests with a user token are counted for the user")
def test_each_user_token_has_its_own_limit(sim: Simulator) -> None:
    target = "/v1/messages/m/seen"
    for headers in ({}, {"x_knock_user_token": "t1"}, {"x_knock_user_token": "t2"}):
        assert statuses(sim, 6, "PUT", target, {}, **headers) == [404] * 5 + [429]


@rule("reference/content", "requests of feeds are counted for each user")
def test_feeds_are_limited_per_user(sim: Simulator) -> None:
    feed = sim.channel("in_app_feed").id
    for user in ("ana", "ben"):
        assert statuses(sim, 6, "GET", f"/v1/users/{user}/feeds/{feed}") == [200] * 5 + [429]


def test_unauthenticated_requests_are_not_counted(sim: Simulator) -> None:
    for _ in range(10):
        assert http(sim, "POST", "/v1/users/bulk/delete", {"user_ids": ["a"]}, key=None)[0].status == 401
    assert statuses(sim, 1, "POST", "/v1/users/bulk/delete", {"user_ids": ["a"]}) == [200]


def test_the_client_waits_in_simulated_time_and_retries(knock: Any, sim: Simulator) -> None:
    for _ in range(3):
        knock.users.bulk.delete(user_ids=["a"])
    assert [request.status for request in sim.requests] == [200, 429, 200, 429, 200]
    assert sim.now - START == timedelta(seconds=2)
    sim.rate_limits = False
    knock.users.bulk.delete(user_ids=["a"])
    assert sim.now - START == timedelta(seconds=2)


def test_without_retries_the_error_has_retry_after(knock: Any, sim: Simulator) -> None:
    knock.users.bulk.delete(user_ids=["a"])
    with pytest.raises(RateLimitError) as caught:
        knock.users.bulk.delete(user_ids=["a"], max_retries=0)
    assert caught.value.retry_after == 1


def test_concurrent_tasks_wait_for_the_same_second(sim: Simulator) -> None:
    async def main() -> None:
        async with sim.async_client() as client:
            await asyncio.gather(*(client.users.update(f"u{number}") for number in range(150)))

    asyncio.run(main())
    assert [request.status for request in sim.requests].count(200) == 150
    assert timedelta(seconds=2) <= sim.now - START <= timedelta(seconds=4)


@rule("reference/content", "a batch changes a message once per second, and names the skipped ones in a header")
def test_a_message_in_two_batches_within_a_second_is_rate_limited(sim: Simulator) -> None:
    sim.client().workflows.trigger("w", recipients=[{"id": name} for name in "abc"])
    one, two, three = (message.id for message in sim.messages())
    read = "/v1/messages/batch/read"
    assert header(http(sim, "POST", read, {"message_ids": [one, two]})[0], LIMITED) is None
    response, body = http(sim, "POST", read, {"message_ids": [two, three, one]})
    assert (response.status, header(response, LIMITED)) == (200, f"{two},{one}")
    assert [entry["id"] for entry in body] == [two, three, one]
    assert all(entry["read_at"] for entry in body)
    sim.advance(seconds=1)
    assert header(http(sim, "POST", read, {"message_ids": [two, three, one]})[0], LIMITED) is None


def test_expired_windows_are_removed(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knock_sdk.testing.http.rate_limits._MAX_ENTRIES", 10)
    from knock_sdk.testing.http.rate_limits import RateLimits

    feed = sim.channel("in_app_feed").id
    for number in range(40):
        http(sim, "GET", f"/v1/users/u{number}/feeds/{feed}")
        http(sim, "POST", "/v1/messages/batch/read", {"message_ids": [f"m{number}"]})
        sim.advance(seconds=1)
    limits = sim._world.of(RateLimits)
    assert len(limits.windows) <= 10
    assert len(limits.changes) <= 10
