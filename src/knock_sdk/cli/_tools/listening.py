"""A small server that receives webhooks on this machine."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, cast

from typing_extensions import override

from ...webhooks import WebhookError, unwrap
from .._console import print_error, print_note
from .._errors import fail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...types import Event

_LARGEST = 10_000_000
"""Bytes of a body, at most."""
_TURN = 0.5
"""Seconds after which a wait is begun again: an endless one cannot be interrupted on every system."""


class _Server(ThreadingHTTPServer):
    """Receives requests in threads, and hands over what they say."""

    daemon_threads = True

    def __init__(self, port: int, secret: str) -> None:
        """Bind the port."""
        super().__init__(("127.0.0.1", port), _Handler)
        self.secret = secret
        self.received: SimpleQueue[Event | WebhookError] = SimpleQueue()

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client has gone before it got its response."""


class _Handler(BaseHTTPRequestHandler):
    """Answers a request with 204, or with 400 if Knock has not signed it."""

    server_version = "knock-sdk"
    sys_version = ""
    timeout = 10

    def do_POST(self) -> None:
        """Check a request."""
        server = cast("_Server", self.server)
        try:
            size = int(self.headers.get("content-length") or "")
        except ValueError:
            self._respond(411)
            return
        if not 0 <= size <= _LARGEST:
            self._respond(413)
            return
        body = self.rfile.read(size)
        try:
            event = unwrap(body, self.headers, secret=server.secret)
        except WebhookError as error:
            server.received.put(error)
            self._respond(400)
        else:
            server.received.put(event)
            self._respond(204)

    def _respond(self, status: int) -> None:
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: what came is printed."""


def receive(port: int, secret: str, count: int | None) -> Iterator[Event]:
    """Yield the events that come, up to a number of them; print what is no event of the webhook."""
    try:
        server = _Server(port, secret)
    except OSError as error:
        fail(f"127.0.0.1:{port}: {error.strerror}; choose another port with --port, 0 for a free one")
    with server:
        Thread(target=server.serve_forever, name="knock webhooks", daemon=True).start()
        print_note(f"Listening on http://127.0.0.1:{server.server_port}, until Ctrl-C.")
        left = count
        while left is None or left > 0:
            try:
                received = server.received.get(timeout=_TURN)
            except Empty:
                continue
            if isinstance(received, WebhookError):
                print_error(f"refused a request: {received}")
                continue
            yield received
            left = None if left is None else left - 1
        server.shutdown()
