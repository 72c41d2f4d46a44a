"""A quick server in a process of its own, for rows that measure throughput or fork.

In the client's process its work would count as the client's, and its thread would be in the way of a fork. It answers
every request with the id in its path: `{"id": "u1", …}` to `/v1/users/u1`, so that a caller can tell whether an
answer is its own.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from http.client import HTTPConnection
from typing import TYPE_CHECKING, NamedTuple

from typing_extensions import override

if TYPE_CHECKING:
    from typing_extensions import Self

COUNTS = "/counts"
USER = {"__typename": "User", "updated_at": "2025-03-01T12:00:00Z"}


class Counts(NamedTuple):
    """What the server has seen."""

    connections: int
    requests: int


class Apart:
    """Runs the server while its block is open."""

    def __init__(self, *, delay: float = 0.0) -> None:
        """Answer so many seconds after a request."""
        self._command = [sys.executable, "-m", __name__, str(delay)]

    def __enter__(self) -> Self:
        # The server ends when its input does, so that it cannot outlive a row that is killed.
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.port}"

    def counts(self) -> Counts:
        """Ask the server what it has seen, this question excepted."""
        connection = HTTPConnection("127.0.0.1", self.port)
        try:
            connection.request("GET", COUNTS)
            return Counts(*json.loads(connection.getresponse().read()))
        finally:
            connection.close()


class Echo(asyncio.Protocol):
    """One connection."""

    connections = 0
    requests = 0

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._read = bytearray()
        self._counted = False

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            first, *lines = bytes(self._read[:end]).decode("latin-1").split("\r\n")
            headers = {name.lower(): text.strip() for name, _, text in (line.partition(":") for line in lines)}
            length = end + 4 + int(headers.get("content-length", "0"))
            if len(self._read) < length:
                return
            del self._read[:length]
            if self._delay:
                asyncio.get_running_loop().call_later(self._delay, self._answer, first.split(" ")[1])
            else:
                self._answer(first.split(" ")[1])

    def _answer(self, target: str) -> None:
        if target == COUNTS:
            body = json.dumps(Counts(Echo.connections, Echo.requests))
        else:
            Echo.connections += not self._counted
            Echo.requests += 1
            self._counted = True
            name = target.split("/")[3]
            body = json.dumps({**USER, "id": name, "workflow_run_id": name})
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        self._transport.write((head + body).encode())


async def serve(delay: float) -> None:
    """Serve until the input ends; the first line of the output is the port."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(sys.stdin, ended.set)
    listener = await loop.create_server(lambda: Echo(delay), "127.0.0.1", 0, backlog=4096)
    print(listener.sockets[0].getsockname()[1], flush=True)
    await ended.wait()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
