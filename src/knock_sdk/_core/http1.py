"""HTTP/1.1: the bytes of a request, and its response from the bytes that arrive.

Messages of the plain shape are read here. Whatever else HTTP allows or forbids is left to h11, which is imported only
then: informational responses, HTTP/1.0, folded lines, bodies that end with the connection, chunk extensions, trailers.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from .outcome import Response
from .response_body import Collector
from .secret import SecretBytes

if TYPE_CHECKING:
    import h11

LONGEST_HEAD = 100 * 1024
"""Maximum number of bytes of a head that is not complete."""

# Each part begins with a byte that the part before it cannot take, so that no input makes the search slow.
_HEAD = re.compile(
    rb"HTTP/1\.1 ([2-9][0-9]{2})(?: [\t -~\x80-\xff]*)?\r\n"
    rb"((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+: ?(?:[!-~\x80-\xff]+(?:[\t ]+[!-~\x80-\xff]+)*)?\r\n)*)\r\n"
)
_END_OF_HEAD = re.compile(rb"\n\r?\n")
_HEADERS = re.compile(rb"([^:]+): ?([^\r]*)\r\n")
_FRAMING = re.compile(rb"(?im)^(content-length|transfer-encoding|connection|content-encoding): ?([^\r]*)")
_LENGTH = re.compile(rb"[0-9]{1,18}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})\r\n")
_MANY = 1024
_INCOMPLETE_CHUNK = re.compile(rb"[0-9A-Fa-f]{0,8}\r?")


class ProtocolError(Exception):
    """The server broke the protocol, or closed the connection before the end of its response."""


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
        "_collector",
        "_h11",
        "_head",
        "_left",
        "_limit",
        "_may_have_headers",
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
        self._head = b""  # of a chunked response
        self._left = 0  # bytes of the body, or of the chunk and the line end behind it
        self._unread = b""  # an incomplete head or chunk

    def feed(self, data: bytes) -> Response | None:
        """Take the next bytes; return the response once it is complete.

        Raises:
            ProtocolError: The server broke the protocol.
            Oversized: The body is larger than the limit.
        """
        if self._h11 is not None:
            return self._feed_h11(self._h11, data)
        if self._collector is None:
            return self._feed_head(data)
        return self._feed_chunks(self._collector, data) if self._head else self._feed_body(self._collector, data)

    def finish(self) -> Response:
        """Return a response that the end of the connection completes; raise ProtocolError for any other."""
        response = None if self._h11 is None else self._feed_h11(self._h11, b"")
        if response is None:
            raise ProtocolError
        self.reusable = False
        return response

    def _feed_head(self, data: bytes) -> Response | None:
        searched = max(len(self._unread) - 2, 0)
        if self._unread:
            data, self._unread = self._unread + data, b""
        found = _HEAD.match(data) if not searched or _END_OF_HEAD.search(data, searched) else None
        if found is not None:
            return self._start(found, data)
        # h11 rejects what begins with a control character at once.
        if data[0] > 0x20 and not _END_OF_HEAD.search(data, searched):
            if len(data) > LONGEST_HEAD:
                raise ProtocolError
            self._unread = data
            return None
        return self._hand_over(data)

    def _start(self, found: re.Match[bytes], data: bytes) -> Response | None:
        """Take a head of the plain shape, and what follows it."""
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
            return self._hand_over(data)
        self.started = True
        self.reusable = connection == b"keep-alive"
        headers, end = _HEADERS.findall(lines), found.end()
        self._left = size = int(length or 0) if status != b"204" else 0
        if len(data) - end == size <= self._limit and not coding and b"content-encoding" not in framing:
            return Response(int(status), headers, data[end:])
        self._collector = Collector(int(status), headers, self._limit)
        if coding and status != b"204":
            self._head = data[:end]
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
                    raise ProtocolError
            else:
                line = _CHUNK.match(data, at)
                if line is not None and int(line[1], 16):
                    self._left, part = int(line[1], 16) + 2, line[0]
                    at = line.end()
                    continue
                return self._finish_chunks(collector, data[at:])
            self._left -= len(part)
            at += len(part)
        return None

    def _finish_chunks(self, collector: Collector, data: bytes) -> Response | None:
        """Take the last chunk, or a part of any; other chunks are h11's."""
        last, ends, rest = data.partition(b"\r\n")
        if ends and not last.strip(b"0") and 0 < len(last) <= 8:
            if rest.startswith(b"\r\n"):
                self.reusable = self.reusable and len(rest) == 2
                return collector.finish()
            incomplete = b"\r\n".startswith(rest)
        else:
            incomplete = _INCOMPLETE_CHUNK.fullmatch(data) is not None
        if incomplete:
            self._unread = data
            return None
        return self._hand_over(self._head + data)

    def _hand_over(self, data: bytes) -> Response | None:
        import h11

        self._unread = b""
        self._may_have_headers = True
        self._h11 = h11.Connection(h11.CLIENT, max_incomplete_event_size=LONGEST_HEAD)
        self._h11.send(h11.Request(method=self._method, target="/", headers=[("host", "h")]))
        self._h11.send(h11.EndOfMessage())
        return self._feed_h11(self._h11, data)

    def _feed_h11(self, connection: h11.Connection, data: bytes) -> Response | None:
        """Pass on bytes, each head on its own."""
        while True:
            end = None if self.started else _END_OF_HEAD.search(data)
            part, data = (data, b"") if end is None else (data[: end.end()], data[end.end() :])
            response = self._feed_part(connection, part)
            if response is not None:
                self.reusable = self.reusable and not data
            if response is not None or not data:
                return response

    def _feed_part(self, connection: h11.Connection, data: bytes) -> Response | None:
        import h11

        # h11's search for the end of a header's value takes quadratic time where there are many spaces.
        read, self._unread = self._unread + data, (self._unread + data)[-_MANY:]
        if self._may_have_headers and b" " * _MANY in read.replace(b"\t", b" "):
            raise ProtocolError
        try:
            connection.receive_data(data)
            while (event := connection.next_event()) not in (h11.NEED_DATA, h11.PAUSED):
                if isinstance(event, h11.Response):
                    self.started = True
                    self._may_have_headers = any(name == b"transfer-encoding" for name, _ in event.headers)
                    if self._collector is None:
                        self._collector = Collector(event.status_code, list(event.headers.raw_items()), self._limit)
                elif isinstance(event, h11.Data) and self._collector is not None:
                    self._collector.feed(bytes(event.data))
                if self._collector is not None and (isinstance(event, h11.EndOfMessage) or self._method == "CONNECT"):
                    ended = connection.our_state is connection.their_state is h11.DONE or self._method == "CONNECT"
                    self.reusable = ended and not connection.trailing_data[0]
                    return self._collector.finish()
        except h11.RemoteProtocolError:
            raise ProtocolError from None  # its text repeats what the server sent
        return None
