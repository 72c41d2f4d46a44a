"""A server in its own process, for tests that measure throughput or memory, or that fork.

In the client's process its work would count as the client's, and its thread would be in the way of a fork. A module
that defines such a server calls `serve` when it is run as a program.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from .paths import ROOT

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from typing_extensions import Self

COUNTS = "/counts"
"""The path of the server's counters."""


class ServerProcess:
    """Runs a module as a server while its block is open; the first line that it prints is its port."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._command = [sys.executable, "-m", module, *arguments]

    def __enter__(self) -> Self:
        # The server ends when its input does, so that it cannot outlive a caller that is killed.
        self._process = subprocess.Popen(
            self._command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.port}"

    def counts(self) -> Any:
        """Return the server's counters, without this request."""
        connection = HTTPConnection("127.0.0.1", self.port)
        try:
            connection.request("GET", COUNTS)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


class Connection(asyncio.Protocol):
    """A connection to a server; subclasses define `data_received`."""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport


def serve(connection: Callable[[], Connection], tls: ssl.SSLContext | None = None) -> None:
    """Print the port, and serve until the input ends, over TLS if a context is given."""
    asyncio.run(_serve(connection, tls))


async def _serve(connection: Callable[[], Connection], tls: ssl.SSLContext | None) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(sys.stdin, ended.set)
    listener = await loop.create_server(connection, "127.0.0.1", 0, backlog=4096, ssl=tls)
    print(listener.sockets[0].getsockname()[1], flush=True)
    await ended.wait()
