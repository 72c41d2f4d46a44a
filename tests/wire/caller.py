"""One test for all clients: a call is made directly, or in an event loop of asyncio or trio."""

from __future__ import annotations

import inspect
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import anyio
import httpx
from anyio.from_thread import start_blocking_portal

from knock_sdk import AsyncKnock, Knock
from tests.support.server import SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from typing_extensions import Self

KEY = "sk_test_canary_3141592653589793"
USER = {"__typename": "User", "id": "u1", "created_at": None, "updated_at": "2026-01-02T03:04:05Z"}


class Caller:
    """Makes clients of one kind and their calls; its event loop runs as long as its block.

    Attributes:
        kind: "sync", "asyncio" or "trio".
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._stack = ExitStack()
        self._portal: Any = None

    def __enter__(self) -> Self:
        if self.kind != "sync":
            self._portal = self._stack.enter_context(start_blocking_portal(self.kind))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def client(self, base_url: str, **options: Any) -> Any:
        """Make a client, which is closed at the end of the caller's block."""
        kind: Any = Knock if self.kind == "sync" else AsyncKnock
        client = kind(**{"api_key": KEY, "base_url": base_url, **options})
        self.on_exit(client.close)
        return client

    def httpx(self, transport: httpx.MockTransport | None = None, **options: Any) -> Any:
        """Make an httpx client of the same kind, over a mock or the network."""
        made: Any
        if self.kind == "sync":
            made = httpx.Client(transport=transport, **options)
            self.on_exit(made.close)
        else:
            made = httpx.AsyncClient(transport=transport, **options)
            self.on_exit(made.aclose)
        return made

    def on_exit(self, close: Callable[[], Any]) -> None:
        """Call `close` at the end of the caller's block, in its event loop."""
        self._stack.callback(self, close)

    def __call__(self, function: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """Call a method of a client and return its result."""
        if self._portal is None:
            return function(*args, **named)
        return self._portal.call(_await, lambda: function(*args, **named))

    def iterate(self, make: Callable[[], Any], limit: int | None = None) -> list[Any]:
        """Iterate the result of `make`, up to `limit` items, and return these."""
        if self._portal is None:
            return _iterate(make, limit)
        result: list[Any] = self._portal.call(_iterate_async, make, limit)
        return result

    def when(
        self, condition: Callable[[], bool], function: Callable[[], Any], ended: list[Any] | None = None
    ) -> Callable[[], Any]:
        """Return a function for `together` that makes its call a moment after something has come true.

        Args:
            condition: what must be true.
            function: makes the call.
            ended: gets an element when the call has ended.
        """
        ends = [] if ended is None else ended

        def wait() -> None:
            limit = time.monotonic() + SECONDS
            while not condition() and time.monotonic() < limit:
                time.sleep(0.01)
            time.sleep(0.05)

        def later() -> Any:
            wait()
            try:
                return function()
            finally:
                ends.append(None)

        async def later_in_the_loop() -> Any:
            await anyio.to_thread.run_sync(wait)
            try:
                return await function()
            finally:
                ends.append(None)

        return later if self._portal is None else later_in_the_loop

    def together(self, functions: Iterable[Callable[[], Any]]) -> list[Any]:
        """Make calls concurrently, with up to 32 threads; return their results or exceptions."""
        calls = list(functions)
        if self._portal is None:
            with ThreadPoolExecutor(min(len(calls), 32)) as threads:
                return list(threads.map(_outcome, calls))
        results: list[Any] = self._portal.call(_gather, calls)
        return results


def _iterate(make: Callable[[], Any], limit: int | None) -> list[Any]:
    items = []
    for item in make():
        items.append(item)
        if len(items) == limit:
            break
    return items


async def _iterate_async(make: Callable[[], Any], limit: int | None) -> list[Any]:
    items = []
    async for item in make():
        items.append(item)
        if len(items) == limit:
            break
    return items


def _outcome(function: Callable[[], Any]) -> Any:
    try:
        return function()
    except Exception as error:  # noqa: BLE001 (the test checks it)
        return error


async def _await(function: Callable[[], Any]) -> Any:
    result = function()
    return await result if inspect.isawaitable(result) else result


async def _gather(functions: list[Callable[[], Any]]) -> list[Any]:
    results: list[Any] = [None] * len(functions)

    async def one(index: int) -> None:
        try:
            results[index] = await functions[index]()
        except Exception as error:  # noqa: BLE001 (the test checks it)
            results[index] = error

    async with anyio.create_task_group() as group:
        for index in range(len(functions)):
            group.start_soon(one, index)
    return results
