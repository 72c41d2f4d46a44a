"""Waiting, locks and background work, for asyncio and trio.

`_sync/_concurrency.py` is the counterpart for threads; both define the same names.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections import deque
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, cast
from weakref import WeakKeyDictionary, ref

import anyio
from typing_extensions import override

from .._core.deadline import seconds_left
from .._core.system_errors import is_of_the_machine
from ..errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence

    from typing_extensions import Self

    from .._core.deadline import Deadline

T = TypeVar("T")

_background: set[asyncio.Task[None]] = set()
_left: dict[int, list[Callable[[], None]]] = {}
"""What is called when work ends whose caller has left, by the identity of what it is about."""


async def sleep(seconds: float) -> None:
    """Wait this many seconds."""
    await anyio.sleep(seconds)


def current_owner() -> tuple[int, object]:
    """Return the owner of the connections made here: the process, and a reference to the event loop."""
    try:
        loop: object = asyncio.get_running_loop()
    except RuntimeError:
        loop = _trio_token()
    # A weak reference: whoever drops an event loop without closing it drops what belongs to it.
    return os.getpid(), ref(loop)


def _trio_token() -> object:
    try:
        import trio

        return trio.lowlevel.current_trio_token()
    except (ImportError, RuntimeError):
        pass
    raise ConfigurationError(
        "an asynchronous client works in asyncio and trio only, and neither runs here; call it from there, or use Knock"
    )


def bound_to() -> tuple[int, object]:
    """Return what connections of httpx are bound to that are opened here: the process and, in asyncio, the loop."""
    try:
        return os.getpid(), ref(asyncio.get_running_loop())
    except RuntimeError:
        return os.getpid(), None


def has_ended(owner: tuple[int, object]) -> bool:
    """Return whether connections belong to another process or to an event loop that has ended."""
    process, loop = owner
    found = cast("ref[object]", loop)()
    if process != os.getpid() or found is None:
        return True
    if isinstance(found, asyncio.AbstractEventLoop):
        return found.is_closed()
    import trio

    try:
        cast("trio.lowlevel.TrioToken", found).run_sync_soon(bool)
    except trio.RunFinishedError:
        return True
    return False


def when_dropped(owner: tuple[int, object], call: Callable[[], None]) -> object:
    """Call a function when nothing refers to the event loop any more, as long as the returned object exists."""
    loop = cast("ref[object]", owner[1])()
    return None if loop is None else ref(loop, lambda _: call())


def keeper() -> Callable[[], WeakKeyDictionary[Any, Any] | None]:
    """Return a function that returns what the current event loop keeps for others, as long as it exists itself."""
    try:
        attributes = vars(asyncio.get_running_loop())
    except (RuntimeError, TypeError):  # trio, whose loops end with a function; or a loop without attributes
        kept: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
        return lambda: kept
    # A forked process has the attributes of its parent too.
    return ref(attributes.setdefault(f"_knock_sdk_{os.getpid()}", WeakKeyDictionary()))


async def wait_readable(sock: socket.socket, seconds: float | None) -> bool:
    """Wait until a socket has data or its end to read; return whether that was in time."""
    with anyio.move_on_after(seconds):
        await anyio.wait_readable(sock)
        return True
    return False


async def wait_either(sock: socket.socket, seconds: float | None) -> bool:
    """Wait until a socket has data to read or accepts data; return whether that was in time."""
    with anyio.move_on_after(seconds):
        await _first(partial(anyio.wait_readable, sock), partial(anyio.wait_writable, sock))
        return True
    return False


async def wait_any_writable(socks: Sequence[socket.socket], seconds: float | None) -> bool:
    """Wait until one of several connection attempts has ended; return whether that was in time."""
    with anyio.move_on_after(seconds):
        await _first(*(partial(anyio.wait_writable, sock) for sock in socks))
        return True
    return False


async def _first(*waits: Callable[[], Awaitable[None]]) -> None:
    """Wait until one of several waits ends."""
    errors: list[Exception] = []  # raised by a task, they would come in a group

    async def one(wait: Callable[[], Awaitable[None]]) -> None:
        try:
            await wait()
        except Exception as error:  # noqa: BLE001 (it is raised below)
            errors.append(error)
        group.cancel_scope.cancel()

    async with anyio.create_task_group() as group:
        for wait in waits:
            group.start_soon(one, wait)
    if errors:
        raise errors[0]


async def resolve(host: str, port: int, seconds: float | None) -> Sequence[Any] | None:
    """Look up the addresses of a host; return None if that takes too long."""
    try:  # a literal address needs no look-up, nor the thread for it
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except OSError as error:
        if not is_of_the_machine(error):
            raise
    with anyio.move_on_after(seconds):
        try:
            return await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except RuntimeError:  # no thread can be started
            return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return None


async def with_deadline(work: Callable[[], Awaitable[T]], deadline: Deadline) -> T:
    """Do the work, or raise TimeoutError at the deadline."""
    with anyio.fail_after(seconds_left(deadline)):
        return await work()


async def shielded(work: Callable[[], Coroutine[Any, Any, T]], subject: object, leave: Callable[[], bool]) -> T:
    """Do the work to its end: if the caller is cancelled meanwhile, it leaves, and the work goes on.

    Args:
        work: does it.
        subject: what it is about, for `when_ended`.
        leave: is called when the caller leaves, and returns whether the work may be cancelled then.
    """
    ended = anyio.Event()
    scope = anyio.CancelScope()
    outcome: list[tuple[T | None, BaseException | None]] = []

    async def run() -> None:
        try:
            with scope:
                outcome.append((await work(), None))
        except BaseException as error:  # noqa: BLE001 (it is raised where the result is awaited)
            outcome.append((None, error))
        finally:
            ended.set()
            for call in _left.pop(id(subject), ()):
                call()

    spawn(run)
    try:
        await ended.wait()
    except BaseException:
        if not ended.is_set():
            _left[id(subject)] = []
            if leave():
                scope.cancel()
        raise
    result, error = outcome[0]
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # T itself may be optional


def when_ended(subject: object, call: Callable[[], None]) -> None:
    """Call a function when no shielded work about something goes on any more: now, unless its caller has left."""
    if (waiting := _left.get(id(subject))) is None:
        call()
    else:
        waiting.append(call)


Slot: TypeAlias = "list[object]"
"""What a caller has while it may go on; empty once it was given back."""


class _Turn:
    """A caller that waits for its turn."""

    def __init__(self) -> None:
        self.given = self.over = False
        self._event = anyio.Event()

    async def wait(self, seconds: float | None) -> None:
        """Wait until the turn is given, or the time is over."""
        with anyio.move_on_after(seconds):
            await self._event.wait()

    def give(self) -> bool:
        """Give the turn; return whether the caller was still waiting."""
        self.given = not self.over
        self._event.set()
        return self.given


class _AsyncioTurn(_Turn):
    """The same with a future and a timer: in asyncio, a cancel scope around an event takes several times as long."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.given = self.over = False
        self._loop = loop
        self._future = loop.create_future()

    @override
    async def wait(self, seconds: float | None) -> None:
        timer = None if seconds is None else self._loop.call_later(seconds, self._end)
        try:
            await self._future
        finally:
            if timer is not None:
                timer.cancel()

    @override
    def give(self) -> bool:
        self.given = not self.over
        self._end()
        return self.given

    def _end(self) -> None:
        if not self._future.done():
            self._future.set_result(None)


