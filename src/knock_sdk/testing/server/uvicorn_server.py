"""The simulator on a port: uvicorn, a socket that is bound before anything else, connections that can be broken off."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from typing_extensions import override

try:
    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol

    from .app import DROP, NO_HOOKS, app
except ModuleNotFoundError as _error:
    _missing = str(_error.name).partition(".")[0]
    raise ImportError(f"the server needs {_missing}: pip install 'knock-sdk[simulator]'") from _error

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Generator

    from uvicorn.server import ServerState

    from ..base import BaseSimulator
    from .app import Hooks

LOOPBACK = "127.0.0.1"
_GRACE = 2
"""Seconds that a request may go on when the server ends."""


def bind(host: str, port: int) -> socket.socket:
    """Open a listening socket; port 0 takes one that is free.

    Raises:
        OSError: The port is taken, the host is not this machine's, or has no address.
    """
    family, *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return socket.create_server((host, port), family=family)


def url_of(listening: socket.socket) -> str:
    """Return where a listening socket is reached."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Connection(H11Protocol):
    """A connection that the application can break off."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, {**app_state, DROP: self._drop}, _loop)

    def _drop(self) -> None:
        self.transport.abort()


class _Server(uvicorn.Server):
    """Serves a simulator, and can tell another thread when it has begun."""

    def __init__(self, simulator: BaseSimulator, hooks: Hooks = NO_HOOKS) -> None:
        """Take what is to be served."""
        config = uvicorn.Config(
            app(simulator, hooks),
            http=_Connection,
            ws="none",
            lifespan="on",
            log_config=None,  # logging is the application's that starts the server
            access_log=False,
            server_header=False,
            date_header=False,  # the simulator's time is another
            proxy_headers=False,
            timeout_graceful_shutdown=_GRACE,
        )
        super().__init__(config)
        self.begun: threading.Event = threading.Event()

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as uvicorn does, and tell of it."""
        try:
            await super().startup(sockets)
        finally:
            self.begun.set()


def run(simulator: BaseSimulator, listening: socket.socket, hooks: Hooks) -> None:
    """Serve a simulator on a socket until a signal ends it."""
    _Server(simulator, hooks).run([listening])


@contextmanager
def serving(simulator: BaseSimulator, host: str = LOOPBACK, port: int = 0) -> Generator[str, None, None]:
    """Serve a simulator from a thread while a block runs, and give its URL."""
    listening = bind(host, port)
    server = _Server(simulator)

    def serve() -> None:
        with suppress(SystemExit):  # how uvicorn says that it could not start
            server.run([listening])

    thread = threading.Thread(target=serve, name="knock simulator", daemon=True)
    thread.start()
    server.begun.wait()
    if not server.started:
        thread.join()
        listening.close()
        raise RuntimeError("the server did not start; its log says why")
    try:
        yield url_of(listening)
    finally:
        server.should_exit = True
        thread.join()
