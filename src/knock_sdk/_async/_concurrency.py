"""Waiting, locks and background work, for asyncio and trio.

`_sync/_concurrency.py` is the counterpart for threads; both define the same names.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections import deque
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast
from weakref import WeakKeyDictionary, ref

import anyio
from typing_extensions import override

from .._core.deadline import seconds_left
from .._core.wire.system_errors import is_system_error
from ..errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence

    from .._core.deadline import Deadline
    from .._core.lifetime import Lifetime


T = TypeVar("T")

_background: set[asyncio.Task[None]] = set()
_left: dict[int, list[Callable[[], None]]] = {}
"""What is called when work ends whose caller has left, by the identity of what it is about."""


class Wait:
    """A wait that ends when it is told to, or when its time is over.

    Attributes:
        given: whether its caller got what it waits for.
        over: whether its caller does not wait any more.
    """

    def __init__(self) -> None:
        """Prepare a wait in the event loop that runs here."""
        self.given = self.over = False
        self._process = os.getpid()
        self._event = anyio.Event()
        self._call_soon: Callable[[Callable[[], object]], object] = _trio_token().run_sync_soon

    async def sleep(self, seconds: float | None) -> None:
        """Wait this many seconds, or until it is ended."""
        with anyio.move_on_after(seconds):
            await self._event.wait()

    def wake(self) -> None:
        """End it, in its event loop."""
        self._event.set()

    def end(self) -> None:
        """End it, in any thread."""
        if self._process == os.getpid():  # a child of `fork` has a copy, which nobody waits for
            with suppress(RuntimeError):  # the event loop has ended: asyncio's own error, and trio's
                self._call_soon(self.wake)


class _AsyncioWait(Wait):
    """The same with a future and a timer: in asyncio, a cancel scope around an event takes several times as long."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.given = self.over = False
        self._process = os.getpid()
        self._loop = loop
        self._future = loop.create_future()
        self._call_soon = loop.call_soon_threadsafe

    @override
    async def sleep(self, seconds: float | None) -> None:
        timer = None if seconds is None else self._loop.call_later(seconds, self.wake)
        try:
            await self._future
        finally:
            if timer is not None:
                timer.cancel()

    @override
    def wake(self) -> None:
        if not self._future.done():
            self._future.set_result(None)


def _wait_until(lifetime: Lifetime) -> Wait:
    """Return a wait that the end of a lifetime ends."""
    try:
        wait: Wait = _AsyncioWait(asyncio.get_running_loop())
    except RuntimeError:
        wait = Wait()
    lifetime.add(wait)
    return wait


async def sleep(seconds: float, lifetime: Lifetime) -> None:
    """Wait this many seconds, at most until the end of a lifetime."""
    wait = _wait_until(lifetime)
    await wait.sleep(seconds)


def current_owner() -> tuple[int, object]:
    """Return the owner of the connections made here: the process, and a reference to the event loop."""
    try:
        loop: object = asyncio.get_running_loop()
    except RuntimeError:
        loop = _trio_token()
    # A weak reference: whoever drops an event loop without closing it drops what belongs to it.
    return os.getpid(), ref(loop)


def _trio_token() -> Any:
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


async def resolve(host: str, port: int, seconds: float | None, lifetime: Lifetime) -> Sequence[Any] | None:
    """Look up the addresses of a host; return None if that takes too long, or if the lifetime ends meanwhile."""
    try:  # a literal address needs no lookup, nor the thread for it
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except OSError as error:
        if not is_system_error(error):
            raise
    wait = _wait_until(lifetime)
    found: list[Sequence[Any]] = []

    async def look_up() -> None:
        try:
            found.append(await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except RuntimeError:  # no thread can be started
            found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))

    with anyio.move_on_after(seconds):
        await _first(look_up, partial(wait.sleep, None))
    return found[0] if found else None


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


class Limiter:
    """Limits how many callers have a slot at the same time; others wait in order."""

    def __init__(self, limit: int) -> None:
        """Start with all slots free."""
        self.free: int = limit
        self._waiting: deque[Wait] = deque()

    async def acquire(self, deadline: Deadline, lifetime: Lifetime) -> Slot | None:
        """Return a slot, or None if none became free in time or the lifetime ended before."""
        if self.free:
            self.free -= 1
            return [self]
        turn = _wait_until(lifetime)
        self._waiting.append(turn)
        try:
            await turn.sleep(seconds_left(deadline))
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
            turn = self._waiting.popleft()
            if not turn.over:
                turn.given = True
                turn.wake()
                return
        self.free += 1


class KeyedLock:
    """A lock per key: callers with the same key take turns, others do not wait."""

    def __init__(self) -> None:
        """Start without locks."""
        self._locks: dict[object, tuple[Limiter, int]] = {}

    async def acquire(self, deadline: Deadline, lifetime: Lifetime, key: str) -> Slot | None:
        """Acquire the lock of a key; return None if it did not become free in time or before the lifetime ended."""
        # Not a lock of anyio, which only the task that has acquired it may release.
        lock, users = self._locks.get(key) or (Limiter(1), 0)
        self._locks[key] = (lock, users + 1)
        slot: Slot | None = None
        try:
            slot = await lock.acquire(deadline, lifetime)
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
