"""Starts the examples as their users do: in processes of their own, against a simulator that is served."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from tests.support.environment import plain_environment
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

FOLDER = ROOT / "examples"
KEY = "sk_test_example"
PATIENCE = 120
"""Seconds after which a program counts as hanging; alone on a machine, none takes ten."""


def environment(**settings: str) -> dict[str, str]:
    """Return the environment of a program: without settings of this machine, and with no way to other machines."""
    return {
        **plain_environment(),
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(ROOT / "src"),
        **settings,
    }


def run(
    *command: str, folder: Path = FOLDER, encoding: str = "utf-8", **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run a Python program to its end, with warnings as errors; `encoding` is that of its output."""
    return subprocess.run(
        [sys.executable, "-W", "error", *command],
        capture_output=True,
        check=False,
        cwd=folder,
        encoding=encoding,
        env=environment(PYTHONIOENCODING=encoding, **settings),
        timeout=PATIENCE,
    )


def copy(name: str, target: Path) -> Path:
    """Copy an example to where none of this project's settings apply; return the copy."""
    return shutil.copytree(FOLDER / name, target / name, ignore=shutil.ignore_patterns("__pycache__", "db.sqlite3"))


@contextmanager
def running(
    command: Sequence[str], log: Path, folder: Path = FOLDER, **settings: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Python program that does not end by itself while a `with` block runs; what it writes goes to a file."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env=environment(**settings),
            start_new_session=True,  # a group, so that none of its children stays
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
            assert process.poll() is None, log.read_text()
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            finally:
                with suppress(ProcessLookupError):  # all of them have ended
                    os.killpg(process.pid, signal.SIGKILL)


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a program accepts connections."""
    limit = time.monotonic() + PATIENCE
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < limit, log.read_text()
            time.sleep(0.02)


def wait_for(log: Path, pattern: str) -> re.Match[str]:
    """Wait until a program has written something."""
    limit = time.monotonic() + PATIENCE
    while (found := re.search(pattern, log.read_text())) is None:
        assert time.monotonic() < limit, log.read_text()
        time.sleep(0.02)
    return found
