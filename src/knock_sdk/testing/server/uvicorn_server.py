"""The uvicorn server: its socket is bound before it starts, and its connections can be aborted."""

from __future__ import annotations

import logging
import socket
import threading
from asyncio import Event
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from ..state.arguments import check_type

try:
    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol
    from uvicorn.protocols.websockets.wsproto_impl import WSProtocol

    from .aborting import DROP
    from .access import LOOPBACK_ONLY, access_of
    from .app import NO_HOOKS, app
    from .page.live import SHUTDOWN
except ModuleNotFoundError as _error:
    _missing = str(_error.name).partition(".")[0]
    raise ImportError(f"the server needs {_missing}: pip install 'knock-sdk[simulator]'") from _error

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Generator, Sequence

    from uvicorn.server import ServerState

    from ..base import BaseSimulator
    from .access import Access
    from .app import Hooks

LOOPBACK = "127.0.0.1"
_HIGHEST_PORT = 65535
_LARGEST_FRAME = 64 * 1024
"""Bytes of a WebSocket message: those of Knock's clients have a few hundred."""
_SOCKET_LOG = logging.getLogger("uvicorn.error.sockets")
_SOCKET_LOG.setLevel(logging.WARNING)  # below it are lines with whole addresses
_GRACE = 2
"""Seconds that running requests have to finish when the server ends."""


def bind(host: str, port: int) -> socket.socket:
    """Open a listening socket; port 0 picks a free one.

    Raises:
        TypeError: The port is not a number.
        ValueError: It is not one that a port can have.
        OSError: The port is in use, or the host is unknown or not an address of this machine.
    """
    check_type("port", port, int, "a number from 0 to 65535")
    if not 0 <= port <= _HIGHEST_PORT:
        raise ValueError(f"port: takes a number from 0 to {_HIGHEST_PORT}, not {port}")
    family, *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listening = socket.create_server((host, port), family=family)
    # Accepted connections inherit it. asyncio sets it only on sockets that were made with the number of TCP; without
    # it, the second part of a response waits until the client has confirmed the first one, which takes it 40 ms.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def url_of(listening: socket.socket) -> str:
    """Return the URL of a listening socket."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def page_url_of(listening: socket.socket) -> str:
    """Return the URL of a listening socket for a browser of this machine, also if it listens on all addresses."""
    return url_of(listening).replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")


class _Connection(H11Protocol):
    """A connection that the application can abort."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._ending = Event()
        super().__init__(config, server_state, {**app_state, DROP: self._drop, SHUTDOWN: self._ending}, _loop)

    @override
    def shutdown(self) -> None:
        """End the connection with the server: at once if a stream of events is open on it."""
        self._ending.set()
        super().shutdown()

    def _drop(self) -> None:
        self.transport.abort()


class _Socket(WSProtocol):
    """A socket whose address is not logged, since browsers put the user token there."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.logger: logging.Logger = _SOCKET_LOG


class _Server(uvicorn.Server):
    """Serves a simulator, and sets an event when its start has succeeded or failed."""

    def __init__(
        self,
        simulator: BaseSimulator,
        hooks: Hooks = NO_HOOKS,
        access: Access = LOOPBACK_ONLY,
        *,
        real_time: bool = False,
        started: Callable[[], None] | None = None,
    ) -> None:
        """Configure uvicorn to serve a simulator; call a function when it accepts connections and handles signals."""
        config = uvicorn.Config(
            app(simulator, hooks, access, real_time=real_time),
            http=_Connection,
            ws=_Socket,
            ws_max_size=_LARGEST_FRAME,
            lifespan="on",
            log_config=None,  # the program that starts the server configures logging
            access_log=False,
            server_header=False,
            date_header=False,  # the simulator has its own clock
            proxy_headers=False,
            timeout_graceful_shutdown=_GRACE,
        )
        super().__init__(config)
        self._when_started = started
        self.startup_finished: threading.Event = threading.Event()

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then set the event."""
        try:
            await super().startup(sockets)
        finally:
            self.startup_finished.set()
        if self.started and self._when_started is not None:
            self._when_started()


def run(
    simulator: BaseSimulator,
    listening: socket.socket,
    hooks: Hooks,
    access: Access,
    *,
    real_time: bool,
    started: Callable[[], None],
) -> None:
    """Serve a simulator on a socket until a signal ends it; call a function when it has started."""
    _Server(simulator, hooks, access, real_time=real_time, started=started).run([listening])


@contextmanager
def serve(
    simulator: BaseSimulator,
    host: str = LOOPBACK,
    port: int = 0,
    allow_origins: Sequence[str] = (),
    allow_hosts: Sequence[str] = (),
) -> Generator[str, None, None]:
    """Serve a simulator from a thread while a `with` block runs; yield its URL."""
    access = access_of(allow_origins, allow_hosts).with_host(host)
    listening = bind(host, port)
    server = _Server(simulator, access=access)

    def run_server() -> None:
        with suppress(SystemExit):  # raised by uvicorn if it cannot start
            server.run([listening])

    thread = threading.Thread(target=run_server, name="knock simulator", daemon=True)
    thread.start()
    server.startup_finished.wait()
    if not server.started:
        thread.join()
        listening.close()
        raise RuntimeError("the server did not start; its log says why")
    try:
        yield url_of(listening)
    finally:
        server.should_exit = True
        thread.join()
