"""HTTP/1.1: the bytes of a request, and its response from the bytes that arrive.

Messages in the common form are read here, and chunks. Whatever else HTTP allows or forbids is left to h11, which is
imported only then: informational responses, HTTP/1.0, folded lines, bodies that end with the connection, trailers.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from ..outcome import ProtocolError, Response, not_http
from ..secret import SecretBytes
from .response_body import Collector

if TYPE_CHECKING:
    import h11

LONGEST_HEAD = 100 * 1024
"""Maximum number of bytes of a head, or of the line before a chunk, that is not complete."""

# Each part begins with a byte that the part before it cannot take, so that no input makes the search slow.
_HEAD = re.compile(
    rb"HTTP/1\.1 ([2-9][0-9]{2})(?: [\t -~\x80-\xff]*)?\r\n"
    rb"((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+: ?(?:[!-~\x80-\xff]+(?:[\t ]+[!-~\x80-\xff]+)*)?\r\n)*)\r\n"
)
_END_OF_HEAD = re.compile(rb"\n\r?\n")
_HEADERS = re.compile(rb"([^:]+): ?([^\r]*)\r\n")
_FRAMING = re.compile(rb"(?im)^(content-length|transfer-encoding|connection|content-encoding): ?([^\r]*)")
_LENGTH = re.compile(rb"[0-9]{1,18}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,20})(?:;[^\n]*|[\t ]*)\r\n")


def request_head(method: str, target: str, headers: list[tuple[bytes, bytes]]) -> bytes:
    """Return the head of a request; names, values and target have been checked before."""
    lines = b"%b: %b\r\n" * len(headers) % (*chain.from_iterable(headers),)
    # The key is in it, which a traceback that shows local variables must not show.
    return SecretBytes(f"{method} {target} HTTP/1.1\r\n".encode("ascii") + lines + b"\r\n")


class ResponseReader:
    """Reads the response to one request from the bytes of its connection, however these are split.

    Attributes:
        started: whether the head of the final response has arrived.
        reusable: once the response is complete, whether another request may follow on the connection.
    """

    __slots__ = (
        "_chunked",
        "_collector",
        "_h11",
        "_left",
        "_limit",
        "_method",
        "_unread",
        "reusable",
        "started",
    )

    def __init__(self, method: str, limit: int) -> None:
        """Prepare for the response to a request.

        Args:
            method: the request's method; the response to CONNECT is complete with its head.
            limit: maximum number of bytes of the body, after decompression.
        """
        self.started = False
        self.reusable = True
        self._method = method
        self._limit = limit
        self._collector: Collector | None = None
        self._h11: h11.Connection | None = None
        self._chunked = False
        self._left = 0  # bytes of the body, or of the chunk and the line end behind it
        self._unread = b""  # an incomplete head or chunk

    def feed(self, data: bytes) -> Response | None:
        """Take the next bytes; return the response once it is complete.

        Raises:
            ProtocolError: The server broke the protocol.
            Oversized: The body is larger than the limit.
        """
        if self._collector is None:
            return self._feed_head(data)
        if self._h11 is not None:
            return self._feed_h11(self._h11, self._collector, data)
        return self._feed_chunks(self._collector, data) if self._chunked else self._feed_body(self._collector, data)

    def finish(self) -> Response:
        """Return a response that the end of the connection completes; raise ProtocolError for any other."""
        if self._h11 is not None and self._collector is not None:
            response = self._feed_h11(self._h11, self._collector, b"")
            if response is not None:
                self.reusable = False
                return response
        where = "without a response"
        if self.started or self._unread:
            where = f"in the middle of the {'body' if self.started else 'head'} of its response"
        raise ProtocolError(f"closed the connection {where}")

    def _feed_head(self, data: bytes) -> Response | None:
        searched = max(len(self._unread) - 2, 0)
        if self._unread:
            data, self._unread = self._unread + data, b""
        found = _HEAD.match(data) if not searched or _END_OF_HEAD.search(data, searched) else None
        return self._feed_odd_head(data, searched) if found is None else self._start(found, data)

    def _start(self, found: re.Match[bytes], data: bytes) -> Response | None:
        """Take a head in the common form, and what follows it."""
        status, lines = found.groups()
        fields = _FRAMING.findall(lines)
        framing = {name.lower(): value for name, value in fields}
        length, coding = framing.get(b"content-length"), framing.get(b"transfer-encoding")
        connection = framing.get(b"connection", b"keep-alive").lower()
        if (
            len(framing) != len(fields)
            or (length is None) == (coding is None and status != b"204")
            or (length is not None and not _LENGTH.fullmatch(length))
            or coding not in (None, b"chunked")
            or connection not in (b"keep-alive", b"close")
            or self._method in ("CONNECT", "HEAD")
            or status == b"304"
        ):
            return self._feed_odd_head(data)
        self.started = True
        self.reusable = connection == b"keep-alive"
        headers, end = _HEADERS.findall(lines), found.end()
        self._left = size = int(length or 0) if status != b"204" else 0
        if len(data) - end == size <= self._limit and not coding and b"content-encoding" not in framing:
            return Response(int(status), headers, data[end:])
        self._collector = Collector(int(status), headers, self._limit)
        if coding and status != b"204":
            self._chunked = True
            return self._feed_chunks(self._collector, data[end:])
        return self._feed_body(self._collector, data[end:])

    def _feed_body(self, collector: Collector, data: bytes) -> Response | None:
        left = self._left
        if len(data) > left:
            self.reusable = False
            data = data[:left]
        self._left = left - len(data)
        if data:
            collector.feed(data)
        return None if self._left else collector.finish()

    def _feed_chunks(self, collector: Collector, data: bytes) -> Response | None:
        data, self._unread = self._unread + data, b""
        at = 0
        while at < len(data):
            if self._left > 2:
                part = data[at : at + self._left - 2]
                collector.feed(part)
            elif self._left:
                part = data[at : at + self._left]
                if not b"\r\n"[-self._left :].startswith(part):
                    raise not_http("a chunk has another length than it says")
            else:
                line = _CHUNK.match(data, at)
                if line is None:
                    self._await_line(data[at:])
                    return None
                if not (size := int(line[1], 16)):
                    return self._finish_chunks(collector, data[at:], line.end() - at)
                self._left, at = size + 2, line.end()
                continue
            self._left -= len(part)
            at += len(part)
        return None

    def _await_line(self, data: bytes) -> None:
        """Keep the start of the line before a chunk."""
        if b"\n" in data:
            raise not_http("the size of a chunk is malformed")
        if len(data) > LONGEST_HEAD:
            raise not_http("the line before a chunk is too long")
        self._unread = data

    def _finish_chunks(self, collector: Collector, data: bytes, start: int) -> Response | None:
        """Take the last chunk, and its trailers from `start` on."""
        if data.startswith((b"\r\n", b"\n"), start):
            end = data.index(b"\n", start) + 1
        elif found := _END_OF_HEAD.search(data, start):
            from .http1_odd import check_trailers

            end = found.end()
            check_trailers(data[start:end])
        elif len(data) > LONGEST_HEAD:
            raise not_http("the trailers are too long")
        else:
            self._unread = data
            return None
        self.reusable = self.reusable and len(data) == end
        return collector.finish()

    def _feed_odd_head(self, data: bytes, searched: int = 0) -> Response | None:
        """Take heads that are h11's: any number of informational ones, and perhaps the final one."""
        while data:
            if data[0] <= 0x20:
                raise not_http("its status line is malformed")
            end = _END_OF_HEAD.search(data, searched)
            if end is None:
                if len(data) > LONGEST_HEAD:
                    raise not_http("its head is too long")
                self._unread = data
                return None
            head, data, searched = data[: end.end()], data[end.end() :], 0
            if (final := self._take_odd_head(head)) is not None:
                return self._after_odd_head(*final, data)
            if (found := _HEAD.match(data)) is not None:
                return self._start(found, data)
        return None

    def _take_odd_head(self, head: bytes) -> tuple[h11.Connection, Collector] | None:
        """Take a complete head; return what reads and collects the body if it is the final one."""
        from .http1_odd import begin, read_head

        connection = begin(self._method, LONGEST_HEAD)
        final = read_head(connection, head)
        if final is None:
            return None
        self.started = True
        self._chunked = any(name == b"transfer-encoding" for name, _ in final.headers)
        self._collector = Collector(final.status_code, list(final.headers.raw_items()), self._limit)
        return connection, self._collector

    def _after_odd_head(self, connection: h11.Connection, collector: Collector, data: bytes) -> Response | None:
        """Take what follows the final head, if a body does."""
        from .http1_odd import keeps_alive, read_body

        if self._method == "CONNECT":
            self.reusable = not data
            return collector.finish()
        if read_body(connection, None)[1]:
            self.reusable = keeps_alive(connection) and not data
            return collector.finish()
        if self._chunked:
            self.reusable = keeps_alive(connection)
            return self._feed_chunks(collector, data)
        self._h11 = connection
        return self._feed_h11(connection, collector, data) if data else None

    def _feed_h11(self, connection: h11.Connection, collector: Collector, data: bytes) -> Response | None:
        from .http1_odd import keeps_alive, read_body

        body, complete = read_body(connection, data)
        if body:
            collector.feed(body)
        if not complete:
            return None
        self.reusable = keeps_alive(connection)
        return collector.finish()
