"""Iterating: turns of threads, and fetching ahead.

`_async/_iteration.py` is the counterpart for asyncio and trio; both define the same names.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Generic, TypeVar

from .._core.lock import ProcessLock
from ._concurrency import Wait, spawn

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from .._core.lifetime import Lifetime, Lifetimes

T = TypeVar("T")

_RECHECK = 1.0
"""Longest wait for the thread: in a child of `fork`, which has only the thread that forked, another one is started."""


class Mutex(ProcessLock):
    """Lets one thread at a time into a block; in a child of `fork` it is free."""

    __slots__ = ()

    def held(self) -> threading.Lock:
        """Return what a `with` statement takes and gives back."""
        return self.of_this_process()


class ReadAhead(Generic[T]):
    """Returns one result after another while the next ones are fetched in the background.

    The background work ends when enough results are waiting, so a caller that stops early has nothing to clean up.

    Attributes:
        mutex: what a consumer must have meanwhile.
    """

    def __init__(self, step: Callable[[], T], ahead: int, lifetimes: Lifetimes) -> None:
        """Prepare; the work starts when the first result is requested.

        Args:
            step: returns the next result, or raises StopIteration after the last.
            ahead: maximum number of results that wait to be taken.
            lifetimes: those of the client; nothing is fetched ahead for one that was closed since.
        """
        self.mutex = Mutex()
        self._step = step
        self._ahead = ahead
        self._lifetimes = lifetimes
        self._results: deque[tuple[T | None, BaseException | None]] = deque()
        self._working = ProcessLock()  # held by the thread that works
        self._wait: Wait | None = None

    def advance(self) -> T:
        """Return the next result; raise StopIteration after the last, or the error that a step ended with."""
        while not self._results:
            self._wait = wait = Wait()
            self._start_work()
            if not self._results:
                wait.sleep(_RECHECK)
        result, error = self._results.popleft()
        if error is not None:
            raise error
        self._start_work()
        return result  # type: ignore[return-value]  # T itself may be optional

    def _start_work(self) -> None:
        if self._has_room() and not self._working.of_this_process().locked():
            lifetime = self._lifetimes.present
            spawn(lambda: self._work(lifetime))

    def _has_room(self) -> bool:
        with suppress(IndexError):  # the last one was taken meanwhile
            if self._results[-1][1] is not None:
                return False
        return len(self._results) < self._ahead

    def _work(self, lifetime: Lifetime) -> None:
        working = self._working.of_this_process()
        goes_on = True
        # Asked once more when it was given back: a result that was taken just before has started no other thread.
        while goes_on and self._has_room() and not lifetime.over and working.acquire(blocking=False):
            try:
                while goes_on and self._has_room() and not lifetime.over:
                    goes_on = self._take_step()
            finally:
                working.release()
        self._announce()

    def _take_step(self) -> bool:
        """Fetch a result; return whether more may follow."""
        result: T | None = None
        error: BaseException | None = None
        try:
            result = self._step()
        except BaseException as caught:  # noqa: BLE001 (it is raised where the result is taken)
            error = caught
        self._results.append((result, error))
        self._announce()
        return error is None

    def _announce(self) -> None:
        if self._wait is not None:
            self._wait.wake()
