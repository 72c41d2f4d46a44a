"""Waiting, locks and background work, for threads.

`_async/_concurrency.py` is the counterpart for asyncio and trio; both define the same names.
"""

from __future__ import annotations

import os
import select
import socket
import threading
from collections import Counter, OrderedDict
from contextlib import suppress
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar
from weakref import WeakKeyDictionary, ref

from .._core.wire.system_errors import is_system_error

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .._core.deadline import Deadline
    from .._core.lifetime import Lifetime

T = TypeVar("T")


class Wait:
    """A wait that ends when it is told to, by any thread, or when its time is over.

    Attributes:
        ended: whether it was told to end for good.
    """

    __slots__ = ("__weakref__", "_asleep", "_process", "ended")

    def __init__(self) -> None:
        """Prepare; the wait begins with `sleep`."""
        self.ended = False
        self._process = os.getpid()
        self._asleep = threading.Lock()
        self._asleep.acquire()

    def sleep(self, seconds: float | None) -> None:
        """Wait this many seconds, or until it is woken or ended."""
        if not self.ended:
            self._asleep.acquire(timeout=-1 if seconds is None else seconds)

    def wake(self) -> None:
        """End `sleep`, or the next one."""
        if self._process == os.getpid():  # a child of `fork` has a copy, which nobody waits for
            with suppress(RuntimeError):  # it has been woken already
                self._asleep.release()

    def end(self) -> None:
        """End it for good."""
        self.ended = True
        self.wake()


def sleep(seconds: float, lifetime: Lifetime) -> None:
    """Wait this many seconds, at most until the end of a lifetime."""
    wait = Wait()
    lifetime.add(wait)
    wait.sleep(seconds)


def current_owner() -> tuple[int, object]:
    """Return the owner of the connections made here: the process."""
    return os.getpid(), None


def bound_to() -> tuple[int, object]:
    """Return what connections of httpx are bound to that are opened here: the process."""
    return os.getpid(), None


def has_ended(owner: tuple[int, object]) -> bool:
    """Return whether connections belong to another process."""
    return owner[0] != os.getpid()


def when_dropped(owner: tuple[int, object], call: Callable[[], None]) -> object:  # noqa: ARG001 (the counterpart needs them)
    """Do nothing: a process is not dropped."""
    return None


def keeper() -> Callable[[], WeakKeyDictionary[Any, Any] | None]:
    """Return a function that returns what is kept for others: a process keeps nothing by itself."""
    kept: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
    return lambda: kept


def wait_readable(sock: socket.socket, seconds: float | None) -> bool:
    """Wait until a socket has data or its end to read; return whether that was in time."""
    return _wait([sock], [], seconds)


def wait_either(sock: socket.socket, seconds: float | None) -> bool:
    """Wait until a socket has data to read or accepts data; return whether that was in time."""
    return _wait([sock], [sock], seconds)


def wait_any_writable(socks: Sequence[socket.socket], seconds: float | None) -> bool:
    """Wait until one of several connection attempts has ended; return whether that was in time."""
    return _wait([], socks, seconds)


def _wait(readers: Sequence[socket.socket], writers: Sequence[socket.socket], seconds: float | None) -> bool:
    if not hasattr(select, "poll"):  # pragma: no cover (Windows, which reports a refused connection as exceptional)
        return any(select.select(readers, writers, writers, seconds))
    poll = select.poll()
    for sock in readers:
        poll.register(sock, select.POLLIN)
    for sock in writers:
        poll.register(sock, select.POLLOUT | (select.POLLIN if sock in readers else 0))
    return bool(poll.poll(None if seconds is None else seconds * 1000))


def resolve(host: str, port: int, seconds: float | None, lifetime: Lifetime) -> Sequence[Any] | None:
    """Look up the addresses of a host; return None if that takes too long, or if the lifetime ends meanwhile."""
    try:  # a literal address needs no lookup, nor the thread for it
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except OSError as error:
        if not is_system_error(error):
            raise
    # The system's lookup cannot be interrupted: a thread does it, and is left running if it takes too long.
    wait = Wait()
    lifetime.add(wait)
    found: list[Sequence[Any] | Exception] = []

    def look_up() -> None:
        try:
            found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:  # noqa: BLE001 (it is raised in the caller's thread)
            found.append(error)
        wait.wake()

    try:
        threading.Thread(target=look_up, name="knock-sdk-resolve", daemon=True).start()
    except RuntimeError:  # no thread can be started
        look_up()
    wait.sleep(seconds)
    if not found:
        return None
    if isinstance(result := found[0], Exception):
        raise result
    return result


