"""Connecting: to the first address of a host that accepts, through a proxy, and with TLS, where these are wanted."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any
from weakref import ref

from ..._core.lifetime import closed
from ..._core.outcome import Failure
from ..._core.wire.addresses import DELAY, in_order
from ..._core.wire.sockets import begin_to_connect, connect_error, is_ready
from ..._core.wire.system_errors import describe, is_system_error
from .._concurrency import wait_any_writable
from .stream import AsyncStream, look_up
from .watched import watched

if TYPE_CHECKING:
    from ..._core.deadline import Deadline
    from ..._core.lifetime import Lifetime
    from ..._core.wire.proxies import Proxy
    from ..._core.wire.url import Origin


class AsyncConnector:
    """Opens connections to one origin.

    Attributes:
        opening: references to connections that the server, a proxy or TLS has not agreed to yet.
        closed: whether they are not wanted any more; then they are interrupted.
    """

    def __init__(self, origin: Origin, proxy: Proxy | None) -> None:
        """Start without connections."""
        self._origin = origin
        self._proxy = proxy
        self._last: Any = None
        self.opening: set[ref[AsyncStream]] = set()
        self.closed = False

    async def connect(self, deadline: Deadline, lifetime: Lifetime) -> AsyncStream:
        """Return a new connection, ready for requests.

        Args:
            deadline: the end of the attempt.
            lifetime: what the attempt ends with.

        Raises:
            Failure: There is no connection before the deadline.
        """
        origin, proxy = self._origin, self._proxy
        if proxy is None:
            stream = await self._connect(origin, deadline, lifetime)
        else:
            stream = await self._connect_to(proxy, deadline, lifetime)
        self.opening.add(ref(stream, self.opening.discard))
        try:
            if proxy is not None and (proxy.scheme != "http" or origin.scheme == "https"):
                from .tunnel import open_tunnel

                await open_tunnel(stream, proxy, origin, deadline, lifetime)
            if origin.scheme == "https":
                from ..._core.wire.tls import tls_context

                # A dot at the end of a name is for the lookup alone: certificates have none (RFC 6066, section 3).
                await stream.start_tls(tls_context(), origin.host.removesuffix("."), deadline)
            # TLS itself may have something to read.
            if stream.is_stale() and (early := stream.receive()) is not None:
                what = "sent something before it got a request" if early else "closed the connection"
                raise Failure(f"the server {what}", sent=False)
        except BaseException:
            stream.close()
            raise
        finally:
            self.opening.discard(ref(stream))
        return watched(stream)

    async def _connect_to(self, proxy: Proxy, deadline: Deadline, lifetime: Lifetime) -> AsyncStream:
        from .tunnel import naming

        with naming(proxy):
            return await self._connect(proxy, deadline, lifetime)

    async def _connect(self, place: Proxy | Origin, deadline: Deadline, lifetime: Lifetime) -> AsyncStream:
        found = await look_up(place.host, place.port, deadline, lifetime)
        stream, self._last = await self._race(place.authority, in_order(found, self._last), deadline)
        return stream

    async def _race(self, host: str, addresses: list[Any], deadline: Deadline) -> tuple[AsyncStream, Any]:
        """Connect to the first address that accepts, each tried a moment after the one before (RFC 8305)."""
        pending: dict[AsyncStream, Any] = {}
        refused = problem = f"cannot connect to {host}"
        later = 0.0
        try:
            while addresses or pending:
                if addresses and (not pending or monotonic() >= later):
                    found = addresses.pop(0)
                    try:
                        stream = AsyncStream(begin_to_connect(found))
                    except OSError as error:
                        if not is_system_error(error):
                            raise
                        problem = f"{refused}: {describe(error)}"
                        continue
                    pending[stream] = found
                    self.opening.add(ref(stream, self.opening.discard))
                    later = monotonic() + DELAY
                if self.closed:  # asked once all that waits can be interrupted
                    raise closed()
                if not deadline.left():
                    raise Failure("no connection in time", sent=False, timed_out=True)
                # Not longer: some systems cannot interrupt an attempt to connect.
                wait = max(later - monotonic(), 0) if addresses else DELAY
                await wait_any_writable([stream.sock for stream in pending], min(deadline.left(), wait))
                for stream in [each for each in pending if is_ready(each.sock, to_write=True)]:
                    refusal = connect_error(stream.sock)
                    found = pending.pop(stream)
                    if refusal is None:
                        return stream, found
                    stream.close()
                    problem, later = f"{refused}: {describe(refusal)}", 0.0
            raise Failure(problem, sent=False)
        finally:
            for stream in pending:
                stream.close()
