"""Triggers through other HTTP clients, each used as its experienced users would: one session, connections reused.

They send the headers and the body of this client, and decode the response with `json.loads`. A client that is not
installed has no figures. How to install them is said in `__init__`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin
from uuid import uuid4

from .by_hand import BODY, common_headers
from .server import TRUST
from .subjects import installed_version

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import ExitStack

    from knock_sdk._core.requests.encode import Outgoing

HTTP_CLIENTS = ("pycurl", "pyreqwest", "aiohttp", "niquests")
CONNECTIONS = 100
"""The most connections of a client that has no limit, or a lower one: as many as httpx and aiohttp open."""


class Post(NamedTuple):
    """A request to send, of which each call has its own body and idempotency key."""

    url: str
    headers: dict[str, str]
    authority: str | None
    """The file of trusted certificates, for clients that do not read the variable themselves."""

    def own_headers(self) -> dict[str, str]:
        """Return the headers of one call."""
        return {"content-type": "application/json", "idempotency-key": str(uuid4())}

    def body(self) -> bytes:
        """Return the body of one call."""
        return json.dumps(BODY, separators=(",", ":")).encode()


class AsyncClient(NamedTuple):
    """How an asynchronous client is opened, and how it posts."""

    open: Callable[[Post], Any]
    send: Callable[[Any, Post], Awaitable[str | bytes]]


def post_of(url: str, request: Outgoing) -> Post:
    """Return what these clients send in place of a request."""
    return Post(urljoin(url, request.target), common_headers(request), os.environ.get(TRUST))


def run_id(answer: str | bytes) -> str:
    """Decode the response to a trigger."""
    run: str = json.loads(answer)["workflow_run_id"]
    return run


def sync_calls(post: Post, stack: ExitStack) -> dict[str, Callable[[], str]]:
    """Return a trigger through each synchronous client that is installed."""
    clients = {"pycurl": _with_pycurl, "pyreqwest": _with_pyreqwest, "niquests": _with_niquests}
    return {name: make(post, stack) for name, make in clients.items() if installed_version(name)}


def _with_pycurl(post: Post, stack: ExitStack) -> Callable[[], str]:
    import pycurl

    handle = pycurl.Curl()
    stack.callback(handle.close)
    handle.setopt(pycurl.URL, post.url)
    if post.authority:
        handle.setopt(pycurl.CAINFO, post.authority)
    common = [f"{name}: {value}" for name, value in post.headers.items()]

    def call() -> str:
        handle.setopt(pycurl.HTTPHEADER, common + [f"{name}: {value}" for name, value in post.own_headers().items()])
        handle.setopt(pycurl.POSTFIELDS, post.body())
        return run_id(handle.perform_rb())

    return call


def _with_pyreqwest(post: Post, stack: ExitStack) -> Callable[[], str]:
    from pyreqwest.client import SyncClientBuilder

    client = stack.enter_context(_built_pyreqwest(SyncClientBuilder(), post))

    def call() -> str:
        request = client.post(post.url).headers(post.own_headers()).body_bytes(post.body()).build()
        return run_id(request.send().text())

    return call


def _with_niquests(post: Post, stack: ExitStack) -> Callable[[], str]:
    import niquests

    session = stack.enter_context(niquests.Session(headers=post.headers))

    def call() -> str:
        # With the session, `verify` would give way to REQUESTS_CA_BUNDLE.
        response = session.post(post.url, data=post.body(), headers=post.own_headers(), verify=post.authority)
        return run_id(response.content or b"")

    return call


def _built_pyreqwest(builder: Any, post: Post) -> Any:
    builder = builder.default_headers(post.headers).max_connections(CONNECTIONS)
    if post.authority:
        builder = builder.add_root_certificate_pem(Path(post.authority).read_bytes())
    return builder.build()


def async_clients() -> dict[str, AsyncClient]:
    """Return the asynchronous clients that are installed; they are opened inside an event loop."""
    return {name: client for name, client in _ASYNC.items() if installed_version(name)}


def _open_pyreqwest(post: Post) -> Any:
    from pyreqwest.client import ClientBuilder

    return _built_pyreqwest(ClientBuilder(), post)


async def _send_with_pyreqwest(client: Any, post: Post) -> str:
    request = client.post(post.url).headers(post.own_headers()).body_bytes(post.body()).build()
    answer: str = await (await request.send()).text()
    return answer


def _open_aiohttp(post: Post) -> Any:
    import aiohttp

    return aiohttp.ClientSession(headers=post.headers)


async def _send_with_aiohttp(session: Any, post: Post) -> bytes:
    async with session.post(post.url, data=post.body(), headers=post.own_headers()) as response:
        answer: bytes = await response.read()
    return answer


def _open_niquests(post: Post) -> Any:
    import niquests

    return niquests.AsyncSession(headers=post.headers, pool_maxsize=CONNECTIONS)


async def _send_with_niquests(session: Any, post: Post) -> bytes:
    response = await session.post(post.url, data=post.body(), headers=post.own_headers(), verify=post.authority)
    answer: bytes = response.content
    return answer


_ASYNC = {
    "pyreqwest": AsyncClient(_open_pyreqwest, _send_with_pyreqwest),
    "aiohttp": AsyncClient(_open_aiohttp, _send_with_aiohttp),
    "niquests": AsyncClient(_open_niquests, _send_with_niquests),
}
