"""Waiting, locks and background work, for threads.

`_async/_concurrency.py` is the counterpart for asyncio and trio; both define the same names.
"""

from __future__ import annotations

import os
import queue
import select
import socket
import threading
import time
from collections import deque
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

    from .._core.deadline import Deadline

T = TypeVar("T")


def sleep(seconds: float) -> None:
    """Wait this many seconds."""
    time.sleep(seconds)


def current_owner() -> tuple[int, object]:
    """Return the owner of the connections made here: the process."""
    return os.getpid(), None


def has_ended(owner: tuple[int, object]) -> bool:
    """Return whether connections belong to another process."""
    return owner[0] != os.getpid()


def wait_readable(sock: socket.socket, seconds: float | None) -> bool:
    """Wait until a socket has data or its end to read; return whether that was in time."""
    return _wait(sock, seconds, writing=False)


def wait_writable(sock: socket.socket, seconds: float | None) -> bool:
    """Wait until a socket accepts data, or its connection attempt ended; return whether that was in time."""
    return _wait(sock, seconds, writing=True)


def _wait(sock: socket.socket, seconds: float | None, *, writing: bool) -> bool:
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(sock, select.POLLOUT if writing else select.POLLIN)
        return bool(poll.poll(None if seconds is None else seconds * 1000))
    one = [sock]  # pragma: no cover (Windows has no poll)
    return any(select.select([] if writing else one, one if writing else [], one, seconds))  # pragma: no cover


def resolve(host: str, port: int, seconds: float | None) -> list[Any] | None:
    """Look up the addresses of a host; return None if that takes too long."""
    if seconds is None:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    # The system's look-up cannot be interrupted: a thread does it, and is left running if it takes too long.
    found: queue.SimpleQueue[list[Any] | OSError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except OSError as error:
            found.put(error)

    threading.Thread(target=look_up, name="knock-sdk-resolve", daemon=True).start()
    try:
        result = found.get(timeout=seconds)
    except queue.Empty:
        return None
    if isinstance(result, OSError):
        raise result
    return result


def with_deadline(work: Callable[[], T], deadline: Deadline) -> T:  # noqa: ARG001 (the counterpart needs it)
    """Do the work, which must observe its own time limits: a thread cannot be interrupted."""
    return work()


def shielded(work: Callable[[], T]) -> T:
    """Do the work; a thread cannot be cancelled."""
    return work()


class Limiter:
    """Limits how many callers have a slot at the same time; others wait in order."""

    def __init__(self, limit: int) -> None:
        """Start with all slots free."""
        self._semaphore = threading.Semaphore(limit)

    def acquire(self, seconds: float | None) -> bool:
        """Take a slot; return whether one became free in time."""
        return self._semaphore.acquire(timeout=seconds)

    def release(self) -> None:
        """Return the slot."""
        self._semaphore.release()


class KeyedLock:
    """A lock per key: callers with the same key take turns, others do not wait."""

    def __init__(self) -> None:
        """Start without locks."""
        self._locks: dict[str, tuple[threading.Lock, int]] = {}
        self._guard = threading.Lock()

    def acquire(self, key: str, seconds: float | None) -> bool:
        """Acquire the lock of a key; return whether it became free in time."""
        with self._guard:
            lock, users = self._locks.get(key) or (threading.Lock(), 0)
            self._locks[key] = (lock, users + 1)
        acquired = lock.acquire(timeout=-1 if seconds is None else seconds)
        if not acquired:
            self._forget(key)
        return acquired

    def release(self, key: str) -> None:
        """Release the lock of a key."""
        self._locks[key][0].release()
        self._forget(key)

    def _forget(self, key: str) -> None:
        with self._guard:
            lock, users = self._locks[key]
            if users == 1:
                del self._locks[key]
            else:
                self._locks[key] = (lock, users - 1)


class ReadAhead(Generic[T]):
    """Iterates over results while the next ones are fetched in the background.

    The background work ends when enough results are waiting, so a caller that stops early has nothing to clean up.
    """

    def __init__(self, step: Callable[[], T], ahead: int) -> None:
        """Prepare; the work starts when the first result is requested.

        Args:
            step: returns the next result, or raises StopIteration after the last.
            ahead: maximum number of results that wait to be taken.
        """
        self._step = step
        self._ahead = ahead
        self._results: deque[tuple[T | None, BaseException | None]] = deque()
        self._changed = threading.Condition()
        self._working = False

    def __iter__(self) -> Self:
        """Return the iterator itself."""
        return self

    def __next__(self) -> T:
        """Return the next result; raise StopIteration after the last, or the error that a step ended with."""
        with self._changed:
            while not self._results:
                self._start_work()
                self._changed.wait()
            result, error = self._results.popleft()
            if error is None:
                self._start_work()
        if error is not None:
            raise error
        return result  # type: ignore[return-value]  # T itself may be optional

    def _start_work(self) -> None:
        ended = bool(self._results) and self._results[-1][1] is not None
        if not self._working and not ended and len(self._results) < self._ahead:
            self._working = True
            spawn(self._work)

    def _work(self) -> None:
        working = True
        while working:
            result: T | None = None
            error: BaseException | None = None
            try:
                result = self._step()
            except BaseException as caught:  # noqa: BLE001 (it is raised where the result is taken)
                error = caught
            with self._changed:
                self._results.append((result, error))
                working = self._working = error is None and len(self._results) < self._ahead
                self._changed.notify_all()


def spawn(work: Callable[[], None]) -> None:
    """Start work in the background, which must end by itself."""
    threading.Thread(target=copy_context().run, args=(work,), name="knock-sdk-prefetch", daemon=True).start()
