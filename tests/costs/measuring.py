"""Taking of the measures, each in its own process, with a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.echo_server import EchoServer

from .interpreters import run_apart
from .modules import modules

if TYPE_CHECKING:
    from .measures import Figures

DELAY = 0.005
"""Seconds until the server responds: long enough that the client always waits for the response."""

MEASURES = {
    "instructions": "instructions",
    "own instructions": "instructions",
    "allocations": "allocations",
    "peak bytes": "memory",
    "modules": "modules",
}
"""Measures in the table, each with the function that takes it."""
OBSERVED = "observed"
"""The measure, and its function, of triggers with hooks and with OpenTelemetry; it is not in the table."""


def server() -> EchoServer:
    """Return the server of the calls over loopback."""
    return EchoServer(delay=DELAY)


def take(function: str, url: str) -> Figures:
    """Take the measures of a function."""
    if function == "modules":
        return modules(url)
    if function == OBSERVED:
        observed: Figures = run_apart("from tests.costs.observed import observed", "observed()")
        return observed
    figures: Figures = run_apart(f"from tests.costs.measures import {function}", f"{function}({url!r})")
    return figures
