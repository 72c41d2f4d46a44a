"""`workflows.trigger`: one after another, many at once, and over TLS."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from ..measure import event_loop, interleave, per_call
from ..row import BARE, LIMIT, OURS, PEER, Goal, Row
from ..server import Server, TLSServer
from ..trigger_calls import async_calls, by_hand, by_socket, sync_calls

if TYPE_CHECKING:
    from ..row import Effort, Samples

POOLED = "bare, all connections pooled"


def trigger_sync(effort: Effort) -> Samples:
    """Make one call after another over a pooled connection, with the same headers and body.

    By hand: `httpx.Client.post(...).json()` with a new idempotency key for each call. Limit: `socket.sendall` and
    `recv` of those bytes.
    """
    with Server() as server:
        return _one_after_another(effort, server)


def trigger_tls(effort: Effort) -> Samples:
    """Do the same over TLS; the connections are open."""
    with TLSServer() as server:
        return _one_after_another(effort, server)


def _one_after_another(effort: Effort, server: Server) -> Samples:
    with ExitStack() as stack:
        samplers = {name: per_call(call, 25) for name, call in sync_calls(server.url, stack).items()}
        return interleave(effort, samplers, effort.of(160, 40))


def trigger_async(effort: Effort) -> Samples:
    """Await one call after another, as `trigger_sync`: `httpx.AsyncClient`, `loop.sock_sendall` and `sock_recv`."""
    import httpx

    with Server() as server, event_loop() as loop, ExitStack() as stack:
        calls = async_calls(server.url, loop, httpx.AsyncClient())
        calls[LIMIT] = by_socket(server.url, stack, 1)
        samplers = {name: loop.per_call(call, 25) for name, call in calls.items()}
        return interleave(effort, samplers, effort.of(160, 40))


def trigger_50(effort: Effort) -> Samples:
    """Make 50 calls at once in `asyncio.gather`, repeatedly, each client with its own default limits.

    `httpx.AsyncClient` pools 20 connections by default; another one pools all. Limit: 50 sockets.
    """
    with Server() as server:
        return _at_once(effort, server, 50, effort.of(100, 18))


def trigger_500(effort: Effort) -> Samples:
    """Make 500 calls at once, as `trigger_50`. Limit: 500 sockets."""
    with Server() as server:
        return _at_once(effort, server, 500, effort.of(25, 4))


def trigger_tls_50(effort: Effort) -> Samples:
    """Make 50 calls at once over TLS, without a limit; the connections that a client pools are open."""
    with TLSServer() as server:
        return _at_once(effort, server, 50, effort.of(60, 12))


def _at_once(effort: Effort, server: Server, count: int, rounds: int) -> Samples:
    import httpx

    with event_loop() as loop, ExitStack() as stack:
        calls = async_calls(server.url, loop, httpx.AsyncClient())
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
        calls[POOLED] = by_hand(server.url, loop, httpx.AsyncClient(limits=limits))
        if not isinstance(server, TLSServer):
            calls[LIMIT] = by_socket(server.url, stack, count)
        samplers = {name: loop.per_concurrent_call(call, count) for name, call in calls.items()}
        return interleave(effort, samplers, rounds)


ROWS = (
    Row(
        "trigger-sync",
        "a trigger, sync, one after another",
        trigger_sync,
        (Goal(OURS, BARE, 0.32), Goal(OURS, PEER, 0.20)),
    ),
    Row("trigger-async", "a trigger, async, one after another", trigger_async, (Goal(OURS, BARE, 0.32),)),
    Row("trigger-50", "50 triggers at once", trigger_50, (Goal(OURS, BARE, 0.10),)),
    Row("trigger-500", "500 triggers at once", trigger_500, (Goal(OURS, BARE, 0.10),)),
    Row("trigger-tls", "a trigger over TLS, sync", trigger_tls, (Goal(OURS, BARE, 0.40),), needs=("trustme",)),
    Row(
        "trigger-tls-50", "50 triggers at once over TLS", trigger_tls_50, (Goal(OURS, BARE, 0.10),), needs=("trustme",)
    ),
)
