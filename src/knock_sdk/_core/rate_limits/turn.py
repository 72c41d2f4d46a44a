"""Turns: slots that are used, and what their lines learn from the responses."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .clock import Clock
    from .line import Line


class Turn(NamedTuple):
    """A slot that is used: the request is sent now."""

    line: Line
    slot: float
    clock: Clock
    started: float
    """The moment of the clock, in seconds."""
    late: float
    """Seconds since the moment of the slot."""

    def not_sent(self) -> None:
        """Give the slot back: no byte of the request was sent."""
        self.line.give_back(self.slot)

    def refused(self, retry_after: float | None) -> None:
        """Have the line stop: the response was a 429, perhaps with a wait in seconds."""
        self.line.pause(self.clock.monotonic(), retry_after)

    def answered(self) -> None:
        """Have the line learn how long a response took."""
        self.line.arrived(self.started, self.late, self.clock.monotonic())