class Limiter:
    """Limits how many callers have a slot at the same time; others wait in order."""

    def __init__(self, limit: int) -> None:
        """Start with all slots free."""
        self.free = limit
        self._waiting: deque[_Turn] = deque()

    async def acquire(self, deadline: Deadline) -> Slot | None:
        """Return a slot, or None if none became free in time."""
        if self.free:
            self.free -= 1
            return [self]
        try:
            turn: _Turn = _AsyncioTurn(asyncio.get_running_loop())
        except RuntimeError:
            turn = _Turn()
        self._waiting.append(turn)
        try:
            await turn.wait(seconds_left(deadline))
        except BaseException:
            if turn.given:  # at the same moment
                self._give()
            raise
        finally:
            turn.over = True
        return [self] if turn.given else None

    def release(self, slot: Slot) -> None:
        """Take a slot back, and give it to the caller that waits longest."""
        if slot:
            slot.clear()
            self._give()

    def _give(self) -> None:
        while self._waiting:
            if self._waiting.popleft().give():
                return
        self.free += 1


class KeyedLock:
    """A lock per key: callers with the same key take turns, others do not wait."""

    def __init__(self) -> None:
        """Start without locks."""
        self._locks: dict[object, tuple[Limiter, int]] = {}

    async def acquire(self, deadline: Deadline, key: str) -> Slot | None:
        """Acquire the lock of a key; return None if it did not become free in time."""
        # Not a lock of anyio, which only the task that has acquired it may release.
        lock, users = self._locks.get(key) or (Limiter(1), 0)
        self._locks[key] = (lock, users + 1)
        slot: Slot | None = None
        try:
            slot = await lock.acquire(deadline)
        finally:
            if slot is None:
                self._forget(key)
        return None if slot is None else [key, slot]

    def release(self, slot: Slot) -> None:
        """Release the lock of a key."""
        key, inner = slot
        self._locks[key][0].release(cast("Slot", inner))
        self._forget(key)

    def _forget(self, key: object) -> None:
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
