"""The server of the measurements, in its own process; it does as little as possible.

In the client's process its work would count as the client's. Responses are prepared as bytes; of a request, only the
path and the end are read. The paths are Knock's. The length of a list and the server's delay in milliseconds may stand
before them, as a part of the base URL: `/10000/20/v1/users`.
"""

from __future__ import annotations

import asyncio
import re

from typing_extensions import override

from tests.support.server_process import Connection, ServerProcess, serve

from .bodies import PAGE_SIZE, TRIGGERED, messages, user_page

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_LIST = re.compile(rb"/(\d+)/(\d+)/v1/users(?:\?|$)")
_AFTER = re.compile(rb"[?&]after=(\d+)")
_PAGE_SIZE = re.compile(rb"[?&]page_size=(\d+)")


class Server(ServerProcess):
    """Runs the server while its block is open."""

    def __init__(self) -> None:
        super().__init__(__name__)

    def with_list(self, total: int, delay: float = 0.0) -> str:
        """Return a base URL with a list of `total` users, whose pages take `delay` seconds each."""
        return f"{self.url}/{total}/{delay * 1000:.0f}"


def make_response(body: bytes) -> bytes:
    """Return a complete response, with the headers that Knock sends."""
    return (
        b"HTTP/1.1 200 OK\r\n"
        b"date: Mon, 05 Oct 2026 12:00:00 GMT\r\n"
        b"content-type: application/json; charset=utf-8\r\n"
        b"content-length: %d\r\n"
        b"cache-control: max-age=0, private, must-revalidate\r\n"
        b"x-request-id: GHx7Qk2vN1fXy2IAAB3i\r\n"
        b"\r\n%b" % (len(body), body)
    )


class BenchmarkConnection(Connection):
    """A connection that handles one request at a time."""

    triggered = make_response(TRIGGERED)
    page = make_response(messages())

    def __init__(self) -> None:
        self._read = b""

    @override
    def data_received(self, data: bytes) -> None:
        read = self._read + data if self._read else data
        end = read.find(b"\r\n\r\n")
        if end < 0 or not self._complete(read, end + 4):
            self._read = read
            return
        self._read = b""
        target = read[read.index(b" ") + 1 : read.index(b" HTTP/1.1\r\n")]
        if target.startswith(b"/v1/workflows/"):
            self._transport.write(self.triggered)
        elif target.startswith(b"/v1/messages"):
            self._transport.write(self.page)
        else:
            self._list(target)

    def _complete(self, read: bytes, end: int) -> bool:
        if read.startswith(b"GET "):
            return True
        length = _LENGTH.search(read, 0, end)
        return length is not None and len(read) >= end + int(length[1])

    def _list(self, target: bytes) -> None:
        found = _LIST.match(target)
        if found is None:
            self._transport.write(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
            return
        total, delay = int(found[1]), int(found[2])
        after, size = _AFTER.search(target), _PAGE_SIZE.search(target)
        body = _users(total, int(after[1]) if after else 0, int(size[1]) if size else PAGE_SIZE)
        if delay:
            asyncio.get_running_loop().call_later(delay / 1000, self._transport.write, make_response(body))
        else:
            self._transport.write(make_response(body))


def _users(total: int, start: int, page_size: int) -> bytes:
    end = min(start + page_size, total)
    return user_page(end - start, str(end) if end < total else None, page_size)


if __name__ == "__main__":
    serve(BenchmarkConnection)
