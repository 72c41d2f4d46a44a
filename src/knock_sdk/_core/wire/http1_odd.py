"""HTTP/1.1 that is not in the common form, read by h11: heads, bodies and trailers, and what is wrong with them."""

from __future__ import annotations

import re

import h11

from ..outcome import ProtocolError, not_http

_BEFORE_TRAILERS = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n"
_MANY = b" " * 1024
_STATUS_LINE = re.compile(rb"HTTP/[0-9]\.[0-9] [1-9][0-9]{2}(?: [\t -~\x80-\xff]*)?")
_HEADER = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\x00\r\n]*|[\t ][^\x00\r\n]*")
_FRAMING = re.compile(rb"(?im)^(content-length|transfer-encoding)[\t ]*:")


def begin(method: str, longest: int) -> h11.Connection:
    """Return a connection that expects the response to a request."""
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=longest)
    connection.send(h11.Request(method=method, target="/", headers=[("host", "h")]))
    connection.send(h11.EndOfMessage())
    return connection


def read_head(connection: h11.Connection, head: bytes) -> h11.Response | None:
    """Read a complete head; return None if it is that of an informational response."""
    _check_spaces(head)
    try:
        connection.receive_data(head)
        event = connection.next_event()
    except h11.RemoteProtocolError:  # its text repeats what the server sent
        raise not_http(_fault_of(head)) from None
    return event if isinstance(event, h11.Response) else None


def read_body(connection: h11.Connection, data: bytes | None) -> tuple[bytes, bool]:
    """Read what follows a head.

    Args:
        connection: the one that has read the head.
        data: the next bytes, none at the end of the connection, or None if none are known yet.

    Returns:
        What belongs to the body, and whether that is complete.
    """
    body = b""
    try:
        if data is not None:
            connection.receive_data(data)
        while (event := connection.next_event()) not in (h11.NEED_DATA, h11.PAUSED):
            if isinstance(event, h11.EndOfMessage):
                return body, True
            if isinstance(event, h11.Data):
                body += event.data
    except h11.RemoteProtocolError:
        raise ProtocolError("closed the connection in the middle of the body of its response") from None
    return body, False


def keeps_alive(connection: h11.Connection) -> bool:
    """Return whether another request may follow a response."""
    return connection.our_state is h11.DONE and not connection.trailing_data[0]


def check_trailers(lines: bytes) -> None:
    """Check trailers, which are not used; raise ProtocolError if they are malformed."""
    _check_spaces(lines)
    connection = begin("GET", len(_BEFORE_TRAILERS) + len(lines))
    try:
        connection.receive_data(_BEFORE_TRAILERS + lines)
        while not isinstance(connection.next_event(), h11.EndOfMessage):
            pass
    except h11.RemoteProtocolError:
        raise not_http("a trailer is malformed") from None


def _check_spaces(lines: bytes) -> None:
    """Refuse headers with many spaces in a row, in which h11's search for the end of a value takes quadratic time."""
    if _MANY in lines.replace(b"\t", b" "):
        raise not_http("a header has too many spaces")


def _fault_of(head: bytes) -> str:
    """Return what is wrong with a head, in words of our own."""
    status, *lines = re.split(rb"\r?\n", head.rstrip(b"\r\n"))
    if not _STATUS_LINE.fullmatch(status):
        return "its status line is malformed"
    if status[9:12] == b"101":
        return "it switches to another protocol"
    if not all(_HEADER.fullmatch(line) for line in lines):
        return "a header is malformed"
    framing = {name.lower() for name in _FRAMING.findall(head)}
    if b"transfer-encoding" in framing:
        return "its Transfer-Encoding is unknown or contradicts itself"
    if b"content-length" in framing:
        return "its Content-Length is malformed or contradicts itself"
    return "its head is malformed"
