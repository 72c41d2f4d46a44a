# Derived from src/knock_sdk/_async/http_client.py by `python -m codegen`; do not edit.
"""Requests through an `httpx.Client`: one that the caller gives, or one for the proxies of the environment.

Nothing else of the package knows httpx. A given client may be any object of that shape, so nothing is imported to look
at its errors: they are told apart by the names of their classes, which httpx and its successors share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from .._core.deadline import seconds_left
from .._core.inflate import Collector
from .._core.outcome import Answer, Failure
from ._pairs import Gate, here, limited, sheltered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from .._core.config import Config
    from .._core.deadline import Deadline
    from .._core.encode import Outgoing

_NOT_SENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol", "ProxyError"})
_PERMANENT = frozenset({"UnsupportedProtocol", "LocalProtocolError", "InvalidURL"})


class HTTPResponse(Protocol):
    """What is read of an answer."""

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


class HTTPClient(Protocol):
    """An `httpx.Client`, or any object of that shape."""

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
        """Send a request; the block around the answer closes it."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


class HTTPClientEngine:
    """Sends requests through somebody else's client."""

    def __init__(self, config: Config, client: HTTPClient, *, owned: bool) -> None:
        """Keep the client.

        Args:
            config: the settings.
            client: what sends.
            owned: whether closing the engine closes the client too.
        """
        self._config = config
        self._client = client
        self._owned = owned
        self._gate: tuple[tuple[int, object], Gate] | None = None

    def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Answer:
        """Make one attempt; raise `Failure` if it gets no complete answer before the deadline."""
        gate = self._gate_here()
        if not gate.enter(seconds_left(deadline)):
            raise Failure("no connection became free in time", sent=False, timed_out=True)
        # The connection pools of httpx lose places for good when tasks are cancelled inside them.
        return sheltered(lambda: self._attempt_in(gate, outgoing, deadline))

    def _attempt_in(self, gate: Gate, outgoing: Outgoing, deadline: Deadline) -> Answer:
        try:
            return limited(lambda: self._attempt(outgoing, deadline), deadline)
        except TimeoutError:
            raise Failure("no complete answer in time", sent=True, timed_out=True) from None
        finally:
            gate.leave()

    def _attempt(self, outgoing: Outgoing, deadline: Deadline) -> Answer:
        try:
            with self._client.stream(
                outgoing.operation.method,
                self._config.origin.url.removesuffix(self._config.origin.prefix) + outgoing.target,
                content=outgoing.body,
                headers=outgoing.headers,
                timeout=seconds_left(deadline),
                follow_redirects=False,
            ) as response:
                # An answer that was made in memory, by a mock transport for instance, has no raw form any more.
                decoded = response.is_stream_consumed
                collector = Collector(
                    response.status_code, list(response.headers.raw), outgoing.max_response_size, decoded=decoded
                )
                for part in response.iter_bytes() if decoded else response.iter_raw():
                    collector.feed(part)
                return collector.finish()
        except Exception as error:
            failure = _failure(error)
            if failure is None:
                raise
            raise failure from None

    def _gate_here(self) -> Gate:
        owner = here()
        if self._gate is None or self._gate[0] != owner:
            self._gate = (owner, Gate(self._config.max_connections))
        return self._gate[1]

    def close(self) -> None:
        """Close the client if it is this engine's own."""
        if self._owned:
            self._client.close()


def proxied_client() -> HTTPClient:
    """Return a client that takes the proxies from the environment."""
    import httpx

    return httpx.Client()


def _failure(error: Exception) -> Failure | None:
    """Return what an error of the client means; None if it is not about the connection."""
    names = {cls.__name__ for cls in type(error).__mro__}
    if "TransportError" not in names and "InvalidURL" not in names:
        return None
    certificate = "CERTIFICATE_VERIFY_FAILED" in str(error)
    return Failure(
        str(error) or type(error).__name__,
        sent=names.isdisjoint(_NOT_SENT | _PERMANENT),
        timed_out="TimeoutException" in names,
        permanent=certificate or not names.isdisjoint(_PERMANENT),
    )
