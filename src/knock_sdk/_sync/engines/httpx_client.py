# Derived from src/knock_sdk/_async/engines/httpx_client.py by `python -m codegen`; do not edit.
"""Requests through an `httpx.Client`: one that the caller gives, or one for the proxies of the environment.

This is the only module that uses httpx. A given client may be any object with the same methods, so its errors are
recognised by the names of their classes, which httpx and its successors share, and no library is imported for them.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any, Protocol

from ..._core.deadline import seconds_left
from ..._core.outcome import Failure, Oversized, Response
from ..._core.response_body import Collector
from ..._core.system_errors import describe
from .._concurrency import Limiter, Slot, shielded, with_deadline
from ..per_loop import PerLoop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from ..._core.config import Config
    from ..._core.deadline import Deadline
    from ..._core.encode import Outgoing

_NOT_SENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol", "ProxyError"})
_PERMANENT = frozenset({"UnsupportedProtocol", "LocalProtocolError", "InvalidURL"})
_LAST_CHUNKS = 100
"""Upper bound on chunks drained from a response after it was closed: a foreign stream may keep yielding."""


class HTTPResponse(Protocol):
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

    def iter_bytes(self) -> Iterator[bytes]:
        """Return its body, decompressed."""
        ...

    def iter_raw(self) -> Iterator[bytes]:
        """Return its body as it came, still compressed."""
        ...

    def close(self) -> None:
        """Give its connection back, or close it if the body was not read to its end."""
        ...


class HTTPClient(Protocol):
    """An `httpx.Client`, or any object with the same methods."""

    def stream(
        self,
        method: str,
        url: str,
        *,
        content: bytes,
        headers: list[tuple[bytes, bytes]],
        timeout: float | None,
        follow_redirects: bool,
    ) -> AbstractContextManager[HTTPResponse]:
        """Send a request; the block around the response closes it."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


class HTTPClientEngine:
    """Sends requests through a given client, or through its own clients, which use the environment's proxies."""

    def __init__(self, config: Config, client: HTTPClient | None) -> None:
        """Store the client.

        Args:
            config: the settings.
            client: the client to send with, which its owner closes. If None, the engine makes clients that take the
                proxies from the environment, each for one process.
        """
        self._config = config
        self._given = client
        # A client whose owner has ended cannot be closed from here; its sockets end with the owner.
        self._places = PerLoop(self._open)

    def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Response:
        """Make one attempt; raise `Failure` if it gets no complete response before the deadline."""
        limiter, client = self._places.get()
        slot = limiter.acquire(deadline)
        if slot is None:
            raise Failure("no connection became free in time", sent=False, timed_out=True)
        limit = deadline.for_attempt(outgoing.attempt_timeout)
        # httpx's pool leaks a slot when a task is cancelled inside it.
        return shielded(lambda: self._attempt_in(limiter, slot, client, outgoing, limit))

    def _attempt_in(
        self, limiter: Limiter, slot: Slot, client: HTTPClient, outgoing: Outgoing, deadline: Deadline
    ) -> Response:
        try:
            return with_deadline(lambda: self._attempt(client, outgoing, deadline), deadline)
        except TimeoutError:
            raise Failure("no complete answer in time", sent=True, timed_out=True) from None
        finally:
            limiter.release(slot)

    def _attempt(self, client: HTTPClient, outgoing: Outgoing, deadline: Deadline) -> Response:
        try:
            with client.stream(
                outgoing.operation.method,
                self._config.origin.url.removesuffix(self._config.origin.prefix) + outgoing.target,
                content=outgoing.body,
                headers=outgoing.headers,
                timeout=seconds_left(deadline),
                follow_redirects=False,
            ) as response:
                return _read(response, outgoing.max_response_size, deadline)
        except Exception as error:
            failure = failure_of(error)
            if failure is None:
                raise
            raise failure from None

    def _open(self) -> tuple[Limiter, HTTPClient]:
        most = self._config.max_connections
        return Limiter(most), proxied_client(most) if self._given is None else self._given

    def close(self) -> None:
        """Close the client that this engine has made for the current owner."""
        place = self._places.take()
        if place is not None and self._given is None:
            place[1].close()


def proxied_client(most: int) -> HTTPClient:
    """Return a client without cookies that takes the proxies from the environment, with `most` connections."""
    from http.cookiejar import CookieJar, DefaultCookiePolicy

    import httpx

    from ..._core.tls import tls_context

    return httpx.Client(
        verify=tls_context(),
        limits=httpx.Limits(max_connections=most, max_keepalive_connections=most),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )


def _read(response: HTTPResponse, limit: int, deadline: Deadline) -> Response:
    # A response that was constructed in memory, by a mock transport for instance, has no raw form.
    decoded = response.is_stream_consumed
    collector = Collector(response.status_code, list(response.headers.raw), limit, decoded=decoded)
    parts = response.iter_bytes() if decoded else response.iter_raw()
    try:
        for part in parts:
            collector.feed(part)
            # The client's own time limit restarts with every chunk.
            if deadline.left() == 0:
                raise TimeoutError
    except (Oversized, TimeoutError):
        response.close()
        _exhaust(parts)
        raise
    return collector.finish()


def _exhaust(parts: Iterator[bytes]) -> None:
    """Read on after the response was closed, which ends the client's generators and leaves none to a finaliser."""
    left = _LAST_CHUNKS
    try:
        for _ in parts:
            left -= 1
            if not left:
                break
    except Exception as error:
        if failure_of(error) is None:
            raise


def failure_of(error: BaseException) -> Failure | None:
    """Return what an error of the client means; None if it is not about the connection."""
    names = {cls.__name__ for cls in type(error).__mro__}
    refusal = _refusal(error)
    if refusal is None and names.isdisjoint({"TransportError", "InvalidURL"}):
        return None
    return Failure(
        str(error) or type(error).__name__ if refusal is None else describe(refusal),
        sent=refusal is None and names.isdisjoint(_NOT_SENT | _PERMANENT),
        timed_out="TimeoutException" in names,
        permanent=refusal is not None or not names.isdisjoint(_PERMANENT),
    )


def _refusal(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    """Return the certificate error among the causes of an error, if there is one."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error
