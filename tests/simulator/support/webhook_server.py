"""A server that webhooks send to, in a thread."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def listen(
    *statuses: int, handle: Callable[[bytes, dict[str, str]], object] | None = None
) -> Iterator[tuple[str, list[Any]]]:
    """Serve on a port, in a thread; yield the URL and the requests received."""
    left, received = list(statuses), []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            received.append((body, headers))
            if handle is not None:
                handle(body, headers)
            self.send_response(left.pop(0) if left else 204)
            self.send_header("location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook?x=1", received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def wait_until(holds: Callable[[], bool]) -> None:
    limit = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.005)
