"""A lock that survives `fork`."""

from __future__ import annotations

import os
import threading


class ProcessLock:
    """A lock with one state per process.

    A child of `fork` has only the thread that forked: a plain lock that another thread held at that moment would stay
    locked in the child for ever. The guarded data must be consistent at all times, since the child gets it as it was.

    `with lock.of_this_process():` takes it in a single step of the interpreter, so that an exception which a signal
    handler raises never comes between taking it and the block.
    """

    __slots__ = ("_locks",)

    def __init__(self) -> None:
        """Start unlocked."""
        self._locks: dict[int, threading.Lock] = {}

    def of_this_process(self) -> threading.Lock:
        """Return the lock itself."""
        process = os.getpid()
        # `setdefault` is atomic: all threads of a process get the same lock.
        return self._locks.get(process) or self._locks.setdefault(process, threading.Lock())
