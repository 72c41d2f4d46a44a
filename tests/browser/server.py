"""`python -m knock_sdk.testing` in a process of its own, which can be ended and started again on the same port."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 20


class Server:
    """A server that is listening."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.url = url

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.url.rpartition(":")[2])

    def stop(self) -> None:
        """End it as Ctrl-C does, and check that it ends well."""
        self.process.send_signal(signal.SIGINT)
        out, _ = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 0, out


@contextmanager
def run(*options: str, port: int = 0) -> Iterator[Server]:
    """Run a server while a `with` block runs."""
    command = [sys.executable, "-m", "knock_sdk.testing", "--port", str(port), *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            yield Server(process, _read_url(process))
        finally:
            process.kill()


def _read_url(process: subprocess.Popen[str]) -> str:
    """Return the address that the server prints when it listens."""
    assert process.stdout is not None
    printed = ""
    for line in process.stdout:
        printed += line
        if found := re.search(r"listens on (http://\S+?)/?$", line.strip()):
            return found[1]
    raise AssertionError(printed)
