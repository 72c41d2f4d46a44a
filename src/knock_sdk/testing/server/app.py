"""The ASGI application: the API, and below `/_simulator` the control endpoints."""

# ruff: noqa: TC001, TC002, TC003 - annotations of public methods can be evaluated
from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple
from urllib.parse import quote

from anyio import move_on_after
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from ..base import BaseSimulator
from ..http.authentication import key_of
from ..http.errors import Problem
from ..http.exchange import ConnectionDropped, HTTPRequest
from ..webhook_sender import serving
from . import control, page, sockets
from .aborting import DROP
from .access import LOOPBACK_ONLY, Access
from .body_limit import BodyLimit, BodyTooLargeError, handle_too_large
from .cors import CORS
from .environments import Environments
from .guard import Guard
from .real_time import RealTime
from .refusal import error_response


def _do_nothing() -> None:
    """Do nothing."""


class Hooks(NamedTuple):
    """Functions that run around requests, and around the lifetime of the server."""

    before: Callable[[], None] = _do_nothing
    """Called before each request, for instance to move the clock."""
    after: Callable[[], None] = _do_nothing
    """Called after each request, for instance to save the state."""
    lifespans: tuple[Lifespan[Starlette], ...] = ()
    """Entered when the server starts and exited when it ends."""


NO_HOOKS = Hooks()


def app(
    simulator: BaseSimulator, hooks: Hooks = NO_HOOKS, access: Access = LOOPBACK_ONLY, *, real_time: bool = False
) -> ASGIApp:
    """Return an ASGI application that serves a simulator: the API, and below `/_simulator` the control endpoints.

    Args:
        simulator: The simulator to serve.
        hooks: Functions to run around requests and around the lifetime of the server.
        access: Origins and hosts that are permitted besides those of this machine.
        real_time: Whether the clocks run, so that what is due is carried out without a request.
    """
    environments = Environments(simulator)
    if real_time:
        clocks = RealTime(environments, hooks.after)
        hooks = Hooks(_both(clocks.catch_up, hooks.before), hooks.after, (*hooks.lifespans, clocks.lifespan))

    @asynccontextmanager
    async def lifespan(application: Starlette) -> AsyncGenerator[None, None]:
        async with AsyncExitStack() as stack:
            for each in hooks.lifespans:
                await stack.enter_async_context(each(application))
            yield

    routes = [*control.routes(environments), *page.routes(environments), *sockets.routes(environments)]
    handlers = {BodyTooLargeError: handle_too_large}
    application = Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)
    application.router.default = _API(environments)  # not a route: Starlette's do not match a path with a newline
    return Guard(CORS(BodyLimit(_WithHooks(application, hooks)), access.origins), access.hosts)


def _both(first: Callable[[], None], second: Callable[[], None]) -> Callable[[], None]:
    def call() -> None:
        first()
        second()

    return call


class _WithHooks:
    """Runs the hooks around each request, including those to control endpoints."""

    def __init__(self, inner: ASGIApp, hooks: Hooks) -> None:
        self._inner = inner
        self._hooks = hooks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        token = serving.set(True)
        try:
            self._hooks.before()
            try:
                await self._inner(scope, receive, send)
            finally:
                self._hooks.after()
        finally:
            serving.reset(token)


class _API:
    """Passes requests unchanged to the simulator that the API key names: its own router matches the API's paths."""

    def __init__(self, environments: Environments) -> None:
        self._environments = environments

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
            return
        try:
            body = await Request(scope, receive).body()
        except ClientDisconnect:
            return
        request = HTTPRequest(scope["method"], _target_of(scope), scope["headers"], body)
        try:
            simulator = self._environments.get_for_key(key_of(request) or "")
        except ValueError as error:
            await error_response(Problem("invalid_params", str(error)))(scope, receive, send)
            return
        try:
            response = simulator.handle(request)
        except ConnectionDropped as dropped:
            if await _wait(receive, dropped.delay):
                await _drop_connection(scope, receive, send)
            return
        if not await _wait(receive, response.delay):
            return
        await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
        await send({"type": "http.response.body", "body": response.body})


async def _drop_connection(scope: Scope, receive: Receive, send: Send) -> None:
    """End the connection without a response."""
    drop: Callable[[], None] | None = scope.get("state", {}).get(DROP)
    if drop is None:
        # ASGI cannot abort a connection. A response that ends before its body is complete makes servers close it.
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
        return
    drop()
    await _wait_for_disconnect(receive)


async def _wait(receive: Receive, seconds: float) -> bool:
    """Wait some seconds, or until the client disconnects; return whether it is still connected."""
    if seconds:
        with move_on_after(seconds):
            await _wait_for_disconnect(receive)
            return False
    return True


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _target_of(scope: Scope) -> str:
    """Return path and query, still percent-encoded: decoding would lose slashes in ids."""
    raw_path: bytes | None = scope.get("raw_path")  # optional in ASGI
    path = quote(scope["path"]) if raw_path is None else raw_path.decode("latin-1")
    query: bytes = scope["query_string"]
    return f"{path}?{query.decode('latin-1')}" if query else path
