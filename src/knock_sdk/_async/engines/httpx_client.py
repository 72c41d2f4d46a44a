"""Requests through an `httpx.AsyncClient`: one that the caller gives, or one of our own.

This is the only module that uses httpx. A given client may be any object with the same methods, and httpx is not
imported for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakKeyDictionary

from ..._core.deadline import seconds_left
from ..._core.http_libraries.http_clients import check_client, has_connections, limits_of, tells_all
from ..._core.http_libraries.httpx_errors import bound_elsewhere, failure_of, refused_response, time_out
from ..._core.http_libraries.httpx_progress import Progress
from ..._core.http_libraries.library_logs import redacted_logs
from ..._core.lifetime import closed
from ..._core.outcome import Failure, Oversized, Response
from ..._core.signals import raised_by_a_handler
from ..._core.wire.foreign_errors import errors_of_http_ignored, interrupt_in, is_about_http
from ..._core.wire.response_body import Collector
from ..._core.wire.system_errors import describe, is_permanent, is_system_error
from .._concurrency import Limiter, Slot, bound_to, shielded, with_deadline
from ..per_loop import KeptByLoop

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from contextlib import AbstractAsyncContextManager

    from ..._core.deadline import Deadline
    from ..._core.http_libraries.http_clients import TimeLimits
    from ..._core.requests.config import Config
    from ..._core.requests.encode import Outgoing

_bound: WeakKeyDictionary[object, tuple[int, object]] = WeakKeyDictionary()
"""What the connections of given clients are bound to."""
_LAST_CHUNKS = 100
"""Upper bound on chunks drained from a response after it was closed: a foreign stream may keep yielding."""


class AsyncHTTPResponse(Protocol):
    """The part of a response that is used."""

    @property
    def status_code(self) -> int:
        """Its status."""
        ...

    @property
    def headers(self) -> Any:
        """Its headers, with `raw` pairs of bytes."""
        ...

    @property
    def is_stream_consumed(self) -> bool:
        """Whether its body was read already."""
        ...

    def aiter_bytes(self) -> AsyncIterator[bytes]:
        """Return its body, decompressed."""
        ...

    def aiter_raw(self) -> AsyncIterator[bytes]:
        """Return its body as it came, still compressed."""
        ...

    async def aclose(self) -> None:
        """Give its connection back, or close it if the body was not read to its end."""
        ...


class AsyncHTTPClient(Protocol):
    """An `httpx.AsyncClient`, or any object with the same methods."""

    def stream(
        self,
        method: str,
        url: str,
        *,
        content: bytes,
        headers: list[tuple[bytes, bytes]],
        timeout: TimeLimits,
        follow_redirects: bool,
        extensions: dict[str, Any],
    ) -> AbstractAsyncContextManager[AsyncHTTPResponse]:
        """Send a request; the block around the response closes it."""
        ...

    async def aclose(self) -> None:
        """Close every connection."""
        ...


class AsyncTrace(Progress):
    """Told by the client how far an attempt got."""

    async def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        """Take in an event."""
        self.note(event, info)
        if event.endswith(".failed") and self.tunnel is not None:
            tunnel, self.tunnel = self.tunnel, None
            await tunnel.aclose()


class AsyncHTTPClientEngine:
    """Sends requests through a given client, or through its own clients."""

    def __init__(self, config: Config, client: AsyncHTTPClient | None) -> None:
        """Store the client.

        Args:
            config: the settings.
            client: the client to send with, which its owner closes. If None, the engine makes its own when they are
                needed, each for one process and event loop.

        Raises:
            ConfigurationError: The client is of another kind, or closed.
        """
        if client is not None:
            check_client(client, "AsyncClient")
        self._config = config
        self._given = client
        host = config.origin.host
        # A dot at the end of a name is for the lookup alone: certificates have none (RFC 6066, section 3).
        self._tls_name = {"sni_hostname": host.removesuffix(".")} if host.endswith(".") else {}
        # The connections of a client refer to their owner. They cannot be closed after its end, and end with it.
        self._places = KeptByLoop(self._open)

    async def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Response:
        """Make one attempt; raise `Failure` if it gets no complete response before the deadline."""
        limiter, client = self._place()
        slot = await limiter.acquire(deadline, outgoing.lifetime)
        if slot is None:
            if outgoing.lifetime.over:
                raise closed()
            raise Failure("no connection became free in time", sent=False, timed_out=True, attempted=False)
        trace = AsyncTrace(deadline.for_attempt(outgoing.attempt_timeout), known=tells_all(client))
        # httpx's pool leaks a slot when a task is cancelled that waits for one.
        return await shielded(lambda: self._attempt_in(limiter, slot, client, outgoing, trace), outgoing, trace.leave)

    async def _attempt_in(
        self, limiter: Limiter, slot: Slot, client: AsyncHTTPClient, outgoing: Outgoing, trace: AsyncTrace
    ) -> Response:
        try:
            if outgoing.lifetime.over:
                raise closed()
            if not trace.deadline.left():
                raise Failure("no time was left to send the request", sent=False, timed_out=True)
            if trace.known and client is self._given:
                _claim(client)
            with redacted_logs(outgoing.secrets):
                return await with_deadline(lambda: self._attempt(client, outgoing, trace), trace.deadline)
        except TimeoutError as error:
            if raised_by_a_handler(error) is error:
                raise
            failure = time_out(trace)
        finally:
            trace.close()
            limiter.release(slot)
        raise failure

    async def _attempt(self, client: AsyncHTTPClient, outgoing: Outgoing, trace: AsyncTrace) -> Response:
        complete: Response | None = None
        outcome: Response | Failure | None
        try:
            async with client.stream(
                outgoing.operation.method,
                self._config.origin.url.removesuffix(self._config.origin.prefix) + outgoing.target,
                content=outgoing.body,
                headers=outgoing.headers,
                timeout=limits_of(client, seconds_left(trace.deadline)),
                follow_redirects=False,
                extensions={"trace": trace, **self._tls_name},
            ) as response:
                complete = await _read(response, outgoing.max_response_size, trace)
        except Oversized:
            raise
        except Exception as error:
            if (raised := interrupt_in(error, trace.earlier)) is not None:
                raise raised from None
            if complete is not None and is_about_http(error):
                return complete  # only its connection could not be given back
            if isinstance(error, TimeoutError):
                raise
            outcome = refused_response(error, trace, outgoing.max_response_size) or failure_of(
                error, trace, closed=getattr(client, "is_closed", None) is True, given=self._given
            )
            if outcome is None:
                raise
        else:
            return complete
        if isinstance(outcome, Response):
            return outcome
        # Raised here, so that the client's error, which may repeat what the server sent, is not chained to it.
        raise outcome

    def _place(self) -> tuple[Limiter, AsyncHTTPClient]:
        try:
            return self._places.get()
        except Exception as error:
            if not is_system_error(error):
                raise
            failure = Failure(
                f"cannot make an HTTP client: {describe(error)}", sent=False, permanent=is_permanent(error)
            )
        raise failure

    def _open(self) -> tuple[Limiter, AsyncHTTPClient]:
        limiter = Limiter(self._config.max_connections)
        return limiter, own_client(self._config) if self._given is None else self._given

    async def close(self) -> None:
        """Close the client that this engine has made for the current owner."""
        place = self._places.take()
        if place is not None and self._given is None:
            with errors_of_http_ignored():  # it is closed all the same
                await place[1].aclose()


def own_client(config: Config) -> AsyncHTTPClient:
    """Return a client that adds nothing to requests, and uses the proxy of the settings."""
    from http.cookiejar import CookieJar, DefaultCookiePolicy

    import httpx

    from ..._core.wire.tls import tls_context

    proxy, context = config.proxy, tls_context()
    if proxy is not None and proxy.scheme == "socks5h":
        proxy = proxy._replace(scheme="socks5")  # older versions of httpx know this name alone, for the same
    client = httpx.AsyncClient(
        verify=context,
        trust_env=False,
        timeout=None,  # noqa: S113 (each request has limits of its own)
        proxy=proxy and httpx.Proxy(proxy.url, ssl_context=context if proxy.scheme == "https" else None),
        limits=httpx.Limits(max_connections=config.max_connections, max_keepalive_connections=config.max_connections),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )
    client.headers.clear()
    return client


def _claim(client: object) -> None:
    """Note where the connections of a given client are opened; refuse those that were opened elsewhere."""
    here, before = bound_to(), _bound.get(client)
    if before is not None and before != here and has_connections(client):
        raise bound_elsewhere(to_process=before[0] != here[0])
    _bound[client] = here


async def _read(response: AsyncHTTPResponse, limit: int, trace: AsyncTrace) -> Response:
    # A response that was constructed in memory, by a mock transport for instance, has no raw form.
    decoded = response.is_stream_consumed
    collector = Collector(response.status_code, list(response.headers.raw), limit, decoded=decoded)
    parts = response.aiter_bytes() if decoded else response.aiter_raw()
    try:
        async for part in parts:
            collector.feed(part)
            # The client's own time limit restarts with every chunk.
            if trace.deadline.left() == 0:
                raise TimeoutError
    except Exception as error:
        # httpx closes a response once its body has ended, and not before.
        ended = not decoded and getattr(response, "is_closed", None) is True and is_about_http(error)
        if ended and interrupt_in(error, trace.earlier) is None:
            return collector.finish()
        if isinstance(error, (Oversized, TimeoutError)):
            await _end(response, parts)
        raise
    return collector.finish()


async def _end(response: AsyncHTTPResponse, parts: AsyncIterator[bytes]) -> None:
    """Close a response, and read on, which ends the client's generators and leaves none to a finaliser."""
    with errors_of_http_ignored():
        await response.aclose()
    left = _LAST_CHUNKS
    with errors_of_http_ignored():
        async for _ in parts:
            left -= 1
            if not left:
                break
