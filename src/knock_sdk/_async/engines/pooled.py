"""The default engine: HTTP/1.1 over a pool of connections, one request at a time on each.

A limiter bounds the attempts in flight, and idle connections are on a stack. An attempt that does not end cleanly
closes its connection.
"""

from __future__ import annotations

from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, Any
from weakref import ref

from ..._core.lifetime import CLOSED, closed
from ..._core.mocks import are_active, stand_in_for
from ..._core.outcome import Failure
from ..._core.wire.http1 import request_head
from ..._core.wire.system_errors import describe, is_permanent, is_system_error
from .._concurrency import Limiter
from ..per_loop import PerLoop
from .connection import AsyncConnection
from .connector import AsyncConnector

if TYPE_CHECKING:
    from ..._core.deadline import Deadline
    from ..._core.lifetime import Lifetime
    from ..._core.outcome import Response
    from ..._core.requests.config import Config
    from ..._core.requests.encode import Outgoing
    from ..transport import AsyncEngine
    from .httpx_client import AsyncHTTPClientEngine
    from .stream import AsyncStream

_KEEP_ALIVE = 30.0


class AsyncPool:
    """The connections of one process and event loop."""

    def __init__(self, config: Config) -> None:
        """Start without connections."""
        self.limiter = Limiter(config.max_connections)
        self.closed = False
        self._idle: deque[AsyncConnection] = deque()
        # Weak, so that the connection of an interrupted call is closed as soon as nothing else refers to it. Each
        # reference leaves the set without running code, in which an interrupt would be lost.
        self._open: set[ref[AsyncConnection]] = set()
        self._connector = AsyncConnector(config.origin, config.proxy)

    def take(self) -> AsyncConnection | None:
        """Return the connection that was used last, if it can still be used."""
        if self.closed:
            raise closed()
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread was faster
                break
            if monotonic() - connection.idle_since < _KEEP_ALIVE and not connection.stream.is_stale():
                return connection
            self.drop(connection)
        return None

    async def open(self, deadline: Deadline, lifetime: Lifetime) -> AsyncConnection:
        """Return a new connection."""
        connection = AsyncConnection(await self._connector.connect(deadline, lifetime))
        self._open.add(ref(connection, self._open.discard))
        if self.closed:  # since it was asked for in `take`
            self.drop(connection)
            raise closed()
        return connection

    def give(self, connection: AsyncConnection) -> None:
        """Return a connection to the pool if it can be used again, else close it."""
        if connection.reusable and not self.closed:
            connection.idle_since = monotonic()
            self._idle.append(connection)
        else:
            self.drop(connection)
        if self.closed:  # perhaps since it was asked for above
            self._close_idle()

    def drop(self, connection: AsyncConnection) -> None:
        """Close a connection."""
        self._open.discard(ref(connection))
        connection.stream.close()

    def close(self) -> None:
        """Close idle connections and interrupt the others, which their requests close; nothing is sent any more."""
        self.closed = self._connector.closed = True
        self._close_idle()
        for stream in self._streams():
            stream.interrupt()

    def abandon(self) -> None:
        """Close every connection without waiting, in whatever loop or process this runs."""
        self._idle.clear()
        for stream in self._streams():
            stream.close()

    def _streams(self) -> list[AsyncStream]:
        opening = [stream for each in list(self._connector.opening) if (stream := each()) is not None]
        return [*(connection.stream for connection in self.connections()), *opening]

    def connections(self) -> list[AsyncConnection]:
        """Return the open connections."""
        return [connection for each in list(self._open) if (connection := each()) is not None]

    def _close_idle(self) -> None:
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return
            self.drop(connection)


class AsyncPooledEngine:
    """Sends requests; safe for threads, after `fork`, and over several event loops one after another."""

    def __init__(self, config: Config) -> None:
        """Start without connections: the first request makes them."""
        origin = config.origin
        self._config = config
        proxy = config.proxy
        # A proxy gets whole URLs, unless it only forwards bytes.
        absolute = proxy is not None and proxy.scheme == "http" and origin.scheme == "http"
        self._before_target = f"http://{origin.authority}" if absolute else ""
        self._extra = proxy.headers if proxy is not None and absolute else []
        self._pools = PerLoop(lambda: AsyncPool(config), AsyncPool.abandon)
        self._httpx: dict[str, AsyncHTTPClientEngine] = {}

    async def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Response:
        """Make one attempt; raise `Failure` if it gets no complete response before the deadline."""
        if are_active():
            engine: AsyncEngine = stand_in_for(self._config.origin, self) or self._through_httpx()
            return await engine.exchange(outgoing, deadline)
        pool = self._pools.get()
        slot = await pool.limiter.acquire(deadline, outgoing.lifetime)
        try:
            if outgoing.lifetime.over:  # asked after `get`: whoever closes the client later closes this pool
                raise closed()
            if slot is None:
                raise Failure("no connection became free in time", sent=False, timed_out=True, attempted=False)
            return await self._attempt(pool, outgoing, deadline.for_attempt(outgoing.attempt_timeout))
        finally:
            if slot is not None:
                pool.limiter.release(slot)

    async def _attempt(self, pool: AsyncPool, outgoing: Outgoing, deadline: Deadline) -> Response:
        method = outgoing.operation.method
        headers = [*outgoing.headers, *self._extra] if self._extra else outgoing.headers
        head = request_head(method, self._before_target + outgoing.target, headers)
        connection: AsyncConnection | None = None
        written, reused = 0, True
        try:
            connection = pool.take()
            if connection is None:
                reused = False
                connection = await pool.open(deadline, outgoing.lifetime)
            written = connection.stream.written
            response = await connection.exchange(method, head, outgoing.body, outgoing.max_response_size, deadline)
        except BaseException as error:
            if connection is not None:
                pool.drop(connection)
            failure = _failure_of(error, connected=connection is not None)
            if failure is None:
                raise
        else:
            pool.give(connection)
            return response
        # Raised here, so that no system error is chained to it.
        failure.sent, failure.reused = False, reused
        if connection is not None:
            # A server that refuses TLS on a new connection has not looked at what came with it.
            failure.permanent = failure.permanent and not connection.heard
            failure.sent = connection.stream.written > written and not failure.permanent
        if pool.closed or outgoing.lifetime.over:
            failure = Failure(CLOSED, sent=failure.sent, permanent=True)
        raise failure

    @property
    def clock(self) -> Any:
        """The clock of what stands in for this engine; without it, there is no such attribute."""
        engine = stand_in_for(self._config.origin, self)
        if engine is None:
            raise AttributeError("clock")
        return engine.clock

    def _through_httpx(self) -> AsyncHTTPClientEngine:
        """Return the engine over httpx, which mocks and recorders of its transports see."""
        engine = self._httpx.get("")
        if engine is None:
            from .httpx_client import AsyncHTTPClientEngine

            # All threads get the one of the first: `setdefault` is atomic.
            engine = self._httpx.setdefault("", AsyncHTTPClientEngine(self._config, None))
        return engine

    async def close(self) -> None:
        """Close every connection."""
        for pool in self._pools.take_all():
            pool.close()
        for engine in self._httpx.values():
            await engine.close()


def _failure_of(error: BaseException, *, connected: bool) -> Failure | None:
    """Return what an error means for an attempt; None for one that is neither of the network nor of the system."""
    if isinstance(error, Failure):
        return error
    if not is_system_error(error):
        return None
    what = "the connection cannot be used" if connected else "cannot connect"
    return Failure(f"{what}: {describe(error)}", sent=connected, permanent=is_permanent(error) and not connected)
