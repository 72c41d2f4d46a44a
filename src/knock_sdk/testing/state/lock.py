"""The lock of a simulator's state."""

from __future__ import annotations

from threading import RLock, get_ident
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class StateLock:
    """A reentrant lock that knows whether the current thread holds it.

    It is reentrant because functions of tests, such as those that answer HTTP fetches, may call the simulator.
    """

    def __init__(self) -> None:
        """Create it unlocked."""
        self._lock = RLock()
        self._owner: int | None = None
        self._depth = 0
        self.before_release: Callable[[], None] | None = None
        """Called whenever a thread is about to release it for the last time."""

    def __enter__(self) -> None:
        """Wait until no other thread holds the lock, and take it."""
        self._lock.acquire()
        self._owner = get_ident()
        self._depth += 1

    def __exit__(self, *_: object) -> None:
        """Release it once."""
        try:
            if self._depth == 1 and self.before_release is not None:
                self.before_release()
        finally:
            self._depth -= 1
            if not self._depth:
                self._owner = None
            self._lock.release()

    @property
    def is_mine(self) -> bool:
        """Whether the current thread holds it."""
        return self._owner == get_ident()
