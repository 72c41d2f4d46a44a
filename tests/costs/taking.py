"""Takes the measures, each in a process of its own, beside a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.echo_server import EchoServer

from .apart import run_apart
from .modules import modules

if TYPE_CHECKING:
    from .measures import Figures

DELAY = 0.005
"""Seconds after which the server answers: later than the client begins to wait, so that it always does."""

MEASURES = {
    "instructions": "instructions",
    "own instructions": "instructions",
    "allocations": "allocations",
    "peak bytes": "memory",
    "modules": "modules",
}
"""What is held in the table, and the function that takes it."""


def server() -> EchoServer:
    """The server that calls over loopback go to."""
    return EchoServer(delay=DELAY)


def take(function: str, url: str) -> Figures:
    """Take the measures of a function."""
    if function == "modules":
        return modules(url)
    figures: Figures = run_apart(f"from tests.costs.measures import {function}", f"{function}({url!r})")
    return figures
