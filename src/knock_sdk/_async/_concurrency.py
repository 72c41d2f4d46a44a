"""Waiting, locks and background work, for asyncio and trio.

`_sync/_concurrency.py` is the counterpart for threads; both define the same names.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import anyio

from .._core.deadline import seconds_left

if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable, Callable, Coroutine

    from typing_extensions import Self

    from .._core.deadline import Deadline

T = TypeVar("T")

_background: set[asyncio.Task[None]] = set()


async def sleep(seconds: float) -> None:
    """Wait this many seconds."""
    await anyio.sleep(seconds)


def current_owner() -> tuple[int, object]:
    """Return the owner of the connections made here: the process and the event loop."""
    try:
        loop: object = asyncio.get_running_loop()
    except RuntimeError:
        import trio

        loop = trio.lowlevel.current_trio_token()
    return os.getpid(), loop


def has_ended(owner: tuple[int, object]) -> bool:
    """Return whether connections belong to another process or to an event loop that has ended."""
    process, loop = owner
    if process != os.getpid():
        return True
    if isinstance(loop, asyncio.AbstractEventLoop):
        return loop.is_closed()
    import trio

    try:
        cast("trio.lowlevel.TrioToken", loop).run_sync_soon(bool)
    except trio.RunFinishedError:
        return True
    return False


async def wait_readable(sock: socket.socket, seconds: float | None) -> bool:
    """Wait until a socket has data or its end to read; return whether that was in time."""
    with anyio.move_on_after(seconds):
        await anyio.wait_readable(sock)
        return True
    return False


async def wait_writable(sock: socket.socket, seconds: float | None) -> bool:
    """Wait until a socket accepts data, or its connection attempt ended; return whether that was in time."""
    with anyio.move_on_after(seconds):
        await anyio.wait_writable(sock)
        return True
    return False


async def resolve(host: str, port: int, seconds: float | None) -> list[Any] | None:
    """Look up the addresses of a host; return None if that takes too long."""
    with anyio.move_on_after(seconds):
        return await anyio.getaddrinfo(host, port, type=1)
    return None


async def with_deadline(work: Callable[[], Awaitable[T]], deadline: Deadline) -> T:
    """Do the work, or raise TimeoutError at the deadline."""
    with anyio.fail_after(seconds_left(deadline)):
        return await work()


async def shielded(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Do the work to its end: if the caller is cancelled meanwhile, it leaves, and the work goes on."""
    ended = anyio.Event()
    outcome: list[tuple[T | None, Exception | None]] = []

    async def run() -> None:
        try:
            outcome.append((await work(), None))
        except Exception as error:  # noqa: BLE001 (it is raised where the result is awaited)
            outcome.append((None, error))
        finally:
            ended.set()

    spawn(run)
    await ended.wait()
    result, error = outcome[0]
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # T itself may be optional


class Limiter:
    """Limits how many callers have a slot at the same time; others wait in order."""

    def __init__(self, limit: int) -> None:
        """Start with all slots free."""
        self._semaphore = anyio.Semaphore(limit, fast_acquire=True)

    async def acquire(self, seconds: float | None) -> bool:
        """Take a slot; return whether one became free in time."""
        try:
            self._semaphore.acquire_nowait()
        except anyio.WouldBlock:
            with anyio.move_on_after(seconds):
                await self._semaphore.acquire()
                return True
            return False
        return True

    def release(self) -> None:
        """Return the slot."""
        self._semaphore.release()


class KeyedLock:
    """A lock per key: callers with the same key take turns, others do not wait."""

    def __init__(self) -> None:
        """Start without locks."""
        self._locks: dict[str, tuple[anyio.Lock, int]] = {}

    async def acquire(self, key: str, seconds: float | None) -> bool:
        """Acquire the lock of a key; return whether it became free in time."""
        lock, users = self._locks.get(key) or (anyio.Lock(), 0)
        self._locks[key] = (lock, users + 1)
        acquired = False
        try:
            with anyio.move_on_after(seconds):
                await lock.acquire()
                acquired = True
        finally:
            if not acquired:
                self._forget(key)
        return acquired

    def release(self, key: str) -> None:
        """Release the lock of a key."""
        self._locks[key][0].release()
        self._forget(key)

    def _forget(self, key: str) -> None:
        lock, users = self._locks[key]
        if users == 1:
            del self._locks[key]
        else:
            self._locks[key] = (lock, users - 1)


class ReadAhead(Generic[T]):
    """Iterates over results while the next ones are fetched in the background.

    The background work ends when enough results are waiting, so a caller that stops early has nothing to clean up.
    """

    def __init__(self, step: Callable[[], Awaitable[T]], ahead: int) -> None:
        """Prepare; the work starts when the first result is requested.

        Args:
            step: returns the next result, or raises StopAsyncIteration after the last.
            ahead: maximum number of results that wait to be taken.
        """
        self._step = step
        self._ahead = ahead
        self._results: deque[tuple[T | None, Exception | None]] = deque()
        self._arrival: anyio.Event | None = None
        self._working = False

    def __aiter__(self) -> Self:
        """Return the iterator itself."""
        return self

    async def __anext__(self) -> T:
        """Return the next result; raise StopAsyncIteration after the last, or the error that a step ended with."""
        while not self._results:
            self._start_work()
            if self._arrival is None:
                self._arrival = anyio.Event()
            await self._arrival.wait()
        result, error = self._results.popleft()
        if error is not None:
            raise error
        self._start_work()
        return result  # type: ignore[return-value]  # T itself may be optional

    def _start_work(self) -> None:
        ended = bool(self._results) and self._results[-1][1] is not None
        if not self._working and not ended and len(self._results) < self._ahead:
            self._working = True
            spawn(self._work)

    async def _work(self) -> None:
        error: Exception | None = None
        try:
            while error is None and len(self._results) < self._ahead:
                try:
                    self._results.append((await self._step(), None))
                except Exception as caught:  # noqa: BLE001 (it is raised where the result is awaited)
                    self._results.append((None, error := caught))
                self._announce()
        finally:
            self._working = False
            self._announce()  # if the event loop cancels the work, the caller must not wait for ever

    def _announce(self) -> None:
        if self._arrival is not None:
            self._arrival.set()
            self._arrival = None


def spawn(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Start work in the background, which must end by itself."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        import trio

        trio.lowlevel.spawn_system_task(work, context=copy_context())
    else:
        # The event loop itself has only a weak reference to a task.
        task = loop.create_task(work())
        _background.add(task)
        task.add_done_callback(_background.discard)
