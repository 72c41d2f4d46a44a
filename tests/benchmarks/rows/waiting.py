"""Many triggers at once with a server that takes time to respond, so that connections are what is scarce.

Each client makes one call before, without which httpx takes about ten times as long: its effort for a call grows with
the numbers of waiting calls and of connections. The vendor's client is left out: it uses httpx with more connections,
so that 2,000 calls take it more than a minute, and 5,000 many minutes.
"""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import TYPE_CHECKING

from ..measure import event_loop, interleave
from ..row import BARE, FAILED, OURS, PEER, Goal, Row
from ..server import Server
from ..trigger_calls import async_calls

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..measure import EventLoop
    from ..row import Effort, Samples
    from ..trigger_calls import AsyncCall


def trigger_2000(effort: Effort) -> Samples:
    """Make 2,000 calls at once with a server that takes 50 ms for each; measure the seconds per call.

    By hand: `httpx.AsyncClient` with its default of 100 connections, of which it pools 20, and without its limit of 5 s
    on the wait for one. If it pools all, it takes eight times as long.
    """
    import httpx

    with Server() as server, event_loop() as loop:
        calls = async_calls(server.with_delay(0.05), loop, httpx.AsyncClient(timeout=None))
        calls.pop(PEER, None)
        samplers = {name: _seconds_per_call(loop, call, 2_000) for name, call in calls.items()}
        return interleave(effort, samplers, effort.of(9, 2), warm_up=0)


def trigger_5000(effort: Effort) -> Samples:
    """Make 5,000 calls in one `gather` with a server that takes 250 ms for each; count failures, measure the seconds.

    This client and httpx have their default settings.
    """
    import httpx

    with Server() as server, event_loop() as loop:
        calls = async_calls(server.with_delay(0.25), loop, httpx.AsyncClient())
        calls.pop(PEER, None)
        failed: Samples = {f"{name}{FAILED}": [] for name in calls}
        samplers = {
            name: _until_all_ended(loop, call, effort.of(5_000, 1_000), failed[f"{name}{FAILED}"])
            for name, call in calls.items()
        }
        return interleave(effort, samplers, 1, warm_up=0) | failed


def _seconds_per_call(loop: EventLoop, call: AsyncCall, count: int) -> Callable[[], float]:
    sample = loop.per_concurrent_call(call, count)

    async def first() -> None:
        await call()

    def after_first() -> float:
        loop.run(first())
        return sample()

    return after_first


def _until_all_ended(loop: EventLoop, call: AsyncCall, count: int, failed: list[float]) -> Callable[[], float]:
    async def sample() -> float:
        await call()
        started = perf_counter()
        outcomes = await asyncio.gather(*(call() for _ in range(count)), return_exceptions=True)
        seconds = perf_counter() - started
        failed.append(sum(isinstance(outcome, BaseException) for outcome in outcomes))
        return seconds

    return lambda: loop.run(sample())


ROWS = (
    Row(
        "trigger-2000",
        "2,000 triggers at once, responses take 50 ms",
        trigger_2000,
        (Goal(OURS, BARE, 1.00),),
        rate=True,
    ),
    Row("trigger-5000", "5,000 triggers at once, responses take 250 ms", trigger_5000, extra=True),
)