def with_deadline(work: Callable[[], T], deadline: Deadline) -> T:  # noqa: ARG001 (the counterpart needs it)
    """Do the work, which must observe its own time limits: a thread cannot be interrupted."""
    return work()


def shielded(work: Callable[[], T], subject: object, leave: Callable[[], bool]) -> T:  # noqa: ARG001 (the counterpart needs them)
    """Do the work; a thread cannot be cancelled."""
    return work()


def when_ended(subject: object, call: Callable[[], None]) -> None:  # noqa: ARG001 (the counterpart needs it)
    """Call a function: no work goes on when its caller has left."""
    call()


class _Place:
    """A place in the line before a limiter: it is left when the object dies, which no interrupt can prevent."""

    __slots__ = ("__weakref__",)


Slot: TypeAlias = "list[_Place]"
"""What a caller has while it may go on: its place, or nothing once it was given back."""

_RECHECK = 1.0
"""Longest wait until a place in the line is looked up again: an interrupted caller may have woken nobody."""


class Limiter:
    """Limits how many callers have a slot at the same time; others wait in order.

    A signal's handler may raise an exception anywhere in the main thread, also between the steps of this code. So the
    line is the only state, each change to it is a single step of the interpreter, and a caller is in it as long as it
    holds its place.
    """

    def __init__(self, limit: int) -> None:
        """Start with all slots free."""
        self._limit = limit
        # Each place with the key that it competes for, and the wait of its caller.
        self._line: OrderedDict[ref[_Place], tuple[str, Wait | None]] = OrderedDict()
        self._leave = self._line.__delitem__

    def acquire(self, deadline: Deadline, lifetime: Lifetime, key: str = "") -> Slot | None:
        """Return a slot, or None if none became free in time or the lifetime ended before."""
        slot = [_Place()]
        # In one line: a reference that is not in the line must not outlive its place.
        self._line[ref(slot[0], self._leave)] = (key, None)
        try:
            if len(self._line) <= self._limit or self._wait(ref(slot[0]), key, deadline, lifetime):
                return slot
        except BaseException:
            self.release(slot)
            raise
        self.release(slot)
        return None

    def release(self, slot: Slot) -> None:
        """Take a slot back, and wake those whose turn it is."""
        slot.clear()
        if len(self._line) >= self._limit:
            taken: Counter[str] = Counter()
            for _, (key, wait) in self._snapshot():
                taken[key] += 1
                if wait is not None and taken[key] <= self._limit:
                    wait.wake()

    def _wait(self, place: ref[_Place], key: str, deadline: Deadline, lifetime: Lifetime) -> bool:
        wait = Wait()
        lifetime.add(wait)
        self._line[place] = (key, wait)
        while not self._is_turn_of(place, key):
            left = deadline.left()
            if not left or wait.ended:
                return False
            wait.sleep(min(left, _RECHECK))
        self._line[place] = (key, None)
        return True

    def _is_turn_of(self, place: ref[_Place], key: str) -> bool:
        ahead = 0
        for other, (wanted, _) in self._snapshot():
            if other == place:
                break
            ahead += wanted == key
        return ahead < self._limit

    def _snapshot(self) -> list[tuple[ref[_Place], tuple[str, Wait | None]]]:
        while True:
            with suppress(RuntimeError):  # a place was left meanwhile
                return list(self._line.items())


class KeyedLock:
    """A lock per key: callers with the same key take turns, others do not wait."""

    def __init__(self) -> None:
        """Start without locks."""
        self._limiter = Limiter(1)

    def acquire(self, deadline: Deadline, lifetime: Lifetime, key: str) -> Slot | None:
        """Acquire the lock of a key; return None if it did not become free in time or before the lifetime ended."""
        return self._limiter.acquire(deadline, lifetime, key)

    def release(self, slot: Slot) -> None:
        """Release the lock of a key."""
        self._limiter.release(slot)


def spawn(work: Callable[[], None]) -> None:
    """Start work in the background, which must end by itself; without a thread for it, do it here."""
    try:
        threading.Thread(target=copy_context().run, args=(work,), name="knock-sdk-prefetch", daemon=True).start()
    except RuntimeError:  # no thread can be started
        work()
