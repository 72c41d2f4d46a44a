"""Server-sent events that tell an open page what has changed, so that it fetches itself anew."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from threading import Lock
from typing import TYPE_CHECKING, get_args

from anyio import create_task_group
from pydantic_core import to_json
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from ...state.changes import ChangeKind
from ..environments import MAIN
from ..state_access import locked, watch
from . import times

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute
    from starlette.types import Receive, Scope, Send

    from ...base import BaseSimulator
    from ...state.changes import Change
    from ..environments import Environments

PATH = "/_page/events"
SHUTDOWN = "knock_sdk.shutdown"
"""Key in `scope["state"]` of an `asyncio.Event` that is set when the server ends, if the server provides one."""

_INTERVAL = 0.2
"""Seconds for which changes are gathered."""
_CLOCK_INTERVAL = 1.0
"""The same if nothing but the clock has changed, which with real time it always does."""
_KEEP_ALIVE = 15.0
"""Seconds after which a stream without events shows that it is still there."""
_RECONNECT = 1000
"""Milliseconds after which the browser connects again."""
_ALWAYS: frozenset[str] = frozenset({"clock", "state"})
_KINDS: frozenset[str] = frozenset(get_args(ChangeKind))


class Gathered:
    """The changes since the last event, by kind: a few numbers, however many changes there are."""

    def __init__(self, kinds: frozenset[str]) -> None:
        """Start without changes, in the event loop that will wait for them."""
        self._kinds = kinds
        self._counts: dict[str, int] = {}
        self._lock = Lock()
        self._loop = asyncio.get_running_loop()
        self._any = asyncio.Event()

    def add(self, changes: Sequence[Change]) -> None:
        """Count changes; any thread may call it."""
        with self._lock:
            first = not self._counts
            for change in changes:
                if change.kind in self._kinds:
                    self._counts[change.kind] = self._counts.get(change.kind, 0) + 1
            wake = first and bool(self._counts)
        if wake:
            with suppress(RuntimeError):  # the loop has ended, and nobody waits
                self._loop.call_soon_threadsafe(self._any.set)

    async def wait(self) -> None:
        """Wait for a change, then a moment for others."""
        await self._any.wait()
        await asyncio.sleep(_INTERVAL)
        if self._counts.keys() <= {"clock"}:
            await asyncio.sleep(_CLOCK_INTERVAL - _INTERVAL)

    def take(self) -> dict[str, int]:
        """Return the number of changes by kind since the last call."""
        self._any.clear()
        with self._lock:
            counts, self._counts = self._counts, {}
        return counts


def routes(environments: Environments) -> list[BaseRoute]:
    """Return the route of the events."""

    async def events(request: Request) -> Response | _Stream:
        name = request.query_params.get("environment", MAIN)
        if name not in environments.names:
            return PlainTextResponse(f"There is no environment {name!r}.", 404)
        kinds = frozenset(request.query_params.get("kinds", "").split(",")) & _KINDS
        shutdown = request.scope.get("state", {}).get(SHUTDOWN)
        simulator = environments.get(name)
        return _Stream(_events(simulator, kinds | _ALWAYS, lambda: environments.has(name, simulator)), shutdown)

    return [Route(PATH, events, methods=["GET"])]


async def _events(
    simulator: BaseSimulator, kinds: frozenset[str], is_present: Callable[[], bool]
) -> AsyncGenerator[bytes, None]:
    """Iterate over the events, until the environment is deleted: another one may be made by its name."""
    gathered = Gathered(kinds)
    stop = watch(simulator, gathered.add)
    try:
        yield f"retry: {_RECONNECT}\n\n".encode() + _event(simulator, {})
        while True:
            try:
                await asyncio.wait_for(gathered.wait(), _KEEP_ALIVE)
            except asyncio.TimeoutError:
                yield b": still here\n\n"
            else:
                yield _event(simulator, gathered.take())
            if not is_present():
                return
    finally:
        stop()


def _event(simulator: BaseSimulator, counts: dict[str, int]) -> bytes:
    with locked(simulator) as world:
        data = {"kinds": counts, "now": times.full(world.clock.now), "total": len(world.message_order)}
    return b"event: change\ndata: " + to_json(data) + b"\n\n"


class _Stream:
    """A response that ends when the browser leaves, the server ends, or there are no more events."""

    def __init__(self, events: AsyncGenerator[bytes, None], shutdown: asyncio.Event | None) -> None:
        self._events = events
        self._shutdown = shutdown or asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope
        is_over = False
        async with create_task_group() as tasks:

            async def run(wait: Callable[[], Awaitable[object]]) -> None:
                await wait()
                tasks.cancel_scope.cancel()

            tasks.start_soon(run, lambda: _wait_for_disconnect(receive))
            tasks.start_soon(run, self._shutdown.wait)
            await self._send(send)
            is_over = True
            tasks.cancel_scope.cancel()
        if is_over or self._shutdown.is_set():
            await send({"type": "http.response.body", "body": b""})

    async def _send(self, send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        async with aclosing(self._events):
            async for event in self._events:
                await send({"type": "http.response.body", "body": event, "more_body": True})


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
