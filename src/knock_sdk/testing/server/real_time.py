"""Real time for a simulator's clock."""

from __future__ import annotations

from contextlib import asynccontextmanager
from time import monotonic
from typing import TYPE_CHECKING

from anyio import create_task_group, sleep

from ..webhook_sender import serving

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from ..base import BaseSimulator

_INTERVAL = 0.25
"""Seconds between two moves of the clock while no request comes."""


class WallClock:
    """Advances a simulator's clock by the real time that has passed, in addition to any other advance."""

    def __init__(self, simulator: BaseSimulator, changed: Callable[[], None]) -> None:
        """Start measuring time without a change of the clock; call `changed` when it is changed between requests."""
        self._simulator = simulator
        self._changed = changed
        self._last = monotonic()

    def catch_up(self) -> None:
        """Advance the clock by the time since the last call; actions that fall due are carried out."""
        previous, self._last = self._last, monotonic()
        self._simulator.advance(seconds=self._last - previous)

    @asynccontextmanager
    async def lifespan(self, _: object) -> AsyncGenerator[None, None]:
        """Catch up while no request comes too, so that events reach webhooks when they happen."""
        async with create_task_group() as tasks:
            tasks.start_soon(self._tick)
            yield
            tasks.cancel_scope.cancel()

    async def _tick(self) -> None:
        serving.set(True)
        while True:
            await sleep(_INTERVAL)
            self.catch_up()
            self._changed()
