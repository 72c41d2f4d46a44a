"""Clients that keep rate limits by themselves, in simulated time: a wait advances the clock."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from typing_extensions import override

from knock_sdk import APITimeoutError, AsyncKnock, Knock, RateLimitError
from knock_sdk._core.rate_limits.clock import SYSTEM_CLOCK
from knock_sdk.rate_limits import Reservation, SharedRateLimit
from knock_sdk.testing import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMITED: dict[str, Any] = {"rate_limit": "tiers", "max_retries": 0}


@pytest.fixture
def sim() -> Simulator:
    """Provide a simulator that enforces the limits."""
    sim = Simulator()
    sim.rate_limits = True
    return sim


@pytest.fixture(autouse=True)
def _real_time() -> Iterator[None]:
    """Check that no client waits by the system's clock, as those of other tests do."""
    before = dict(SYSTEM_CLOCK.lines)
    yield
    assert before == SYSTEM_CLOCK.lines


def seconds_since(sim: Simulator, start: Any) -> float:
    return (sim.now - start).total_seconds()


async def gather(*calls: Any) -> list[Any]:
    return await asyncio.gather(*calls)


def statuses(sim: Simulator) -> set[int]:
    return {request.status for request in sim.requests}


@pytest.mark.parametrize("intercepted", [False, True])
def test_one_call_after_the_other(sim: Simulator, intercepted: bool) -> None:
    start = sim.now
    with sim.intercept() if intercepted else nullcontext():
        client = Knock(**LIMITED) if intercepted else sim.client(**LIMITED)
        for number in range(180):
            client.users.update(f"u{number}", name="x")
        for _ in range(3):
            client.users.bulk.identify(users=[{"id": "u1"}])
    assert statuses(sim) == {200}
    assert seconds_since(sim, start) == pytest.approx(179 * 0.017 + 2 * 1.02, abs=0.01)


@pytest.mark.parametrize("intercepted", [False, True])
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_tasks(sim: Simulator, intercepted: bool, backend: str) -> None:
    start = sim.now

    async def main() -> None:
        client = AsyncKnock(**LIMITED) if intercepted else sim.async_client(**LIMITED)
        async with client, anyio.create_task_group() as group:
            for number in range(180):
                group.start_soon(lambda n: client.users.update(f"u{n}", name="x"), number)

    with sim.intercept() if intercepted else nullcontext():
        anyio.run(main, backend=backend)
    assert len(sim.requests) == 180
    assert statuses(sim) == {200}
    assert seconds_since(sim, start) == pytest.approx(179 * 0.017, abs=0.05)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_tasks_of_different_tiers(sim: Simulator, backend: str) -> None:
    async def main() -> None:
        async with sim.async_client(**LIMITED) as client, anyio.create_task_group() as group:
            for _ in range(4):
                group.start_soon(lambda: client.users.bulk.identify(users=[{"id": "u1"}]))
            for number in range(150):
                group.start_soon(lambda n: client.users.update(f"u{n}", name="x"), number)
            for _ in range(50):
                group.start_soon(lambda: client.workflows.trigger("welcome", recipients=["u1"]))

    start = sim.now
    anyio.run(main, backend=backend)
    assert len(sim.requests) == 204
    assert statuses(sim) == {200}
    assert seconds_since(sim, start) == pytest.approx(3 * 1.02, abs=0.05)  # all wait at the same time


def test_threads(sim: Simulator) -> None:
    with ThreadPoolExecutor(8) as threads:
        client = sim.client(**LIMITED)
        list(threads.map(lambda number: client.users.update(f"u{number}", name="x"), range(150)))
    assert len(sim.requests) == 150
    assert statuses(sim) == {200}


def test_without_a_limit_the_same_calls_are_refused(sim: Simulator) -> None:
    client = sim.client(max_retries=0)
    for number in range(60):
        client.users.update(f"u{number}", name="x")
    with pytest.raises(RateLimitError):
        client.users.update("u60", name="x")


def test_clients_of_one_simulator_share_the_limit(sim: Simulator) -> None:
    start = sim.now
    for _ in range(3):
        sim.client(**LIMITED).users.bulk.identify(users=[{"id": "u1"}])
    asyncio.run(gather_one(sim))
    assert seconds_since(sim, start) == pytest.approx(3 * 1.02, abs=0.01)
    other = Simulator()
    start = other.now
    other.client(**LIMITED).users.bulk.identify(users=[{"id": "u1"}])
    assert other.now == start


async def gather_one(sim: Simulator) -> None:
    async with sim.async_client(**LIMITED) as client:
        await client.users.bulk.identify(users=[{"id": "u1"}])


