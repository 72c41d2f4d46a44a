"""The simulator as an ASGI application, for any server that speaks ASGI; `python -m knock_sdk.testing` brings one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from anyio import move_on_after
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request

from ..http.exchange import ConnectionDropped, HTTPRequest
from . import control

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

    from ..base import BaseSimulator

DROP = "knock_sdk.drop"
"""Key in `scope["state"]` of a function that breaks the connection off, where the server has one."""


def _nothing() -> None:
    """Do nothing."""


class Hooks(NamedTuple):
    """What a server does besides answering."""

    before: Callable[[], None] = _nothing
    """Done before each request, such as moving the clock."""
    after: Callable[[], None] = _nothing
    """Done after each request, such as saving the state."""
    lifespan: Lifespan[Starlette] | None = None
    """Entered when the server starts and left when it ends."""


NO_HOOKS = Hooks()


def app(simulator: BaseSimulator, hooks: Hooks = NO_HOOKS) -> ASGIApp:
    """Return an application that answers with a simulator: the API, and below `/_simulator` what tests ask of it.

    Args:
        simulator: What answers.
        hooks: What a server does besides.
    """
    application = Starlette(routes=control.routes(simulator), lifespan=hooks.lifespan)
    application.router.default = _API(simulator)  # no route: those of Starlette do not match a path with a newline
    return _Hooked(application, hooks)


class _Hooked:
    """Does what the hooks say around each request, those to the control endpoints too."""

    def __init__(self, inner: ASGIApp, hooks: Hooks) -> None:
        self._inner = inner
        self._hooks = hooks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        self._hooks.before()
        try:
            await self._inner(scope, receive, send)
        finally:
            self._hooks.after()


class _API:
    """Passes requests on as they came: the router of the simulator, not Starlette's, knows the API's paths."""

    def __init__(self, simulator: BaseSimulator) -> None:
        self._simulator = simulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
            return
        try:
            body = await Request(scope, receive).body()
        except ClientDisconnect:
            return
        try:
            response = self._simulator.handle(HTTPRequest(scope["method"], _target(scope), scope["headers"], body))
        except ConnectionDropped as dropped:
            if await _stays(receive, dropped.delay):
                await _drop(scope, receive, send)
            return
        if not await _stays(receive, response.delay):
            return
        await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
        await send({"type": "http.response.body", "body": response.body})


async def _drop(scope: Scope, receive: Receive, send: Send) -> None:
    """End the connection without an answer."""
    drop: Callable[[], None] | None = scope.get("state", {}).get(DROP)
    if drop is None:
        # What ASGI has to say it with: an answer that is broken off after its head.
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
        return
    drop()
    await _leaves(receive)


async def _stays(receive: Receive, seconds: float) -> bool:
    """Wait; tell whether the client is still there."""
    if seconds:
        with move_on_after(seconds):
            await _leaves(receive)
            return False
    return True


async def _leaves(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _target(scope: Scope) -> str:
    """Return path and query as they stand in the request: decoding the path would lose slashes inside ids."""
    raw_path: bytes | None = scope.get("raw_path")  # not every server has it
    path = quote(scope["path"]) if raw_path is None else raw_path.decode("latin-1")
    query: bytes = scope["query_string"]
    return f"{path}?{query.decode('latin-1')}" if query else path
