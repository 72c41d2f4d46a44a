"""The server of the measurements, in its own process; it does as little as possible.

In the client's process its work would count as the client's. Responses are prepared as bytes; of a request, only the
path and the end are read. The paths are Knock's. The length of a list and the server's delay in milliseconds may stand
before them, as a part of the base URL: `/10000/20/v1/users`, `/0/50/v1/workflows/…`. With a file as argument, which
contains a key and its certificates, it serves TLS.
"""

from __future__ import annotations

import asyncio
import os
import re
import ssl
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from typing_extensions import override

from tests.support.server_process import Connection, ServerProcess, serve

from .bodies import PAGE_SIZE, TRIGGERED, messages, user_page

if TYPE_CHECKING:
    from typing_extensions import Self

TRUST = "SSL_CERT_FILE"
"""The variable that names the file of trusted certificates."""
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_BEFORE_PATH = re.compile(rb"/(\d+)/(\d+)(?=/v1/)")
_AFTER = re.compile(rb"[?&]after=(\d+)")
_PAGE_SIZE = re.compile(rb"[?&]page_size=(\d+)")


class Server(ServerProcess):
    """Runs the server while its block is open."""

    def __init__(self, *arguments: str) -> None:
        super().__init__(__name__, *arguments)

    def with_delay(self, delay: float) -> str:
        """Return a base URL whose responses take `delay` seconds each."""
        return self.with_list(0, delay)

    def with_list(self, total: int, delay: float = 0.0) -> str:
        """Return a base URL with a list of `total` users, whose pages take `delay` seconds each."""
        return f"{self.url}/{total}/{delay * 1000:.0f}"


class TLSServer(Server):
    """Serves TLS; while its block is open, clients that read `SSL_CERT_FILE` trust its certificate."""

    @override
    def __enter__(self) -> Self:
        import trustme

        self._folder = TemporaryDirectory()
        authority = trustme.CA()
        self.authority = Path(self._folder.name, "authority.pem")
        """The file that clients trust."""
        authority.cert_pem.write_to_path(str(self.authority))
        issued = Path(self._folder.name, "server.pem")
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(issued))
        self._command.append(str(issued))
        self._trusted = os.environ.get(TRUST)
        os.environ[TRUST] = str(self.authority)
        return super().__enter__()

    @override
    def __exit__(self, *exception: object) -> None:
        super().__exit__(*exception)
        if self._trusted is None:
            del os.environ[TRUST]
        else:
            os.environ[TRUST] = self._trusted
        self._folder.cleanup()

    @property
    @override
    def url(self) -> str:
        """The base URL."""
        return f"https://127.0.0.1:{self.port}"


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
        total = delay = 0
        if before := _BEFORE_PATH.match(target):
            total, delay = int(before[1]), int(before[2])
            target = target[before.end() :]
        if delay:
            asyncio.get_running_loop().call_later(delay / 1000, self._transport.write, self._response(target, total))
        else:
            self._transport.write(self._response(target, total))

    def _complete(self, read: bytes, end: int) -> bool:
        if read.startswith(b"GET "):
            return True
        length = _LENGTH.search(read, 0, end)
        return length is not None and len(read) >= end + int(length[1])

    def _response(self, target: bytes, total: int) -> bytes:
        if target.startswith(b"/v1/workflows/"):
            return self.triggered
        if target.startswith(b"/v1/messages"):
            return self.page
        if target.partition(b"?")[0] != b"/v1/users":
            return b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"
        after, size = _AFTER.search(target), _PAGE_SIZE.search(target)
        start, page_size = int(after[1]) if after else 0, int(size[1]) if size else PAGE_SIZE
        return make_response(_users(total, start, page_size))


def _users(total: int, start: int, page_size: int) -> bytes:
    end = min(start + page_size, total)
    return user_page(end - start, str(end) if end < total else None, page_size)


def main(certificates: str | None = None) -> None:
    """Serve until the input ends."""
    context = None
    if certificates:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates)
    serve(BenchmarkConnection, context)


if __name__ == "__main__":
    main(*sys.argv[1:])
