"""A lock that survives `fork`."""

from __future__ import annotations

import os
import threading


class ProcessLock:
    """A lock with one state per process.

    A child of `fork` has only the thread that forked: a plain lock that another thread held at that instant would stay
    shut in the child for ever. What the lock guards must be whole at any instant, since the child finds it as it was.
    """

    __slots__ = ("_locks",)

    def __init__(self) -> None:
        """Start open."""
        self._locks: dict[int, threading.Lock] = {}

    def __enter__(self) -> None:
        """Wait for the lock, and take it."""
        process = os.getpid()
        # `setdefault` is atomic: all threads of a process get the same lock.
        (self._locks.get(process) or self._locks.setdefault(process, threading.Lock())).acquire()

    def __exit__(self, *_: object) -> None:
        """Open the lock."""
        self._locks[os.getpid()].release()
