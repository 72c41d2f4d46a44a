"""Responses as bytes, whole, damaged and in pieces, and what h11, the reference, makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import h11

from knock_sdk._core.outcome import ProtocolError
from knock_sdk._core.wire.http1 import LONGEST_HEAD, ResponseReader

if TYPE_CHECKING:
    import random

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n"
WHOLE = (
    OK + b"Content-Length: 5\r\n\r\nhello",
    OK + b"date: Mon\r\ncontent-length: 5\r\ncache-control: a, b\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n\r\nhello",
    OK + b"content-length: 0\r\n\r\n",
    OK + b"content-length: 5\r\n\r\nhello" + OK + b"content-length: 1\r\n\r\nx",
    OK + b"content-length: 2\r\ncontent-length: 2\r\n\r\nhi",
    OK + b"content-length: 2, 2\r\nconnection: close\r\n\r\nhi",
    OK + b"content-length: 2\r\nconnection: keep-alive, upgrade\r\n\r\nhi",
    OK + b"content-length: 2\r\nConnection: Keep-Alive\r\nkeep-alive: timeout=5\r\n\r\nhi",
    OK + b"content-length: 00002\r\n\r\nhi",
    OK + b"content-length: 3\r\nx: a\tb  c\r\ny:\r\nz:\t d \r\n\r\nabc",
    OK + b"content-length: 2\r\nx: \xff\xe4\r\n\r\nhi",
    OK + b"a: b\r\n c\r\ncontent-length: 0\r\n\r\n",
    OK + b"\r\nuntil the connection is closed",
    b"HTTP/1.1 204 No Content\r\n\r\n",
    b"HTTP/1.1 204 No Content\r\ncontent-length: 7\r\n\r\n",
    b"HTTP/1.1 204 No Content\r\ntransfer-encoding: chunked\r\n\r\n",
    b"HTTP/1.1 304 Not Modified\r\ncontent-length: 4\r\n\r\n",
    b"HTTP/1.1 500\r\ncontent-length: 1\r\nconnection: Close\r\n\r\nx",
    b"HTTP/1.1 429 Too Many\r\nretry-after: 1\r\ncontent-length: 2\r\n\r\n{}",
    b"HTTP/1.0 200 OK\r\ncontent-length: 3\r\n\r\nabc",
    b"HTTP/1.0 200 OK\r\nconnection: keep-alive\r\n\r\nabc",
    b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"content-length: 2\r\n\r\nhi",
    b"HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n" + OK + b"content-length: 2\r\n\r\nhi",
    b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\nabc",
    OK.replace(b"\r\n", b"\n") + b"content-length: 1\n\nx",
    CHUNKED + b"\r\n5\r\nhello\r\n3\r\nabc\r\n0\r\n\r\n",
    CHUNKED + b"\r\n0005\r\nhello\r\nA\r\n0123456789\r\n00\r\n\r\n",
    CHUNKED + b"\r\n5;name=value\r\nhello\r\n0;x\r\n\r\n",
    CHUNKED + b"\r\n5 \r\nhello\r\n0\r\nA: b\r\nC: d\r\n\r\n",
    CHUNKED + b"content-length: 2\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
    CHUNKED + b"Connection: close, x\r\n\r\n00000000000000000002;a\t \r\nhi\r\n0 \t\r\n\n",
    CHUNKED + b"a: b\r\n c\r\n\r\n2;\xff\r\r\nhi\r\n000;x\r\nA:b\r\n c\r\n\r\n",
    b"HTTP/1.1 103 Early Hints\r\n\r\n" + CHUNKED + b"\r\n1;" + b" " * 40 + b"\r\n \r\n0\r\nA: b\r\n\r\n" + OK,
    b"HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
    b"HTTP/1.1 204 No Content\r\ntransfer-encoding: chunked\r\nconnection: x\r\n\r\n0\r\n\r\n",
    CHUNKED.replace(b"chunked", b"gzip, chunked") + b"\r\n2\r\nhi\r\n0\r\n\r\n",
)
"""One of each shape, plain and odd, allowed and forbidden."""
FRAGMENTS = (
    *(
        b"\r",
        b"\n",
        b"\r\n",
        b"\r\n\r\n",
        b" ",
        b"\t",
        b":",
        b";",
        b",",
        b"0",
        b"5",
        b"-",
        b"+",
        b"_",
        b"0x",
        b"a",
        b"H",
        b"\n\r\n",
        b"\n\n",
        b";\t",
        b"content-length: 5\r\n",
    ),
    *(b"\x00", b"\x01", b"\x0b", b"\x7f", b"\x80", b"connection: close\r\n", b"content-length: 3\r\n"),
    *(b"transfer-encoding: chunked\r\n", b"5\r\nhello\r\n", b"0\r\n\r\n", OK),
)
LIMIT = 1024 * 1024


class Read(NamedTuple):
    """A response that was accepted."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    reusable: bool


def by_reader(parts: list[bytes], method: str = "GET") -> Read | None:
    """Return what the client's reader makes of a response, after which the connection ends; None if it refuses it."""
    reader = ResponseReader(method, LIMIT)
    try:
        for part in parts:
            if (response := reader.feed(part)) is not None:
                break
        else:
            response = reader.finish()
    except ProtocolError:
        return None
    return Read(response.status, response.headers, response.body, reader.reusable)


def by_h11(parts: list[bytes], method: str = "GET") -> Read | None:
    """Return what h11 makes of it."""
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=LONGEST_HEAD)
    connection.send(h11.Request(method=method, target="/", headers=[("host", "h")]))
    connection.send(h11.EndOfMessage())
    head: h11.Response | None = None
    body = b""
    try:
        for part in [*parts, b""]:
            connection.receive_data(part)
            while (event := connection.next_event()) not in (h11.NEED_DATA, h11.PAUSED):
                if isinstance(event, h11.Response):
                    head = event
                elif isinstance(event, h11.Data):
                    body += event.data
                elif isinstance(event, h11.EndOfMessage):
                    assert head is not None
                    reusable = part != b"" and _can_go_on(connection)  # not after the end of the connection
                    return Read(head.status_code, list(head.headers.raw_items()), body, reusable)
                elif isinstance(event, h11.ConnectionClosed):
                    return None
    except h11.RemoteProtocolError:
        return None
    return None


def _can_go_on(connection: h11.Connection) -> bool:
    if connection.trailing_data[0]:
        return False
    try:
        connection.start_next_cycle()
    except h11.LocalProtocolError:
        return False
    return True


def damaged(response: bytes, chance: random.Random) -> bytes:
    """Return a response with a few changes, or none."""
    for _ in range(chance.choice((0, 1, 1, 2, 3))):
        at = chance.randrange(len(response) + 1)
        action = chance.random()
        if action < 0.4:
            response = response[:at] + chance.choice(FRAGMENTS) + response[at:]
        elif action < 0.7:
            response = response[:at] + response[at + chance.randint(1, 3) :]
        elif action < 0.85:
            response = response[:at] + bytes([chance.randrange(256)]) + response[at + 1 :]
        else:
            other = chance.choice(WHOLE)
            response = response[:at] + other[chance.randrange(len(other)) :]
    return response


def pieces(response: bytes, chance: random.Random) -> list[bytes]:
    """Return a response in pieces, between one and one for each byte."""
    cuts = sorted(
        chance.sample(range(len(response)), min(len(response), chance.choice((0, 0, 1, 2, 5, len(response)))))
    )
    parts = [response[start:end] for start, end in zip([0, *cuts], [*cuts, len(response)], strict=True)]
    return [part for part in parts if part]
