"""A local Knock for the command, and three ways to run it: in this process, in a pipe, in a terminal."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple, Protocol

import pytest

from knock_sdk.cli._app import run as run_command
from knock_sdk.testing import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knock_sdk import Knock


class Result(NamedTuple):
    """What a command did: the exit status and the text of both outputs."""

    status: int
    out: str
    err: str


class Run(Protocol):
    def __call__(self, *arguments: str, stdin: str | bytes = "") -> Result: ...


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


@pytest.fixture
def sim(monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    """Return a simulator that listens on a port, which the environment names; no key is set."""
    simulator = Simulator()
    with simulator.serve() as url:
        monkeypatch.setenv("KNOCK_BASE_URL", url)
        for name in ("KNOCK_API_KEY", "KNOCK_BRANCH", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"):
            monkeypatch.delenv(name, raising=False)
        yield simulator


@pytest.fixture
def client(sim: Simulator) -> Iterator[Knock]:
    """Return a client of that simulator, to prepare what commands find."""
    with sim.client() as client:
        yield client


@pytest.fixture
def run(sim: Simulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the command in this process, with pipes for its input and outputs."""

    def call(*arguments: str, stdin: str | bytes = "") -> Result:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(_bytes(stdin)), "utf-8"))
        capsys.readouterr()
        status = run_command(list(arguments))
        captured = capsys.readouterr()
        return Result(status, captured.out, captured.err)

    return call


@pytest.fixture
def run_apart(sim: Simulator) -> Run:
    """Return a function that runs the command in a process of its own, with pipes."""

    def call(*arguments: str, stdin: str | bytes = "") -> Result:
        ended = subprocess.run(
            [sys.executable, "-m", "knock_sdk.cli", *arguments],
            input=_bytes(stdin),
            capture_output=True,
            timeout=60,
            check=False,
            env=os.environ,
        )
        return Result(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    return call


class Terminal(Protocol):
    def __call__(
        self, *arguments: str, columns: int = 80, lines: int = 40, environment: dict[str, str] | None = None
    ) -> tuple[int, list[str]]: ...


@pytest.fixture
def terminal(sim: Simulator) -> Terminal:
    """Return a function that runs the command in a terminal; returns the exit status and the screen."""
    pexpect = pytest.importorskip("pexpect", reason="there are no terminals of this kind")
    pyte = pytest.importorskip("pyte")

    def call(
        *arguments: str, columns: int = 80, lines: int = 40, environment: dict[str, str] | None = None
    ) -> tuple[int, list[str]]:
        screen = pyte.Screen(columns, lines)
        stream = pyte.ByteStream(screen)
        child = pexpect.spawn(
            sys.executable,
            ["-m", "knock_sdk.cli", *arguments],
            dimensions=(lines, columns),
            env={**os.environ, "TERM": "xterm-256color", **(environment or {})},
            timeout=60,
        )
        stream.feed(child.read())
        child.close()
        shown = [line.rstrip() for line in screen.display]
        return child.exitstatus, shown

    return call
