"""Real time for the clocks of a server's environments: a timer for each carries out what is due, when it is due."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING

from ..state.clock import LAST
from ..webhook_sender import serving
from .state_access import watch

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from ..base import BaseSimulator
    from ..state.changes import Change
    from .environments import Environments

_LOGGER = logging.getLogger(__name__)
_PAUSE = 1.0
"""Seconds from an action that failed unexpectedly to the next one."""


class WallClock:
    """Advances a simulator's clock by the real time that has passed, in addition to any other advance."""

    def __init__(self, simulator: BaseSimulator, since: float) -> None:
        """Count time from a moment of `time.monotonic`, at which the simulator's clock was right."""
        self.simulator: BaseSimulator = simulator
        self._last = since
        self.is_catching_up: bool = False
        """Whether the clock moves with the real time just now, which changes nothing about when an action is due."""

    def catch_up(self) -> None:
        """Advance the clock by the time since the last call; actions that fall due are carried out."""
        previous, self._last = self._last, monotonic()
        passed = timedelta(seconds=self._last - previous)
        self.is_catching_up = True
        try:
            self.simulator.advance(min(passed, LAST - self.simulator.now))
        finally:
            self.is_catching_up = False

    def seconds_to_next(self) -> float | None:
        """Return in how many seconds the next action is due, 0 or less if it is overdue; None if there is none."""
        due = self.simulator.next_due
        if due is None:
            return None
        return (due - self.simulator.now).total_seconds() - (monotonic() - self._last)


class RealTime:
    """The clocks of all environments of a server."""

    def __init__(self, environments: Environments, changed: Callable[[], None]) -> None:
        """Start measuring time; call `changed` when a timer has changed an environment."""
        self._started = monotonic()
        self._changed = changed
        self._clocks: dict[str, WallClock] = {}
        self._timers: dict[str, asyncio.Task[None]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        environments.watch(self._begin, self._end)

    def catch_up(self) -> None:
        """Advance all clocks to the present."""
        for clock in list(self._clocks.values()):
            clock.catch_up()

    @asynccontextmanager
    async def lifespan(self, _: object) -> AsyncGenerator[None, None]:
        """Run the timers while a server runs."""
        self._loop = asyncio.get_running_loop()
        for name in list(self._clocks):
            self._start_timer(name)
        try:
            yield
        finally:
            self._loop = None
            for name in list(self._timers):
                await self._stop_timer(name)

    def _begin(self, name: str, simulator: BaseSimulator) -> None:
        """Have the clock of a new environment, or one that was reset, go on from where the server's began."""
        self._clocks[name] = WallClock(simulator, self._started)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._start_timer, name)

    def _end(self, name: str) -> None:
        self._clocks.pop(name, None)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._start_timer, name)

    def _start_timer(self, name: str) -> None:
        """Start the timer of an environment anew, or end it if the environment was deleted."""
        running = self._timers.pop(name, None)
        if running is not None:
            running.cancel()
        clock = self._clocks.get(name)
        if clock is not None and self._loop is not None:
            self._timers[name] = self._loop.create_task(self._run_timer(clock))

    async def _stop_timer(self, name: str) -> None:
        timer = self._timers.pop(name)
        timer.cancel()
        with suppress(asyncio.CancelledError):
            await timer

    async def _run_timer(self, clock: WallClock) -> None:
        serving.set(True)
        loop = asyncio.get_running_loop()
        changed = asyncio.Event()

        def notice(changes: Sequence[Change]) -> None:
            only_time = clock.is_catching_up and all(change.kind == "clock" for change in changes)
            if not only_time and not changed.is_set():
                loop.call_soon_threadsafe(changed.set)

        stop = watch(clock.simulator, notice)
        try:
            while True:
                changed.clear()
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(changed.wait(), clock.seconds_to_next())
                remaining = clock.seconds_to_next()
                if remaining is not None and remaining <= 0:
                    await self._carry_out(clock)
        finally:
            stop()

    async def _carry_out(self, clock: WallClock) -> None:
        try:
            clock.catch_up()
        except Exception:
            _LOGGER.exception("An action that was due has failed")
            await asyncio.sleep(_PAUSE)
        self._changed()
