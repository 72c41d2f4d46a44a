"""A listener on loopback that knows neither HTTP nor TLS: a function talks to each visitor."""

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
        accepted: how many connections were made.
        url: a base URL that asks for TLS.
    """

    def __init__(self, talk: Callable[[socket.socket], object]) -> None:
        """Take the function that talks; the connection is closed after it, and an OSError ends it quietly."""
        self.accepted = 0
        self._talk = talk
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self.url = f"https://127.0.0.1:{self._socket.getsockname()[1]}"

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
                visitor, _ = self._socket.accept()
                self.accepted += 1
                with visitor, suppress(OSError):
                    self._talk(visitor)


def says(data: bytes) -> Callable[[socket.socket], None]:
    """Return a function that answers whatever comes with some bytes."""

    def talk(visitor: socket.socket) -> None:
        visitor.recv(65_536)
        visitor.sendall(data)

    return talk
