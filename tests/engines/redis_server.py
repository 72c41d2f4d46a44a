"""A Redis server of its own, on a free port of this machine, that keeps nothing on disk."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import redis

if TYPE_CHECKING:
    from typing_extensions import Self

PROGRAM = shutil.which("redis-server")
"""Path of the program, None where it is not installed."""
_SECONDS = 20


class RedisServer:
    """Runs while its block is open.

    Attributes:
        url: its address.
    """

    url: str

    def __enter__(self) -> Self:
        assert PROGRAM is not None, "there is no redis-server"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self._folder = TemporaryDirectory()
        self._process = subprocess.Popen(
            [PROGRAM, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", self._folder.name],
            stdout=subprocess.DEVNULL,
        )
        self.url = f"redis://127.0.0.1:{port}/0"
        self.client: redis.Redis = redis.Redis.from_url(self.url)
        self._wait()
        return self

    def _wait(self) -> None:
        limit = time.monotonic() + _SECONDS
        while True:
            try:
                self.client.ping()
            except redis.ConnectionError:
                assert self._process.poll() is None, "redis-server has ended"
                assert time.monotonic() < limit, "redis-server does not answer"
                time.sleep(0.02)
            else:
                return

    def __exit__(self, *_: object) -> None:
        self.client.close()
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()

    def script_calls(self) -> int:
        """Return how many scripts were called: one for each turn that a rate limit gave."""
        commands: dict[str, dict[str, int]] = self.client.info("commandstats")
        return sum(commands.get(f"cmdstat_{name}", {}).get("calls", 0) for name in ("eval", "evalsha"))
