"""What asyncio and trio do in one way and threads in another: waiting, locks, work in the background.

`_sync/_pairs.py` is the other half; the two define the same names.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import anyio

from .._core.deadline import seconds_left

if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable, Callable, Coroutine

    from .._core.deadline import Deadline

T = TypeVar("T")

_background: set[object] = set()


async def sleep(seconds: float) -> None:
    """Wait."""
    await anyio.sleep(seconds)


def here() -> tuple[int, object]:
    """Return what connections belong to: the process and the event loop."""
    try:
        loop: object = asyncio.get_running_loop()
    except RuntimeError:
        import trio

        loop = trio.lowlevel.current_trio_token()
    return os.getpid(), loop


def is_over(owner: tuple[int, object]) -> bool:
    """Tell whether connections belong to another process or to an event loop that has ended."""
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
    """Wait until a socket has bytes or an end to read; return whether it did in time."""
    with anyio.move_on_after(seconds):
        await anyio.wait_readable(sock)
        return True
    return False


async def wait_writable(sock: socket.socket, seconds: float | None) -> bool:
    """Wait until a socket takes bytes, or its connection attempt ended; return whether it did in time."""
    with anyio.move_on_after(seconds):
        await anyio.wait_writable(sock)
        return True
    return False


async def resolve(host: str, port: int, seconds: float | None) -> list[Any] | None:
    """Look up the addresses of a host; None if that took too long."""
    with anyio.move_on_after(seconds):
        return await anyio.getaddrinfo(host, port, type=1)
    return None


async def limited(work: Callable[[], Awaitable[T]], deadline: Deadline) -> T:
    """Do some work, or raise TimeoutError at the deadline."""
    with anyio.fail_after(seconds_left(deadline)):
        return await work()


async def sheltered(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Do some work to its end even if the caller is cancelled meanwhile: the caller leaves, the work goes on."""
    ended = anyio.Event()
    outcome: list[tuple[T | None, Exception | None]] = []

    async def run() -> None:
        try:
            outcome.append((await work(), None))
        except Exception as error:  # noqa: BLE001 (it is raised where the result is awaited)
            outcome.append((None, error))
        finally:
            _background.discard(task)
            ended.set()

    # The event loop itself keeps only a weak reference to a task.
    task = _spawn(run)
    _background.add(task)
    await ended.wait()
    result, error = outcome[0]
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # T itself may be optional


class Gate:
    """Lets so many through at once; the others wait in line."""

    def __init__(self, places: int) -> None:
        """Open the places."""
        self._semaphore = anyio.Semaphore(places, fast_acquire=True)

    async def enter(self, seconds: float | None) -> bool:
        """Take a place; return whether there was one in time."""
        try:
            self._semaphore.acquire_nowait()
        except anyio.WouldBlock:
            with anyio.move_on_after(seconds):
                await self._semaphore.acquire()
                return True
            return False
        return True

    def leave(self) -> None:
        """Give the place back."""
        self._semaphore.release()


class ReadAhead(Generic[T]):
    """Takes steps in the background, so many before the one that waits for them."""

    def __init__(self, step: Callable[[], Awaitable[T]], ahead: int) -> None:
        """Start taking steps.

        Args:
            step: returns the next result, or raises StopAsyncIteration after the last.
            ahead: how many results may wait to be taken.
        """
        self._step = step
        self._send, self._receive = anyio.create_memory_object_stream[tuple["T | None", "Exception | None"]](ahead - 1)
        self._scope = anyio.CancelScope()
        self._done = anyio.Event()
        self._task = _spawn(self._run)

    async def _run(self) -> None:
        with self._scope, self._send:
            try:
                while True:
                    await self._send.send((await self._step(), None))
            except StopAsyncIteration:
                pass
            except anyio.BrokenResourceError:
                pass  # nobody takes results any more
            except Exception as error:  # noqa: BLE001 (it is raised where the result is awaited)
                await self._send.send((None, error))
        self._done.set()

    async def next(self) -> T:
        """Return the next result; raise StopAsyncIteration after the last, or the error that a step ended with."""
        try:
            result, error = await self._receive.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None
        if error is not None:
            raise error
        return result  # type: ignore[return-value]  # T itself may be optional

    async def stop(self) -> None:
        """End the work in the background; return when it has ended."""
        self._scope.cancel()
        self._receive.close()
        with anyio.CancelScope(shield=True):
            await self._done.wait()


def _spawn(work: Callable[[], Coroutine[Any, Any, None]]) -> object:
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        import trio

        return trio.lowlevel.spawn_system_task(work)
    # The caller keeps the task: the loop itself holds only a weak reference.
    return loop.create_task(work())
