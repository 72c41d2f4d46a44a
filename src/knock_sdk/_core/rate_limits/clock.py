"""The system's clock, and the form of what an engine may have instead of it, such as the simulator's."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .line import Line


class Clock(Protocol):
    """A clock, with the lines of requests that wait for a moment of it."""

    @property
    def lines(self) -> dict[str, Line]:
        """Lines by the scope of a rate limit: all clients that go by this clock share them."""
        ...

    def monotonic(self) -> float:
        """Return the seconds since some moment."""
        ...

    def time(self) -> float:
        """Return the seconds since 1970, UTC."""
        ...


class SystemClock:
    """The system's clock."""

    def __init__(self) -> None:
        """Start without lines."""
        self.lines: dict[str, Line] = {}

    def monotonic(self) -> float:
        """Return the seconds since some moment; changes of the system's time do not affect it."""
        return time.monotonic()

    def time(self) -> float:
        """Return the seconds since 1970, UTC."""
        return time.time()


SYSTEM_CLOCK = SystemClock()
"""One for the process: so the clients of a key share its rate limits."""
