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
KEPT = "bare, all connections kept"
DEFAULT = "knock-sdk, default engine"


def trigger(client: Any) -> Any:
    """Trigger through this client or the vendor's, which is called in the same way."""
    return client.workflows.trigger(WORKFLOW, recipients=RECIPIENTS, data=DATA)


def post(client: Any, url: str) -> Any:
    """Trigger through an httpx client, sync or async."""
    return client.post(url, json={"data": DATA, "recipients": RECIPIENTS}, headers={"idempotency-key": str(uuid4())})


def trigger_sync(effort: Effort) -> Samples:
    """One call after another over a kept connection, with the same headers and body.

    By hand: `httpx.Client.post(...).json()` with an idempotency key of its own for each call. Limit: `socket.sendall`
    and `recv` of those bytes.
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
    """As `trigger_sync`, awaited one after another: `httpx.AsyncClient`, and `loop.sock_sendall` and `sock_recv`."""
    with Server() as server, event_loop() as loop, ExitStack() as stack:
        calls = async_calls(server, loop, stack, 1)
        samplers = {name: loop.per_call(call, 25) for name, call in calls.items()}
        return interleave(effort, samplers, effort.of(160, 40))


def trigger_50(effort: Effort) -> Samples:
    """50 calls at once in `asyncio.gather`, again and again, each client with its own default limits.

    `httpx.AsyncClient` keeps 20 connections by default; beside it stands one that keeps all. Limit: 50 sockets.
    """
    import httpx

    with Server() as server, event_loop() as loop, ExitStack() as stack:
        calls = async_calls(server, loop, stack, 50)
        keeping = httpx.Limits(max_connections=100, max_keepalive_connections=100)
        calls[KEPT] = by_hand(server, loop, httpx.AsyncClient(limits=keeping))
        samplers = {name: loop.per_crowd(call, 50) for name, call in calls.items()}
        return interleave(effort, samplers, effort.of(100, 18))


def trigger_100_aiohttp(effort: Effort) -> Samples:
    """100 calls at once, this client with `http_client="aiohttp"`; by hand: httpx, also over aiohttp if it is here."""
    return _crowd_of_100(effort, "aiohttp", "httpx_aiohttp.HttpxAiohttpClient")


def trigger_100_httpx2(effort: Effort) -> Samples:
    """100 calls at once, this client with `http_client="httpx2"`; by hand: httpx, also httpx2 if it is here."""
    return _crowd_of_100(effort, "httpx2", "httpx2.AsyncClient")


def _crowd_of_100(effort: Effort, library: str, by_hand_with: str) -> Samples:
    with Server() as server, event_loop() as loop, ExitStack() as stack:
        calls = async_calls(server, loop, stack, 100)
        calls[DEFAULT] = calls[OURS]
        chosen = SUBJECTS[OURS]().async_client(server.url, http_client=library)
        calls[OURS] = ours_or_peer(loop, chosen)
        module, _, name = by_hand_with.partition(".")
        if find_spec(module):
            calls[f"bare {module}"] = by_hand(server, loop, getattr(import_module(module), name)())
        samplers = {name: loop.per_crowd(call, 100) for name, call in calls.items()}
        return interleave(effort, samplers, effort.of(30, 10))


def async_calls(server: Server, loop: EventLoop, stack: ExitStack, at_once: int) -> dict[str, AsyncCall]:
    """Return the subjects of an asynchronous row."""
    import httpx

    calls = {BARE: by_hand(server, loop, httpx.AsyncClient()), LIMIT: by_socket(server, stack, at_once)}
    for name, subject in subjects().items():
        calls[name] = ours_or_peer(loop, subject.async_client(server.url))
    return calls


def ours_or_peer(loop: EventLoop, client: Any) -> AsyncCall:
    """Return a trigger through this client or the vendor's."""

    async def call() -> str:
        run: str = (await trigger(client)).workflow_run_id
        return run

    return opened(loop, client, call)


def by_hand(server: Server, loop: EventLoop, client: Any) -> AsyncCall:
    """Return a trigger through an asynchronous client of httpx or of its shape."""
    request = request_of(server.url, trigger)
    url = server.url + request.target
    with_headers(client, request)

    async def call() -> str:
        run: str = (await post(client, url)).json()["workflow_run_id"]
        return run

    return opened(loop, client, call)


def by_socket(server: Server, stack: ExitStack, at_once: int) -> AsyncCall:
    """Return a trigger over bare sockets, each of which carries one at a time."""
    request = request_of(server.url, trigger)
    sockets = cycle([stack.enter_context(BareSocket(server.url, request, blocking=False)) for _ in range(at_once)])

    async def call() -> str:
        return (await next(sockets).call_async(asyncio.get_running_loop())).decode()

    return call


def opened(loop: EventLoop, client: Any, call: AsyncCall) -> AsyncCall:
    """Let a client be closed with the loop; make sure that its call has the right answer."""

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
