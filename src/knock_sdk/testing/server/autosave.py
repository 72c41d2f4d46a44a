"""Automatic saving of a simulator's state: shortly after each change, and when the server ends."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING

from ..._core.file_lock import FileLock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from ..base import BaseSimulator

_LOGGER = logging.getLogger(__name__)
_MIN_DELAY = 1.0
"""Seconds from a change until it is saved, if saving is fast."""
_DELAY_FACTOR = 10
"""The delay in multiples of the time that the last save took, so that a large state does not keep the server busy."""


def lock_state(path: Path) -> FileLock:
    """Lock a state file, so that no other server saves its own state there; the lock ends with the process at latest.

    Raises:
        ValueError: Another server uses the file, or its folder does not exist.
        OSError: It cannot be locked, for instance because the folder is not writable.
    """
    resolved = path.resolve()
    if not resolved.parent.is_dir():
        raise ValueError(f"--state: the folder {path.parent} does not exist")
    # Beside the file, which each save replaces.
    lock = FileLock.acquire(resolved.with_name(f".{resolved.name}.lock"))
    if lock is None:
        raise ValueError(f"--state: another server uses {path}: give each a file of its own")
    return lock


class StateFile:
    """Saves a simulator in a separate thread, so that the server continues to handle requests."""

    def __init__(self, simulator: BaseSimulator, path: Path) -> None:
        """Remember the simulator and the file."""
        self._simulator = simulator
        self._path = path
        self._changed = asyncio.Event()
        self._ending = asyncio.Event()
        self._delay = _MIN_DELAY
        self.saved: bool = True
        """Whether the last attempt to save succeeded."""

    def schedule_save(self) -> None:
        """Save the state after the delay."""
        self._changed.set()

    @asynccontextmanager
    async def lifespan(self, _: object) -> AsyncGenerator[None, None]:
        """Save changes while a server runs, and once more when it ends."""
        task = asyncio.create_task(self._save_changes())
        try:
            yield
        finally:
            self._ending.set()
            self._changed.set()
            await task

    async def _save_changes(self) -> None:
        while not self._ending.is_set():
            await self._changed.wait()
            with suppress(asyncio.TimeoutError):  # the delay is over, and the server is not ending
                await asyncio.wait_for(self._ending.wait(), self._delay)
            self._changed.clear()
            started = monotonic()
            await asyncio.to_thread(self._save)
            self._delay = max(_MIN_DELAY, _DELAY_FACTOR * (monotonic() - started))

    def _save(self) -> None:
        try:
            self._simulator.save(self._path)
        except OSError as error:
            self.saved = False
            _LOGGER.error("The state could not be saved: %s", error)  # noqa: TRY400 (the message names the file)
        else:
            self.saved = True
