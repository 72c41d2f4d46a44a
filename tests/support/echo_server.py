"""A fast server that responds with the id in the path: `{"id": "u1", …}` to `/v1/users/u1`.

The id tells a caller whether a response belongs to its own request.
"""

from __future__ import annotations

import asyncio
import json
import sys
from functools import partial
from typing import NamedTuple

from typing_extensions import override

from .server_process import COUNTS, Connection, ServerProcess, serve

USER = {"__typename": "User", "updated_at": "2025-03-01T12:00:00Z"}


class Counts(NamedTuple):
    """Connections and requests that the server has received."""

    connections: int
    requests: int


class EchoServer(ServerProcess):
    """Runs the server while its block is open."""

    def __init__(self, *, delay: float = 0.0) -> None:
        """Respond `delay` seconds after each request."""
        super().__init__(__name__, str(delay))

    @override
    def counts(self) -> Counts:
        return Counts(*super().counts())


class Echo(Connection):
    """A connection to the server."""

    connections = 0
    requests = 0

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._read = bytearray()
        self._counted = False

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
                asyncio.get_running_loop().call_later(self._delay, self._respond, first.split(" ")[1])
            else:
                self._respond(first.split(" ")[1])

    def _respond(self, target: str) -> None:
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


if __name__ == "__main__":
    serve(partial(Echo, float(sys.argv[1])))
