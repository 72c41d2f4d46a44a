"""The engine over aiohttp, for asyncio alone: its parser and its transports are faster than the default engine's.

Of its sessions, only the sending of one request is used. Everything else that they do (wait for a slot, send again,
follow redirects, store cookies, decompress, add headers) is decided elsewhere in this package, and switched off.
"""

from __future__ import annotations

import asyncio
import io
import os
import socket
import ssl
from functools import partial
from typing import TYPE_CHECKING
from weakref import finalize

import aiohttp
from typing_extensions import override
from yarl import URL

from ..._core.deadline import NEVER, seconds_left
from ..._core.outcome import Failure, Response
from ..._core.response_body import Collector
from ..._core.secret import SecretBytes
from .._concurrency import sleep
from ..per_loop import PerLoop
from .aiohttp_connector import Attempt, Place, current
from .network import BROKEN_OFF, describe

if TYPE_CHECKING:
    from ..._core.config import Config
    from ..._core.deadline import Deadline
    from ..._core.encode import Outgoing

_LARGEST_BYTES = 1024 * 1024
"""A larger body is sent as a file, in chunks: the library warns about bytes of this size."""
_CLOSED = "the client was closed meanwhile"


class HiddenText(str):
    """The value of a header that holds a key or token, hidden wherever values are shown."""

    __slots__ = ()

    @override
    def __repr__(self) -> str:
        return "'***'"


class AsyncAiohttpEngine:
    """Sends requests; safe after `fork`, and over several event loops one after another."""

    def __init__(self, config: Config) -> None:
        """Start without connections: the first request makes them."""
        self._origin = f"{config.origin.scheme}://{config.origin.authority}"
        self._places = PerLoop(partial(Place, config), Place.end)
        # Sessions warn if they are not closed: this references them until they have been ended.
        finalize(self, _end_all, self._places)

    async def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Response:
        """Make one attempt; raise `Failure` if it gets no complete response before the deadline."""
        place = self._places.get()
        if not await place.limiter.acquire(seconds_left(deadline)):
            raise Failure("no connection became free in time", sent=False, timed_out=True)
        try:
            if place.closed:
                raise Failure(_CLOSED, sent=False, permanent=True)
            return await self._attempt(place, outgoing, deadline)
        finally:
            place.limiter.release()

    async def _attempt(self, place: Place, outgoing: Outgoing, deadline: Deadline) -> Response:
        seconds = seconds_left(deadline)
        if seconds == 0:  # which would mean no limit
            raise Failure("no time was left", sent=False, timed_out=True)
        headers = _as_text(outgoing.headers)
        body = outgoing.body
        attempt = Attempt(sized=any(name == b"content-length" for name, _ in outgoing.headers))
        before = current.set(attempt)
        response: aiohttp.ClientResponse | None = None
        try:
            response = await place.session.request(
                outgoing.operation.method,
                URL(self._origin + outgoing.target, encoded=True),
                headers=headers,
                data=(body if len(body) <= _LARGEST_BYTES else io.BytesIO(body)) if body else None,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=seconds, ceil_threshold=NEVER),
            )
            collector = Collector(response.status, list(response.raw_headers), outgoing.max_response_size)
            while part := await response.content.readany():
                collector.feed(part)
            return collector.finish()
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise _failure(error, attempt, closed=place.closed) from None
        finally:
            current.reset(before)
            # The connection of a complete response is back in the pool, and may already be in use again.
            if response is None or not response.closed:
                if response is not None:
                    response.close()
                if attempt.transport is not None:
                    attempt.transport.abort()

    async def close(self) -> None:
        """Close every connection."""
        _end_all(self._places)
        await sleep(0)  # asyncio closes them meanwhile


def _end_all(places: PerLoop[Place]) -> None:
    for place in places.take_all():
        place.end()


def _as_text(headers: list[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    """Return headers as the library takes them: it writes them in UTF-8."""
    try:
        return [
            (name.decode("ascii"), HiddenText(value.decode()) if isinstance(value, SecretBytes) else value.decode())
            for name, value in headers
        ]
    except UnicodeDecodeError:
        raise Failure("aiohttp sends no header whose value is not UTF-8", sent=False, permanent=True) from None


def _failure(error: Exception, attempt: Attempt, *, closed: bool) -> Failure:
    """Return the failure that an error of the library means; its own text may have a URL or bytes of a response."""
    return Failure(
        _CLOSED if closed else _describe(error, attempt),
        sent=attempt.connected,
        timed_out=isinstance(error, asyncio.TimeoutError),
        permanent=closed or _is_final(error),
        reused=attempt.reused,
    )


def _is_final(error: Exception) -> bool:
    """Return whether TLS fails or the URL is invalid, so that another attempt would fail in the same way."""
    cause = error.__cause__
    if isinstance(error, aiohttp.ClientConnectorSSLError):
        return not isinstance(cause, BROKEN_OFF)
    return isinstance(error, (aiohttp.ClientConnectorCertificateError, aiohttp.InvalidURL))


def _describe(error: Exception, attempt: Attempt) -> str:
    if isinstance(error, asyncio.TimeoutError):
        return "no complete answer in time" if attempt.connected else "no connection in time"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return _in_words(error.certificate_error)
    if isinstance(error, aiohttp.ClientConnectorError):
        what = "cannot connect"
        if isinstance(error, aiohttp.ClientConnectorDNSError):
            what = f"cannot look up {error.host}"
        return f"{what}: {_in_words(error.os_error)}"
    if isinstance(error, OSError):
        return _in_words(error)
    if attempt.connected:
        return "the server broke the HTTP protocol or closed the connection in the middle of its answer"
    return "the connection failed"


def _in_words(error: Exception) -> str:
    if isinstance(error, (ssl.SSLError, socket.gaierror)):
        return describe(error)
    # The library's own text may have a URL, and asyncio's an address.
    number = error.errno if isinstance(error, OSError) else None
    return os.strerror(number) if number else "the connection was broken off"
