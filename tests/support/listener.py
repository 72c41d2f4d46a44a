"""A TCP listener on loopback that speaks neither HTTP nor TLS: a function handles each connection."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self


class Listener:
    """Accepts connections while its block is open, one after another.

    Attributes:
        accepted: number of connections accepted.
        port: the port.
        url: base URL with the scheme https.
    """

    def __init__(self, talk: Callable[[socket.socket], object]) -> None:
        """Call `talk` with each connection, which is closed afterwards; an OSError in it is ignored."""
        self.accepted = 0
        self._talk = talk
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"https://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.accepted += 1
                with connection, suppress(OSError):
                    self._talk(connection)


def respond_with(data: bytes) -> Callable[[socket.socket], None]:
    """Return a function for `Listener` that reads once and sends `data`."""

    def talk(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(data)

    return talk
