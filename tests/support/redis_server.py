"""A Redis server on loopback, without persistence, for tests that need a real one."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import Self

PROGRAM = shutil.which("redis-server")
SECONDS = 20.0
"""Longest wait for its start."""


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        return port


class RedisServer:
    """Runs `redis-server` on a free port of 127.0.0.1 while its block is open."""

    def __init__(self, password: str = "") -> None:
        """Prepare; with a password, clients must have it."""
        assert PROGRAM is not None, "redis-server is not installed"
        self.port = free_port()
        self._password = password
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._folder.cleanup()

    @property
    def url(self) -> str:
        """The URL, with the password."""
        return f"redis://{f':{self._password}@' if self._password else ''}127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, empty, on the same port as before; return when it accepts connections."""
        settings = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "save": "",
            "appendonly": "no",
            "dir": self._folder.name,
            "requirepass": self._password,
        }
        command = [PROGRAM or "", *(part for name, text in settings.items() for part in (f"--{name}", text))]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + SECONDS
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1):
                    return
            except OSError:
                assert self._process.poll() is None, "redis-server ended"
                assert time.monotonic() < end
                time.sleep(0.01)

    def kill(self) -> None:
        """Kill it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Stop it from answering; its connections stay open."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Have it answer again."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGCONT)

    def client(self) -> Any:
        """Return a client."""
        import redis

        return redis.Redis.from_url(self.url)

    def calls(self, command: str) -> int:
        """Return how many times a command was called since the start."""
        with self.client() as client:
            stats: dict[str, Any] = client.info("commandstats").get(f"cmdstat_{command}", {})
            return int(stats.get("calls", 0))
