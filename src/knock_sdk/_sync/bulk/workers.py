"""Work side by side, in threads.

`_async/bulk/workers.py` is the counterpart for tasks; both define the same names.
"""

from __future__ import annotations

import threading
from contextlib import nullcontext
from contextvars import copy_context
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from types import TracebackType

    from typing_extensions import Self

T = TypeVar("T")

_LONGEST_WAIT = 60.0
_LAST_WAIT = 1.0


def breathe() -> None:
    """Do nothing: other threads run anyway."""


def in_thread_to_end(work: Callable[[], T]) -> T:
    """Do work, here: a thread may wait."""
    return work()


def sheltered() -> AbstractContextManager[None]:
    """Do nothing: an interrupt comes once."""
    return nullcontext()


class Workers(Generic[T]):
    """Runs work side by side; results come in the order in which they are ready."""

    def __init__(self, number: int) -> None:
        """Prepare this many threads, which start when there is work for them."""
        self._number = number
        self._unfinished = 0
        self._threads: list[threading.Thread] = []
        self._work: SimpleQueue[Callable[[], T] | None] = SimpleQueue()
        self._results: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Have the threads end after what they do, and wait for that, a second at most.

        What they have sent is not interrupted; such a thread ends with its response, or with its time limit.
        """
        for _ in self._threads:
            self._work.put(None)
        end = monotonic() + _LAST_WAIT
        for thread in self._threads:
            thread.join(max(0.0, end - monotonic()))

    def start(self, work: Callable[[], T]) -> None:
        """Start work, which raises nothing that is expected."""
        self._unfinished += 1
        if len(self._threads) < min(self._number, self._unfinished):
            thread = threading.Thread(target=copy_context().run, args=(self._run,), name="knock-sdk-bulk", daemon=True)
            try:
                thread.start()
                self._threads.append(thread)
            except RuntimeError:  # no further thread can be started
                if not self._threads:
                    self._do(work)
                    return
        self._work.put(work)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            self._do(work)

    def _do(self, work: Callable[[], T]) -> None:
        try:
            self._results.put((work(), None))
        except BaseException as error:  # noqa: BLE001 (it is raised where results are taken)
            self._results.put((None, error))

    def take(self, seconds: float | None) -> list[T]:
        """Return the results that are ready; if there is none, wait for one, at most this many seconds.

        None are returned early at times: an endless wait for the queue could not be interrupted on every system.
        """
        limit = _LONGEST_WAIT if seconds is None else min(seconds, _LONGEST_WAIT)
        try:
            first = self._results.get(timeout=limit)
        except Empty:
            return []
        return [self._result_of(first), *self.at_hand()]

    def at_hand(self) -> list[T]:
        """Return the results that are ready."""
        taken: list[T] = []
        while True:
            try:
                taken.append(self._result_of(self._results.get_nowait()))
            except Empty:
                return taken

    def _result_of(self, outcome: tuple[T | None, BaseException | None]) -> T:
        self._unfinished -= 1
        result, error = outcome
        if error is not None:
            raise error
        return result  # type: ignore[return-value]  # without an error, there is a result
