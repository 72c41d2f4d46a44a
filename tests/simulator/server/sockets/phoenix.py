"""A client of Phoenix channels: one socket, with what it sends and hears."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import from_json, to_json
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from websockets.sync.client import ClientConnection

KEY = "pk_test_1"
PATIENCE = 20
PATH = "/ws/v1/websocket"


class Frame(NamedTuple):
    """A frame that the server sent."""

    join_ref: str | None
    ref: str | None
    topic: str
    event: str
    payload: Any


class Socket:
    """An open socket."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self._refs = count(1)

    def send(self, *values: Any) -> None:
        """Send a frame as it is."""
        self.connection.send(to_json(list(values)).decode())

    def receive(self) -> Frame:
        """Wait for the next frame."""
        return Frame(*from_json(self.connection.recv(PATIENCE)))

    def call(self, topic: str, event: str, payload: Any, join_ref: str | None = None) -> Frame:
        """Send a frame, and wait for the next one, which must be its reply."""
        ref = f"r{next(self._refs)}"
        self.send(join_ref, ref, topic, event, payload)
        found = self.receive()
        assert (found.join_ref, found.ref, found.topic, found.event) == (join_ref, ref, topic, "phx_reply")
        return found

    def join(self, topic: str, params: Any = None, join_ref: str = "1") -> Any:
        """Join a topic; return the response."""
        payload = self.call(topic, "phx_join", params or {}, join_ref).payload
        assert payload["status"] == "ok", payload
        return payload["response"]

    def refused(self, topic: str, params: Any = None) -> Any:
        """Join a topic, which must be refused; return the response."""
        payload = self.call(topic, "phx_join", params or {}, "1").payload
        assert payload["status"] == "error", payload
        return payload["response"]

    def is_quiet(self) -> bool:
        """Return whether the next frame is the reply to a heartbeat: nothing was sent before."""
        return self.call("phoenix", "heartbeat", {}).payload == {"status": "ok", "response": {}}

    def close_code(self) -> int | None:
        """Wait until the server closes the socket; return the code."""
        try:
            while True:
                self.connection.recv(PATIENCE)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


def address(url: str, query: str = f"api_key={KEY}&vsn=2.0.0", path: str = PATH) -> str:
    """Return the address of a server's socket."""
    return f"{url.replace('http', 'ws', 1)}{path}?{query}"


@contextmanager
def opened(url: str, query: str = f"api_key={KEY}&vsn=2.0.0", path: str = PATH, **options: Any) -> Iterator[Socket]:
    """Open a socket while a `with` block runs."""
    with connect(address(url, query, path), proxy=None, open_timeout=PATIENCE, **options) as connection:
        yield Socket(connection)
