"""Iterating: turns of tasks, and fetching ahead.

`_sync/_iteration.py` is the counterpart for threads; both define the same names.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

import anyio

from .._core.deadline import Deadline
from .._core.lifetime import Lifetime
from ._concurrency import Limiter, current_owner, spawn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .._core.lifetime import Lifetimes
    from ._concurrency import Slot

T = TypeVar("T")


class Mutex:
    """Lets one task at a time into a block; in another event loop, or in a child of `fork`, it is free."""

    __slots__ = ("_limiter", "_owner")

    def __init__(self) -> None:
        """Start free."""
        self._owner: tuple[int, object] | None = None
        self._limiter = Limiter(1)

    def held(self) -> _Held:
        """Return what an `async with` statement takes and gives back."""
        owner = current_owner()
        if owner != self._owner:
            self._owner, self._limiter = owner, Limiter(1)
        return _Held(self._limiter)


class _Held:
    __slots__ = ("_limiter", "_slot")

    def __init__(self, limiter: Limiter) -> None:
        self._limiter = limiter
        self._slot: Slot | None = None

    async def __aenter__(self) -> None:
        self._slot = await self._limiter.acquire(_NEVER, _ENDLESS)

    async def __aexit__(self, *_: object) -> None:
        if self._slot is not None:
            self._limiter.release(self._slot)


_NEVER = Deadline.after(None)
_ENDLESS = Lifetime()


class ReadAhead(Generic[T]):
    """Returns one result after another while the next ones are fetched in the background.

    The background work ends when enough results are waiting, so a caller that stops early has nothing to clean up.

    Attributes:
        mutex: what a consumer must have meanwhile.
    """

    def __init__(self, step: Callable[[], Awaitable[T]], ahead: int, lifetimes: Lifetimes) -> None:
        """Prepare; the work starts when the first result is requested.

        Args:
            step: returns the next result, or raises StopAsyncIteration after the last.
            ahead: maximum number of results that wait to be taken.
            lifetimes: those of the client; nothing is fetched ahead for one that was closed since.
        """
        self.mutex = Mutex()
        self._step = step
        self._ahead = ahead
        self._lifetimes = lifetimes
        self._results: deque[tuple[T | None, Exception | None]] = deque()
        self._arrival: anyio.Event | None = None
        self._worker: tuple[int, object] | None = None  # the process and event loop of the task that works

    async def advance(self) -> T:
        """Return the next result; raise StopAsyncIteration after the last, or the error that a step ended with."""
        while not self._results:
            self._start_work()
            self._arrival = anyio.Event()
            await self._arrival.wait()
        result, error = self._results.popleft()
        if error is not None:
            raise error
        self._start_work()
        return result  # type: ignore[return-value]  # T itself may be optional

    def _start_work(self) -> None:
        # In another event loop, or in a child of `fork`, there is no such task.
        if self._has_room() and self._worker != (owner := current_owner()):
            self._worker = owner
            lifetime = self._lifetimes.present
            spawn(lambda: self._work(lifetime))

    def _has_room(self) -> bool:
        ended = bool(self._results) and self._results[-1][1] is not None
        return not ended and len(self._results) < self._ahead

    async def _work(self, lifetime: Lifetime) -> None:
        error: Exception | None = None
        owner = self._worker
        try:
            while error is None and self._has_room() and not lifetime.over:
                try:
                    self._results.append((await self._step(), None))
                except Exception as caught:  # noqa: BLE001 (it is raised where the result is awaited)
                    self._results.append((None, error := caught))
                self._announce()
        finally:
            if self._worker == owner:
                self._worker = None
                self._announce()  # if the event loop cancels the work, the caller must not wait for ever

    def _announce(self) -> None:
        if self._arrival is not None:
            self._arrival.set()