@pytest.mark.parametrize("back", ["restore", "reset"])
def test_an_earlier_state_is_not_waited_for(sim: Simulator, back: str) -> None:
    client = sim.client(**LIMITED)
    client.users.bulk.identify(users=[{"id": "u1"}])
    snapshot = sim.snapshot()
    for _ in range(20):
        client.users.bulk.identify(users=[{"id": "u1"}])
    sim.advance(hours=5)
    client.users.bulk.identify(users=[{"id": "u1"}])
    sim.restore(snapshot) if back == "restore" else sim.reset()
    start = sim.now
    client.users.update("u1", name="x")
    assert sim.now == start
    for _ in range(2):
        client.users.bulk.identify(users=[{"id": "u1"}])
    assert seconds_since(sim, start) == pytest.approx(2.04, abs=0.01)
    assert statuses(sim) == {200}


def test_a_refusal_stops_the_others(sim: Simulator) -> None:
    outside = sim.client(max_retries=0)  # another program, which uses up the limit
    for number in range(60):
        outside.users.update(f"u{number}", name="x")
    start = sim.now
    client = sim.client(rate_limit="tiers")
    for number in range(30):
        client.users.update(f"u{number}", name="x")
    assert [request.status for request in sim.requests].count(429) == 1
    assert seconds_since(sim, start) == pytest.approx(1 + 29 * 0.017 / 0.71, abs=0.05)


def test_a_longer_refusal_stops_tasks_too(sim: Simulator) -> None:
    sim.fail("users.update", status=429, retry_after=5)
    start = sim.now

    async def main() -> None:
        async with sim.async_client(rate_limit="tiers") as client:
            await gather(*(client.users.update(f"u{number}", name="x") for number in range(30)))

    asyncio.run(main())
    assert [request.status for request in sim.requests].count(429) == 1
    assert seconds_since(sim, start) == pytest.approx(5 + 30 * 0.017 / 0.71, abs=0.1)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_cancelled_wait_does_not_hold_up_the_others(sim: Simulator, backend: str) -> None:
    start = sim.now

    async def main() -> None:
        async with (
            sim.async_client(**LIMITED) as client,
            anyio.create_task_group() as others,
            anyio.create_task_group() as group,
        ):
            for number in range(50):
                group.start_soon(lambda n: client.users.update(f"a{n}", name="x"), number)
                others.start_soon(lambda n: client.users.get(f"b{n}"), number)
            await anyio.lowlevel.checkpoint()
            await anyio.lowlevel.checkpoint()
            group.cancel_scope.cancel()

    for number in range(50):
        sim.client().users.update(f"b{number}", name="x")
    sim.advance(seconds=1)
    anyio.run(main, backend=backend)
    assert [request.path for request in sim.requests if request.method == "GET"]
    assert len([request for request in sim.requests if request.method == "GET"]) == 50
    assert statuses(sim) == {200}
    assert seconds_since(sim, start) < 2


def test_a_turn_beyond_the_time_limit(sim: Simulator) -> None:
    client = sim.client(**LIMITED, timeout=10.0)
    start = sim.now

    async def main() -> list[Any]:
        async with sim.async_client(**LIMITED, timeout=10.0) as client:
            return await asyncio.gather(
                *(client.users.bulk.identify(users=[{"id": "u1"}]) for _ in range(12)), return_exceptions=True
            )

    ends = asyncio.run(main())
    late = [each for each in ends if isinstance(each, APITimeoutError)]
    assert [len(late), late[0].sent, late[0].attempts] == [2, False, 0]
    assert seconds_since(sim, start) == pytest.approx(9 * 1.02, abs=0.01)
    client.users.update("u1", name="x")


class Unreachable(SharedRateLimit):
    """A store that must not be asked."""

    @override
    def ask(self, scope: str, interval: float, longest: float, earliest: float) -> Reservation:
        raise AssertionError("asked in simulated time")


def test_what_another_program_keeps_is_not_asked(sim: Simulator, caplog: pytest.LogCaptureFixture) -> None:
    limits = Unreachable(fallback_share=0.25)
    start = sim.now
    for _ in range(3):
        sim.client(rate_limit=limits).users.bulk.identify(users=[{"id": "u1"}])

    async def main() -> None:
        async with sim.async_client(rate_limit=limits) as client:
            await gather(*(client.users.bulk.identify(users=[{"id": "u1"}]) for _ in range(2)))

    asyncio.run(main())
    assert sim.now - start == pytest.approx(timedelta(seconds=4 * 1.02), abs=timedelta(seconds=0.01))
    assert not caplog.records
