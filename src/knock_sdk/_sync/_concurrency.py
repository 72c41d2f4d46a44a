"""What threads do in one way and asyncio and trio in another: waiting, locks, work in the background.

`_async/_concurrency.py` is the other half; the two define the same names.
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
    """Wait."""
    time.sleep(seconds)


def current_owner() -> tuple[int, object]:
    """Return what connections belong to: the process."""
    return os.getpid(), None


def has_ended(owner: tuple[int, object]) -> bool:
    """Tell whether connections belong to another process."""
    return owner[0] != os.getpid()


def wait_readable(sock: socket.socket, seconds: float | None) -> bool:
    """Wait until a socket has bytes or an end to read; return whether it did in time."""
    return _wait(sock, seconds, writing=False)


def wait_writable(sock: socket.socket, seconds: float | None) -> bool:
    """Wait until a socket takes bytes, or its connection attempt ended; return whether it did in time."""
    return _wait(sock, seconds, writing=True)


def _wait(sock: socket.socket, seconds: float | None, *, writing: bool) -> bool:
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(sock, select.POLLOUT if writing else select.POLLIN)
        return bool(poll.poll(None if seconds is None else seconds * 1000))
    one = [sock]  # pragma: no cover (Windows has no poll)
    return any(select.select([] if writing else one, one if writing else [], one, seconds))  # pragma: no cover


def resolve(host: str, port: int, seconds: float | None) -> list[Any] | None:
    """Look up the addresses of a host; None if that took too long."""
    if seconds is None:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    # The system's look-up cannot be interrupted: a thread carries it, and is left behind if it takes too long.
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


def with_deadline(work: Callable[[], T], deadline: Deadline) -> T:  # noqa: ARG001 (the other half needs it)
    """Do some work; a thread cannot be interrupted, so its own time limits must hold."""
    return work()


def shielded(work: Callable[[], T]) -> T:
    """Do some work to its end; nothing cancels a thread."""
    return work()


class Limiter:
    """Bounds how many callers hold a slot at once; the others wait in line."""

    def __init__(self, limit: int) -> None:
        """Start with every slot free."""
        self._semaphore = threading.Semaphore(limit)

    def acquire(self, seconds: float | None) -> bool:
        """Take a slot; return whether one was free in time."""
        return self._semaphore.acquire(timeout=seconds)

    def release(self) -> None:
        """Give the slot back."""
        self._semaphore.release()


class KeyedLock:
    """A lock per key: callers with the same key go one after another, others do not wait."""

    def __init__(self) -> None:
        """Start without locks."""
        self._locks: dict[str, tuple[threading.Lock, int]] = {}
        self._guard = threading.Lock()

    def acquire(self, key: str, seconds: float | None) -> bool:
        """Wait for the lock of a key; return whether it was free in time."""
        with self._guard:
            lock, users = self._locks.get(key) or (threading.Lock(), 0)
            self._locks[key] = (lock, users + 1)
        acquired = lock.acquire(timeout=-1 if seconds is None else seconds)
        if not acquired:
            self._forget(key)
        return acquired

    def release(self, key: str) -> None:
        """Let the next caller with this key go on."""
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
    """Walks results while the following ones are fetched in the background.

    The work ends by itself when enough results wait: whoever stops taking them leaves nothing behind.
    """

    def __init__(self, step: Callable[[], T], ahead: int) -> None:
        """Prepare; the work starts with the first result that is asked for.

        Args:
            step: returns the next result, or raises StopIteration after the last.
            ahead: how many results may wait to be taken.
        """
        self._step = step
        self._ahead = ahead
        self._results: deque[tuple[T | None, BaseException | None]] = deque()
        self._changed = threading.Condition()
        self._working = False

    def __iter__(self) -> Self:
        """Return the walk itself."""
        return self

    def __next__(self) -> T:
        """Return the next result; raise StopIteration after the last, or the error that a step ended with."""
        with self._changed:
            while not self._results:
                self._work_on()
                self._changed.wait()
            result, error = self._results.popleft()
            if error is None:
                self._work_on()
        if error is not None:
            raise error
        return result  # type: ignore[return-value]  # T itself may be optional

    def _work_on(self) -> None:
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
            except BaseException as caught:  # noqa: BLE001 (it is raised where the result is awaited)
                error = caught
            with self._changed:
                self._results.append((result, error))
                working = self._working = error is None and len(self._results) < self._ahead
                self._changed.notify_all()


def spawn(work: Callable[[], None]) -> None:
    """Start some work in the background, which must end by itself."""
    threading.Thread(target=copy_context().run, args=(work,), name="knock-sdk-prefetch", daemon=True).start()
