"""Lets a simulator's time pass as ours does."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..base import BaseSimulator


class WallClock:
    """Moves a simulator's clock on by the time that has passed; what else moves it counts besides."""

    def __init__(self, simulator: BaseSimulator) -> None:
        """Begin with the time that the simulator shows."""
        self._simulator = simulator
        self._at = monotonic()

    def catch_up(self) -> None:
        """Move the clock, which does what has fallen due."""
        before, self._at = self._at, monotonic()
        self._simulator.advance(seconds=self._at - before)
