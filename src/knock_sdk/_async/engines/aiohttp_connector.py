"""Connections of aiohttp: one for each attempt, all of them closed when their event loop or process ends.

The library closes connections through its event loop, which fails if the loop has ended or the process is a fork; and
sessions warn if they are not closed.
"""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import suppress
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import aiohttp
from typing_extensions import override

from ...errors import ConfigurationError
from .._concurrency import Limiter
from .network import is_readable

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncGenerator, Sequence

    from aiohttp.client_proto import ResponseHandler
    from aiohttp.connector import Connection
    from aiohttp.tracing import Trace

    from ..._core.config import Config
    from ..._core.url import Origin

if "max_headers" not in (aiohttp.ClientSession.__init__.__kwdefaults__ or {}):
    raise ImportError("before aiohttp 3.13.4 an answer with headers without end fills the memory")

_KEEP_ALIVE = 30.0
_LONGEST_HEADER = 64 * 1024


class Attempt:
    """The progress of an attempt inside the library."""

    __slots__ = ("connected", "reused", "sized", "transport")

    def __init__(self, *, sized: bool) -> None:
        """Start without a connection.

        Args:
            sized: whether the request's own headers have the length of its body.
        """
        self.sized = sized
        self.connected = False
        self.reused = False
        self.transport: asyncio.Transport | None = None


current: ContextVar[Attempt] = ContextVar("knock_sdk_attempt")


class Connector(aiohttp.TCPConnector):
    """Gives each attempt one usable connection."""

    def __init__(self, origin: Origin) -> None:
        """Start without connections."""
        context: ssl.SSLContext | bool = True
        if origin.scheme == "https":
            from ..._core.tls import tls_context

            context = tls_context()
        self.over = False
        self._protocols: WeakSet[ResponseHandler] = WeakSet()
        self._sockets: WeakSet[socket.socket] = WeakSet()
        super().__init__(  # pyright: ignore[reportUnknownMemberType] (an address may hold anything)
            limit=0,  # the limiter in front of it has one
            keepalive_timeout=_KEEP_ALIVE,
            resolver=aiohttp.ThreadedResolver(),
            socket_factory=partial(_open, self._sockets),
            ssl=context,
        )

    @override
    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,
    ) -> Connection:
        """Return a new connection, or an idle one on which nothing has arrived since, neither bytes nor its end."""
        attempt = current.get()
        if attempt.connected:
            # The library would send the request once more; the transport decides whether that is safe.
            raise aiohttp.ServerDisconnectedError
        if not attempt.sized:
            req.headers.popall("content-length", None)
        while True:
            connection = await super().connect(req, traces, timeout)
            protocol, transport = connection.protocol, connection.transport
            if self.over or protocol is None or transport is None:
                connection.close()
                raise aiohttp.ClientConnectionError
            kept = protocol in self._protocols
            if kept and (protocol.should_close or is_readable(transport.get_extra_info("socket"))):
                connection.close()
                continue
            self._protocols.add(protocol)
            attempt.connected, attempt.reused, attempt.transport = True, kept, transport
            return connection

    @property
    @override
    def closed(self) -> bool:
        """Whether no more connections are made; the session then does not warn about its connector."""
        return self.over or super().closed

    def end(self) -> None:
        """Close every connection at once, in their event loop."""
        self.over = True
        for protocol in list(self._protocols):
            if protocol.transport is not None:
                protocol.transport.abort()

    def close_sockets(self) -> None:
        """Close every socket without the event loop: it has ended, or is a fork's copy with the parent's selector."""
        self.over = True
        for each in list(self._sockets):
            each.close()

    @override
    def __del__(self, _warnings: object = None) -> None:
        """Do nothing: it has been ended before."""


def _open(opened: WeakSet[socket.socket], address: Sequence[Any]) -> socket.socket:
    made = socket.socket(*address[:3])
    opened.add(made)
    return made


class Place:
    """The session of one process and event loop."""

    def __init__(self, config: Config) -> None:
        """Start without connections."""
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            raise ConfigurationError(
                "http_client: 'aiohttp' is for asyncio alone; for trio take 'httpx2', or leave it out"
            ) from None
        self._process = os.getpid()
        self._connector = Connector(config.origin)
        self.limiter = Limiter(config.max_connections)
        self.session = aiohttp.ClientSession(
            connector=self._connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("content-type",),
            auto_decompress=False,
            max_line_size=_LONGEST_HEADER,
            max_field_size=_LONGEST_HEADER,
        )
        self._watch = self._until_the_loop_ends()
        with suppress(StopIteration):
            self._watch.__anext__().send(None)

    async def _until_the_loop_ends(self) -> AsyncGenerator[None, None]:
        """Wait for the event loop to close, which it announces only by closing its asynchronous generators."""
        try:
            yield
        finally:
            self._end()

    @property
    def closed(self) -> bool:
        """Whether nothing is sent any more."""
        return self._connector.over

    def end(self) -> None:
        """Close every connection without waiting, in whatever loop, thread or process this runs."""
        if self._process == os.getpid() and self._loop.is_running():
            self._connector.over = True
            with suppress(RuntimeError):  # a loop that is closing does this itself
                self._loop.call_soon_threadsafe(self._end_watch)
        else:
            self._end_watch()

    def _end_watch(self) -> None:
        with suppress(StopIteration):
            self._watch.aclose().send(None)

    def _end(self) -> None:
        if self._process != os.getpid() or self._loop.is_closed():
            self._connector.close_sockets()
        else:
            self._connector.end()
