"""The default engine: pooled connections of the connection library, one request at a time on each.

The library's own pool is not used: it leaks slots when tasks are cancelled while it is full, and scans all waiting
requests for each one that ends. Here a limiter bounds the attempts in flight, and idle connections are on a stack; an
attempt that does not end cleanly closes its connection.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

import httpcore

from ..._core.deadline import seconds_left
from ..._core.outcome import Failure, Oversized, Response
from ..._core.response_body import Collector
from .._concurrency import Limiter
from ..per_loop import PerLoop
from .network import AsyncBackend, CertificateError

if TYPE_CHECKING:
    from typing_extensions import Self

    from ..._core.config import Config
    from ..._core.deadline import Deadline
    from ..._core.encode import Outgoing
    from ..._core.http_library import Library
    from ..._core.url import Origin

_KEEP_ALIVE = 30.0
_CLOSED = "the client was closed meanwhile"


class AsyncPool:
    """The connections of one process and event loop."""

    def __init__(self, config: Config, library: Library) -> None:
        """Start without connections."""
        self.limiter = Limiter(config.max_connections)
        self.closed = False
        self._idle: deque[AsyncConnection] = deque()
        self._open: set[AsyncConnection] = set()
        self._origin = config.origin
        self._library = library

    def take(self) -> AsyncConnection:
        """Return the connection that was used last, or a new one."""
        if self.closed:
            raise Failure(_CLOSED, sent=False, permanent=True)
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                break
            if not connection.stale():
                return connection
            self.drop(connection)
        connection = AsyncConnection(self._origin, self._library)
        self._open.add(connection)
        return connection

    def give(self, connection: AsyncConnection) -> None:
        """Return a connection to the pool if it can be reused, else close it."""
        if connection in self._open and connection.reusable():
            self._idle.append(connection)
        else:
            self.drop(connection)
        if self.closed:
            self._drop_idle()

    def drop(self, connection: AsyncConnection) -> None:
        """Close a connection."""
        self._open.discard(connection)
        connection.abandon()

    def close(self) -> None:
        """Close idle connections and interrupt the others, which their requests close; nothing is sent any more."""
        self.closed = True
        self._drop_idle()
        for connection in list(self._open):
            connection.interrupt()

    def abandon(self) -> None:
        """Close every connection without waiting, in whatever loop or process this runs."""
        self._idle.clear()
        for connection in list(self._open):
            self.drop(connection)

    def _drop_idle(self) -> None:
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return
            self.drop(connection)


class AsyncConnection:
    """One connection of the library, with access to its socket."""

    __slots__ = ("_backend", "_connection", "_library", "used")

    def __init__(self, origin: Origin, library: Library) -> None:
        """Prepare a connection; the first request opens it."""
        self._library = library
        self._backend = AsyncBackend()
        context = None
        if origin.scheme == "https":
            from ..._core.tls import tls_context

            context = tls_context()
        self._connection = library.AsyncHTTPConnection(
            library.Origin(origin.scheme.encode("ascii"), origin.host.encode("ascii"), origin.port),
            ssl_context=context,
            keepalive_expiry=_KEEP_ALIVE,
            network_backend=self._backend,
        )
        self.used = False

    async def exchange(self, request: httpcore.Request, limit: int) -> Response:
        """Send a request and return its complete response."""
        received = self._backend.received
        response = await self._connection.handle_async_request(request)
        if self._backend.stream is not None and self._backend.received == received:
            raise self._library.RemoteProtocolError("an answer came before its request")
        collector = Collector(response.status, response.headers, limit)
        parts = response.aiter_stream()
        try:
            async for part in parts:
                collector.feed(part)
        except Oversized:
            # The next read fails, which brings the library's generators to their end: none is left to a finaliser.
            self.abandon()
            with suppress(*_errors(self._library)):
                async for _ in parts:
                    pass
            raise
        finally:
            await response.aclose()
        self.used = True
        return collector.finish()

    @property
    def written(self) -> int:
        """Bytes that were handed to the network so far."""
        return self._backend.written

    def stale(self) -> bool:
        """Return whether the server has closed the connection, or it was idle for too long."""
        return self._connection.has_expired()

    def reusable(self) -> bool:
        """Return whether another request may follow."""
        return self._connection.is_idle()

    def abandon(self) -> None:
        """Close the socket."""
        self._backend.abandon()

    def interrupt(self) -> None:
        """Interrupt a request, which then fails."""
        self._backend.interrupt()


class AsyncBody:
    """A request's body. It is not a generator, so that an interrupted write leaves none to a finaliser."""

    __slots__ = ("_rest",)

    def __init__(self, content: bytes) -> None:
        """Store the bytes; they can be taken once."""
        self._rest = content

    def __aiter__(self) -> Self:
        """Return the body itself."""
        return self

    async def __anext__(self) -> bytes:
        """Return all bytes, if there are any."""
        if not self._rest:
            raise StopAsyncIteration
        part, self._rest = self._rest, b""
        return part


