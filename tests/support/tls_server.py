"""A TLS server that counts the connections on which data arrives after the handshake."""

from __future__ import annotations

import os
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import trustme

from .certificates import make_server_context
from .listener import Listener

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Iterator

USER = b'{"id": "u1"}'


class TLSServer:
    """Responds to each request with a user, and closes the connection."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.requests = 0
        self._context = context
        self._free = threading.Event()
        self._free.set()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Say nothing within the block, so that a client has to wait for the handshake."""
        self._free.clear()
        try:
            yield
        finally:
            self._free.set()

    def serve(self, connection: socket.socket) -> None:
        """Serve one connection."""
        connection.settimeout(2)
        self._free.wait()
        with self._context.wrap_socket(connection, server_side=True) as wrapped:
            if wrapped.recv(65_536):
                self.requests += 1
                wrapped.sendall(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 12\r\n\r\n" + USER)


@contextmanager
def trusted_server() -> Iterator[tuple[TLSServer, str]]:
    """Start a server whose certificate is trusted; provide it and its base URL."""
    authority = trustme.CA()
    server = TLSServer(make_server_context(authority))

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "authority.pem")
        authority.cert_pem.write_to_path(str(file))
        with (
            mock.patch.dict(os.environ, {"SSL_CERT_FILE": str(file)}),
            mock.patch("knock_sdk._core.wire.tls._contexts", {}),
            Listener(server.serve) as listener,
        ):
            yield server, listener.url
