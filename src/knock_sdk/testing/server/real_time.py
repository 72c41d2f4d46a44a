"""Real time for a simulator's clock."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..base import BaseSimulator


class WallClock:
    """Advances a simulator's clock by the real time that has passed, in addition to any other advance."""

    def __init__(self, simulator: BaseSimulator) -> None:
        """Start measuring time; the simulator's clock is not changed."""
        self._simulator = simulator
        self._last = monotonic()

    def catch_up(self) -> None:
        """Advance the clock by the time since the last call; actions that fall due are carried out."""
        previous, self._last = self._last, monotonic()
        self._simulator.advance(seconds=self._last - previous)
