"""Streams of asyncio: the event loop watches their sockets as long as they are open.

Waiting is then one future, instead of a registration with the selector for each wait. Loops that cannot watch sockets
(Windows' proactor) and trio wait through anyio. `_sync/engines/watched.py` is the counterpart.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary, ref

from typing_extensions import override

from ..._core.deadline import NEVER, Deadline
from .stream import AsyncStream, timeout

if TYPE_CHECKING:
    import socket


_loops: WeakValueDictionary[int, asyncio.AbstractEventLoop] = WeakValueDictionary()
"""The event loops that watch streams. A weak reference of the stream's own would be dead when its `__del__` runs."""


def watched(stream: AsyncStream) -> AsyncStream:
    """Return a stream with the same socket, which the event loop watches if it can."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return stream  # trio
    watching = _WatchedStream(stream.detach(), loop)
    try:
        watching.start()
    except NotImplementedError:
        return AsyncStream(watching.detach())
    except BaseException:
        watching.close()
        raise
    return watching


class _WatchedStream(AsyncStream):
    """A connection whose bytes are taken from the socket as they arrive, by a callback of the event loop."""

    __slots__ = ("_alarm", "_deadline", "_end", "_link", "_loop", "_process", "_rings_at", "_taken", "_waiter")

    def __init__(self, sock: socket.socket, loop: asyncio.AbstractEventLoop) -> None:
        """Take over a connected, non-blocking socket."""
        super().__init__(sock)
        # The event loop and the stream refer to each other weakly, so that either can be dropped. While a call waits,
        # the loop has the stream, and so the task: nothing else may refer to a task that is started and forgotten.
        self._link: list[Any] = [ref(self), None]
        self._loop = id(loop)
        _loops[self._loop] = loop
        self._process = os.getpid()
        self._taken = b""
        self._end: Exception | bool = False
        self._waiter: asyncio.Future[None] | None = None
        self._deadline = Deadline.after(None)
        self._rings_at = NEVER
        self._alarm: ref[asyncio.TimerHandle] | None = None  # a timer refers to its loop

    def start(self) -> None:
        """Have the socket watched; raise NotImplementedError if the event loop cannot do that."""
        asyncio.get_running_loop().add_reader(self.sock, _take, self._link)

    @override
    def receive(self, most: int = 0) -> bytes | None:
        if self._taken:
            taken, self._taken = self._taken, b""
            return taken
        if isinstance(self._end, Exception):
            raise self._end
        return b"" if self._end else None

    def take(self) -> None:
        """Take what has arrived at the socket, and wake the caller that waits for it."""
        try:
            data = super().receive()
        except Exception as error:  # noqa: BLE001 (it is raised in the caller that waits)
            data, self._end = b"", error
        if data is None:
            return
        if self._waiter is None:  # nobody has asked: the server has ended the connection, or it speaks out of turn
            self.close()
            return
        if data:
            self._taken = self._taken + data if self._taken else data
        else:
            self._end = self._end or True
            if (loop := _loops.get(self._loop)) is not None:
                loop.remove_reader(self.sock)  # which is readable for ever
        self.wake()

    def wake(self) -> None:
        """Wake the caller that waits, if any does."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    @override
    async def read(self, deadline: Deadline, most: int = 0) -> bytes:
        while (data := self.receive()) is None:
            await self._wait(deadline)
        return data

    @override
    def is_stale(self) -> bool:
        return bool(self._taken or self._end) or super().is_stale()

    @override
    async def wait_either(self, deadline: Deadline) -> None:
        loop = asyncio.get_running_loop()
        loop.add_writer(self.sock, _wake, ref(self))
        try:
            if not self._taken and not self._end:
                await self._wait(deadline)
        finally:
            if self.sock.fileno() >= 0:
                loop.remove_writer(self.sock)

    async def _wait(self, deadline: Deadline) -> None:
        """Wait for a callback; raise Failure at the deadline."""
        if not deadline.left():
            raise timeout()
        loop = asyncio.get_running_loop()
        self._deadline = deadline
        # Setting a timer costs more than the rest of the wait: one that rings too early is kept, and then set again.
        if deadline < self._rings_at:
            self._set_alarm(loop)
        self._waiter = loop.create_future()
        self._link[1] = self
        try:
            await self._waiter
        finally:
            self._waiter = self._link[1] = None

    def _set_alarm(self, loop: asyncio.AbstractEventLoop) -> None:
        self._cancel_alarm()
        self._rings_at = float(self._deadline)
        self._alarm = ref(loop.call_later(self._deadline.left(), _ring, ref(self)))

    def _cancel_alarm(self) -> None:
        if self._alarm is not None and (alarm := self._alarm()) is not None:
            alarm.cancel()

    def ring(self) -> None:
        """Wake the caller if its deadline has come."""
        self._alarm, self._rings_at = None, NEVER
        if self._waiter is None or not self._deadline.left():
            self.wake()
        elif self._deadline != NEVER:
            self._set_alarm(asyncio.get_running_loop())

    @override
    def close(self) -> None:
        loop = _loops.get(self._loop)
        # The copy of a loop in a child of `fork` shares its selector with the parent's, which must keep its sockets.
        if loop is not None and not loop.is_closed() and self._process == os.getpid() and self.sock.fileno() >= 0:
            if loop.is_running() and not _runs_here(loop):
                loop.call_soon_threadsafe(_unwatch, loop, self.sock)
                return
            loop.remove_reader(self.sock)
        self._cancel_alarm()
        super().close()


def _runs_here(loop: asyncio.AbstractEventLoop) -> bool:
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False


def _take(link: list[Any]) -> None:
    found: _WatchedStream | None = link[0]()
    if found is not None:
        found.take()


def _wake(stream: ref[Any]) -> None:
    found: _WatchedStream | None = stream()
    if found is not None:
        found.wake()


def _ring(stream: ref[Any]) -> None:
    found: _WatchedStream | None = stream()
    if found is not None:
        found.ring()


def _unwatch(loop: asyncio.AbstractEventLoop, sock: socket.socket) -> None:
    if sock.fileno() >= 0:  # a second call to close it may have come meanwhile
        loop.remove_reader(sock)
        sock.close()
