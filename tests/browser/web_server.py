"""A web server on this machine that notes what is asked of it: a site of somebody else, as far as pages know."""

from __future__ import annotations

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

from tests.browser.chromium import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = b"<!doctype html><html lang=en><link rel=icon href=data:,><title>A page</title>"


class WebServer(ThreadingHTTPServer):
    """Answers each GET with an empty page."""

    def __init__(self) -> None:
        super().__init__((LOOPBACK, 0), _Handler)
        self.paths: list[str] = []
        """The paths that were asked for."""

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http://{LOOPBACK}:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: WebServer

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


@contextmanager
def serve() -> Iterator[WebServer]:
    """Serve while a `with` block runs."""
    with WebServer() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
