"""A simulator's state in a file: saved a while after each change, and at the end."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from ..base import BaseSimulator

_LOGGER = logging.getLogger(__name__)
_SOON = 1.0
"""Seconds from a change until it is saved."""
_REST = 10
"""So many times as long as saving took, the next one waits: a large state must not keep the server busy."""


class StateFile:
    """Saves a simulator from a thread of its own, so that requests are answered meanwhile."""

    def __init__(self, simulator: BaseSimulator, path: Path) -> None:
        """Take what to save, and where."""
        self._simulator = simulator
        self._path = path
        self._changed = asyncio.Event()
        self._end = asyncio.Event()
        self._wait = _SOON
        self.saved: bool = True
        """Whether the last attempt to save succeeded."""

    def changed(self) -> None:
        """Have the state saved after a while."""
        self._changed.set()

    @asynccontextmanager
    async def lifespan(self, _: object) -> AsyncGenerator[None, None]:
        """Save changes while a server runs, and once more when it ends."""
        task = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            self._end.set()
            self._changed.set()
            await task

    async def _keep(self) -> None:
        while not self._end.is_set():
            await self._changed.wait()
            with suppress(asyncio.TimeoutError):  # which is the usual case: a while has passed
                await asyncio.wait_for(self._end.wait(), self._wait)
            self._changed.clear()
            started = monotonic()
            await asyncio.to_thread(self._save)
            self._wait = max(_SOON, _REST * (monotonic() - started))

    def _save(self) -> None:
        try:
            self._simulator.save(self._path)
        except OSError as error:
            self.saved = False
            _LOGGER.error("The state could not be saved: %s", error)  # noqa: TRY400 (where it was is in the message)
        else:
            self.saved = True
