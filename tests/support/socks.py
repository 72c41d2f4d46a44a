"""A SOCKS5 proxy on loopback (RFC 1928, RFC 1929), in threads of its own."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing_extensions import Self

_SIZE = 65_536


class Asked(NamedTuple):
    """What a client asked for: the methods it offered, its login, and the place as it was written."""

    methods: bytes
    login: tuple[bytes, bytes] | None
    host: bytes
    """A name, or the bytes of an address."""
    kind: int
    """1 for an address of IPv4, 3 for a name, 4 for an address of IPv6."""
    port: int


class SocksServer:
    """Leads each connection to one port of this machine, wherever the client wants to go.

    Attributes:
        asked: what clients asked for, in the order of their requests.
        port: the port it listens at.
    """

    def __init__(
        self, target: int, *, login: tuple[bytes, bytes] | None = None, kind: int = 1, pause: float = 0
    ) -> None:
        """Start without connections.

        Args:
            target: the port to which connections lead.
            login: the user name and password that it demands.
            kind: the kind of the address in its replies, as in `Asked`.
            pause: seconds before it says that it has connected.
        """
        self.asked: list[Asked] = []
        self._target = target
        self._login = login
        self._pause = pause
        self._bound = b"\x05\x00\x00" + {1: b"\x01" + bytes(4), 3: b"\x03\x05proxy", 4: b"\x04" + bytes(16)}[kind]
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._serve)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        # The first thread must have ended before the lists are complete.
        _end(self._socket)
        self._threads[0].join()
        self._socket.close()
        for connection in self._open:
            _end(connection)
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self._open.append(connection)
                thread = threading.Thread(target=self._talk, args=[connection])
                self._threads.append(thread)
                thread.start()

    def _talk(self, client: socket.socket) -> None:
        with ExitStack() as stack, suppress(OSError, EOFError):
            stack.enter_context(client)
            self._agree(client)
            server = stack.enter_context(socket.create_connection(("127.0.0.1", self._target)))
            self._open.append(server)
            time.sleep(self._pause)
            client.sendall(self._bound + bytes(2))
            back = threading.Thread(target=_forward, args=[server, client])
            back.start()
            _forward(client, server)
            back.join()

    def _agree(self, client: socket.socket) -> None:
        version, count = _read(client, 2)
        assert version == 5
        methods = _read(client, count)
        login = None
        if self._login is None:
            client.sendall(b"\x05\x00")
        else:
            client.sendall(b"\x05\x02")
            assert _read(client, 1) == b"\x01"
            login = (_read_sized(client), _read_sized(client))
            client.sendall(b"\x01\x00" if login == self._login else b"\x01\x01")
        version, command, _, kind = _read(client, 4)
        assert (version, command) == (5, 1)
        host = _read_sized(client) if kind == 3 else _read(client, {1: 4, 4: 16}[kind])
        self.asked.append(Asked(methods, login, host, kind, int.from_bytes(_read(client, 2), "big")))


def _read(source: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        if not (more := source.recv(size - len(data))):
            raise EOFError
        data += more
    return data


def _read_sized(source: socket.socket) -> bytes:
    return _read(source, _read(source, 1)[0])


def _forward(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(_SIZE):
            target.sendall(data)
    _end(target)


def _end(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