class AsyncPooledEngine:
    """Sends requests; safe for threads, after `fork`, and over several event loops one after another."""

    def __init__(self, config: Config, library: Library) -> None:
        """Start without connections: the first request makes them.

        Args:
            config: the settings.
            library: what speaks HTTP on each connection.
        """
        self._config = config
        self._library = library
        self._errors = _errors(library)
        self._pools = PerLoop(lambda: AsyncPool(config, library), AsyncPool.abandon)

    async def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Response:
        """Make one attempt; raise `Failure` if it gets no complete response before the deadline."""
        pool = self._pools.get()
        if not await pool.limiter.acquire(seconds_left(deadline)):
            raise Failure("no connection became free in time", sent=False, timed_out=True)
        try:
            return await self._attempt(pool, outgoing, deadline.for_attempt(outgoing.attempt_timeout))
        finally:
            pool.limiter.release()

    async def _attempt(self, pool: AsyncPool, outgoing: Outgoing, deadline: Deadline) -> Response:
        origin = self._config.origin
        library = self._library
        request = library.Request(
            outgoing.operation.method.encode("ascii"),
            library.URL(
                scheme=origin.scheme.encode("ascii"),
                host=origin.host.encode("ascii"),
                port=origin.port,
                target=outgoing.target.encode("ascii"),
            ),
            headers=outgoing.headers,
            content=AsyncBody(outgoing.body),
            extensions={"timeout": {"connect": deadline, "read": deadline, "write": deadline}},
        )
        connection = pool.take()
        reused, before = connection.used, connection.written
        try:
            response = await connection.exchange(request, outgoing.max_response_size)
        except self._errors as error:
            failure = Failure(
                _CLOSED if pool.closed else _describe(error, library),
                sent=connection.written > before,
                timed_out=isinstance(error, httpcore.TimeoutException),
                permanent=pool.closed or isinstance(error, (CertificateError, library.LocalProtocolError)),
                reused=reused,
            )
            pool.drop(connection)
            raise failure from None
        except BaseException as error:
            pool.drop(connection)
            # Mocks that stand in for the connection library, such as respx, raise the errors of httpx.
            from .httpx_client import failure_of

            if (foreign := failure_of(error)) is not None:
                raise foreign from None
            raise
        pool.give(connection)
        return response

    async def close(self) -> None:
        """Close every connection."""
        for pool in self._pools.take_all():
            pool.close()


def _errors(library: Library) -> tuple[type[Exception], ...]:
    """Return the errors of a broken connection: those of the network are httpcore's, the others the library's."""
    return (httpcore.NetworkError, httpcore.TimeoutException, library.NetworkError, library.ProtocolError)


def _describe(error: Exception, library: Library) -> str:
    if isinstance(error, library.LocalProtocolError):
        return "the request breaks the HTTP protocol"
    if isinstance(error, library.RemoteProtocolError):
        return "the server broke the HTTP protocol or closed the connection in the middle of its answer"
    return str(error) or "the connection failed"
