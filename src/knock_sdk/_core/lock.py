"""A lock that survives `fork`."""

from __future__ import annotations

import os
import threading


class ProcessLock:
    """A lock with one state per process.

    A child of `fork` has only the thread that forked: a plain lock that another thread held at that moment would stay
    locked in the child for ever. The guarded data must be consistent at all times, since the child gets it as it was.
    """

    __slots__ = ("_locks",)

    def __init__(self) -> None:
        """Start unlocked."""
        self._locks: dict[int, threading.Lock] = {}

    def __enter__(self) -> None:
        """Acquire the lock."""
        process = os.getpid()
        # `setdefault` is atomic: all threads of a process get the same lock.
        (self._locks.get(process) or self._locks.setdefault(process, threading.Lock())).acquire()

    def __exit__(self, *_: object) -> None:
        """Release the lock."""
        self._locks[os.getpid()].release()
