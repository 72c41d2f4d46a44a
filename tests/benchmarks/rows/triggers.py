"""`workflows.trigger`: one after another, and many at once."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from importlib import import_module
from importlib.util import find_spec
from itertools import cycle
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.support.subjects import SUBJECTS

from ..bodies import RUN_ID
from ..by_hand import BareSocket, request_of, with_headers
from ..measure import event_loop, interleave, per_call
from ..row import BARE, LIMIT, OURS, PEER, Goal, Row
from ..server import Server
from ..subjects import subjects

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ..measure import EventLoop
    from ..row import Effort, Samples

    AsyncCall = Callable[[], Awaitable[str]]

WORKFLOW = "comment-created"
RECIPIENTS = ["jhammond", "esattler"]
DATA = {"comment": "Spared no expense.", "project": {"id": "isla-nublar", "name": "Isla Nublar"}, "priority": 2}
POOLED = "bare, all connections pooled"
DEFAULT = "knock-sdk, default engine"


def trigger(client: Any) -> Any:
    """Trigger through this client or the vendor's, which has the same method."""
    return client.workflows.trigger(WORKFLOW, recipients=RECIPIENTS, data=DATA)


def post(client: Any, url: str) -> Any:
    """Trigger through an httpx client, sync or async."""
    return client.post(url, json={"data": DATA, "recipients": RECIPIENTS}, headers={"idempotency-key": str(uuid4())})


def trigger_sync(effort: Effort) -> Samples:
    """Make one call after another over a pooled connection, with the same headers and body.

    By hand: `httpx.Client.post(...).json()` with a new idempotency key for each call. Limit: `socket.sendall` and
    `recv` of those bytes.
    """
    import httpx

    with Server() as server, ExitStack() as stack:
        request = request_of(server.url, trigger)
        url = server.url + request.target
        bare = stack.enter_context(with_headers(httpx.Client(), request))
        limit = stack.enter_context(BareSocket(server.url, request))
        calls: dict[str, Callable[[], object]] = {
            BARE: lambda: post(bare, url).json()["workflow_run_id"],
            LIMIT: limit.call,
        }
        for name, subject in subjects().items():
            client = stack.enter_context(subject.client(server.url))
            calls[name] = lambda client=client: trigger(client).workflow_run_id
        for name, call in calls.items():
            assert name == LIMIT or call() == RUN_ID
        return interleave(effort, {name: per_call(call, 25) for name, call in calls.items()}, effort.of(160, 40))


def trigger_async(effort: Effort) -> Samples:
    """Await one call after another, as `trigger_sync`: `httpx.AsyncClient`, `loop.sock_sendall` and `sock_recv`."""
    with Server() as server, event_loop() as loop, ExitStack() as stack:
        calls = async_calls(server, loop, stack, 1)
        samplers = {name: loop.per_call(call, 25) for name, call in calls.items()}
        return interleave(effort, samplers, effort.of(160, 40))


def trigger_50(effort: Effort) -> Samples:
    """Make 50 calls at once in `asyncio.gather`, repeatedly, each client with its own default limits.

    `httpx.AsyncClient` pools 20 connections by default; another one pools all. Limit: 50 sockets.
    """
    import httpx

    with Server() as server, event_loop() as loop, ExitStack() as stack:
        calls = async_calls(server, loop, stack, 50)
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
        calls[POOLED] = by_hand(server, loop, httpx.AsyncClient(limits=limits))
        samplers = {name: loop.per_concurrent_call(call, 50) for name, call in calls.items()}
        return interleave(effort, samplers, effort.of(100, 18))


def trigger_100_aiohttp(effort: Effort) -> Samples:
    """Make 100 calls at once with `http_client="aiohttp"`; by hand: httpx, also over aiohttp if installed."""
    return _measure_100(effort, "aiohttp", "httpx_aiohttp.HttpxAiohttpClient")


def trigger_100_httpx2(effort: Effort) -> Samples:
    """Make 100 calls at once with `http_client="httpx2"`; by hand: httpx, also httpx2 if installed."""
    return _measure_100(effort, "httpx2", "httpx2.AsyncClient")


def _measure_100(effort: Effort, library: str, by_hand_with: str) -> Samples:
    with Server() as server, event_loop() as loop, ExitStack() as stack:
        calls = async_calls(server, loop, stack, 100)
        calls[DEFAULT] = calls[OURS]
        chosen = SUBJECTS[OURS]().async_client(server.url, http_client=library)
        calls[OURS] = by_client(loop, chosen)
        module, _, name = by_hand_with.partition(".")
        if find_spec(module):
            calls[f"bare {module}"] = by_hand(server, loop, getattr(import_module(module), name)())
        samplers = {name: loop.per_concurrent_call(call, 100) for name, call in calls.items()}
        return interleave(effort, samplers, effort.of(30, 10))


def async_calls(server: Server, loop: EventLoop, stack: ExitStack, at_once: int) -> dict[str, AsyncCall]:
    """Return the subjects of an asynchronous row."""
    import httpx

    calls = {BARE: by_hand(server, loop, httpx.AsyncClient()), LIMIT: by_socket(server, stack, at_once)}
    for name, subject in subjects().items():
        calls[name] = by_client(loop, subject.async_client(server.url))
    return calls


def by_client(loop: EventLoop, client: Any) -> AsyncCall:
    """Return a trigger through this client or the vendor's."""

    async def call() -> str:
        run: str = (await trigger(client)).workflow_run_id
        return run

    return open_client(loop, client, call)


def by_hand(server: Server, loop: EventLoop, client: Any) -> AsyncCall:
    """Return a trigger through an asynchronous client with the interface of httpx."""
    request = request_of(server.url, trigger)
    url = server.url + request.target
    with_headers(client, request)

    async def call() -> str:
        run: str = (await post(client, url)).json()["workflow_run_id"]
        return run

    return open_client(loop, client, call)


def by_socket(server: Server, stack: ExitStack, at_once: int) -> AsyncCall:
    """Return a trigger over bare sockets, each with one request at a time."""
    request = request_of(server.url, trigger)
    sockets = cycle([stack.enter_context(BareSocket(server.url, request, blocking=False)) for _ in range(at_once)])

    async def call() -> str:
        return (await next(sockets).call_async(asyncio.get_running_loop())).decode()

    return call


def open_client(loop: EventLoop, client: Any, call: AsyncCall) -> AsyncCall:
    """Close a client together with the loop; check that its call returns the expected run."""

    async def first() -> None:
        await loop.stack.enter_async_context(client)
        assert await call() == RUN_ID

    loop.run(first())
    return call


ROWS = (
    Row(
        "trigger-sync",
        "a trigger, sync, one after another",
        trigger_sync,
        (Goal(OURS, BARE, 0.75), Goal(OURS, PEER, 0.40)),
    ),
    Row("trigger-async", "a trigger, async, one after another", trigger_async, (Goal(OURS, BARE, 0.75),)),
    Row("trigger-50", "50 triggers at once", trigger_50, (Goal(OURS, BARE, 1.00),)),
    Row(
        "trigger-100-aiohttp",
        '100 triggers at once, `http_client="aiohttp"`',
        trigger_100_aiohttp,
        (Goal(OURS, BARE, 0.25),),
        needs=("aiohttp",),
    ),
    Row(
        "trigger-100-httpx2",
        '100 triggers at once, `http_client="httpx2"`',
        trigger_100_httpx2,
        (Goal(OURS, BARE, 0.65),),
        needs=("httpcore2",),
    ),
)
