"""A trigger through each subject of the rows: this client, the vendor's, code by hand, other HTTP clients, sockets."""

from __future__ import annotations

import asyncio
from itertools import cycle
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from .bodies import RUN_ID
from .by_hand import BareSocket, post, request_of, trigger, with_headers
from .http_clients import async_clients, post_of, run_id
from .http_clients import sync_calls as sync_http_clients
from .row import BARE, LIMIT
from .subjects import subjects

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import ExitStack

    from .http_clients import AsyncClient
    from .measure import EventLoop

    AsyncCall = Callable[[], Awaitable[str]]


def sync_calls(url: str, stack: ExitStack) -> dict[str, Callable[[], object]]:
    """Return the subjects of a synchronous row."""
    import httpx

    request = request_of(url, trigger)
    target = urljoin(url, request.target)
    bare = stack.enter_context(with_headers(httpx.Client(), request))
    calls: dict[str, Callable[[], object]] = {
        BARE: lambda: post(bare, target).json()["workflow_run_id"],
        LIMIT: stack.enter_context(BareSocket(url, request)).call,
        **sync_http_clients(post_of(url, request), stack),
    }
    for name, subject in subjects().items():
        client = stack.enter_context(subject.client(url))
        calls[name] = lambda client=client: trigger(client).workflow_run_id
    for name, call in calls.items():
        assert name == LIMIT or call() == RUN_ID
    return calls


def async_calls(url: str, loop: EventLoop, bare: Any) -> dict[str, AsyncCall]:
    """Return the subjects of an asynchronous row; `bare` is the client of code by hand, with the interface of httpx."""
    calls = {BARE: by_hand(url, loop, bare)}
    for name, client in async_clients().items():
        calls[name] = by_http_client(url, loop, client)
    for name, subject in subjects().items():
        calls[name] = by_client(loop, subject.async_client(url))
    return calls


def by_client(loop: EventLoop, client: Any) -> AsyncCall:
    """Return a trigger through this client or the vendor's."""

    async def call() -> str:
        run: str = (await trigger(client)).workflow_run_id
        return run

    return open_client(loop, client, call)


def by_hand(url: str, loop: EventLoop, client: Any) -> AsyncCall:
    """Return a trigger through an asynchronous client with the interface of httpx."""
    request = request_of(url, trigger)
    target = urljoin(url, request.target)
    with_headers(client, request)

    async def call() -> str:
        run: str = (await post(client, target)).json()["workflow_run_id"]
        return run

    return open_client(loop, client, call)


def by_http_client(url: str, loop: EventLoop, client: AsyncClient) -> AsyncCall:
    """Return a trigger through another HTTP client."""
    sent = post_of(url, request_of(url, trigger))

    async def opened() -> Any:
        return client.open(sent)

    session = loop.run(opened())

    async def call() -> str:
        return run_id(await client.send(session, sent))

    return open_client(loop, session, call)


def by_socket(url: str, stack: ExitStack, at_once: int) -> AsyncCall:
    """Return a trigger over bare sockets, each with one request at a time."""
    request = request_of(url, trigger)
    sockets = cycle([stack.enter_context(BareSocket(url, request, blocking=False)) for _ in range(at_once)])

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
