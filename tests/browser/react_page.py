"""A page with Knock's components for React: built with Vite, and served from an origin of its own."""

from __future__ import annotations

import subprocess
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from typing_extensions import override

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).with_name("react-feed")
BUILT = FOLDER / "dist"
VITE = FOLDER / "node_modules" / "vite" / "bin" / "vite.js"
SOURCES = ("index.html", "main.jsx", "package.json", "vite.config.js")


def skip_reason() -> str | None:
    """Return why the page cannot be built on this machine; None if it can."""
    if which("node") is None:
        return "node is not installed"
    if not VITE.exists():
        return f"@knocklabs/react is not installed: npm install --no-package-lock --prefix {FOLDER.relative_to(ROOT)}"
    return None


def build(target: Path) -> Path:
    """Return the folder with the page: the one that npm has built, or `target` if a source is newer."""
    index = BUILT / "index.html"
    if index.exists() and index.stat().st_mtime > max((FOLDER / name).stat().st_mtime for name in SOURCES):
        return BUILT
    command = ["node", str(VITE), "build", "--outDir", str(target), "--emptyOutDir", "--logLevel", "warn"]
    built = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return target


class _Handler(SimpleHTTPRequestHandler):
    @override
    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve the page while a `with` block runs; yield its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def address(page: str, **given: str) -> str:
    """Return the address of the page for a user, a feed and a server."""
    return f"{page}?{urlencode(given)}"
