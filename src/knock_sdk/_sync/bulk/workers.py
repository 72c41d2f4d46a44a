"""Work side by side, in threads.

`_async/bulk/workers.py` is the counterpart for tasks; both define the same names.
"""

from __future__ import annotations

import threading
from contextvars import copy_context
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

T = TypeVar("T")


def breathe() -> None:
    """Do nothing: other threads run anyway."""


class Workers(Generic[T]):
    """Runs work side by side; results come in the order in which they are ready."""

    def __init__(self, number: int) -> None:
        """Prepare this many threads, which start when there is work for them."""
        self._number = number
        self._started = self._unfinished = 0
        self._work: SimpleQueue[Callable[[], T] | None] = SimpleQueue()
        self._results: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Have the threads end after what they do; what they send must end by itself."""
        for _ in range(self._started):
            self._work.put(None)

    def start(self, work: Callable[[], T]) -> None:
        """Start work, which raises nothing that is expected."""
        self._unfinished += 1
        if self._started < min(self._number, self._unfinished):
            thread = threading.Thread(target=copy_context().run, args=(self._run,), name="knock-sdk-bulk", daemon=True)
            try:
                thread.start()
                self._started += 1
            except RuntimeError:  # no further thread can be started
                if not self._started:
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
        """Return the results that are ready; if there is none, wait for one, at most this many seconds."""
        taken: list[T] = []
        try:
            while True:
                # An endless wait for the queue could not be interrupted on every system.
                result, error = self._results.get(timeout=seconds) if not taken else self._results.get_nowait()
                self._unfinished -= 1
                if error is not None:
                    raise error
                taken.append(result)  # type: ignore[arg-type]  # without an error, there is a result
        except Empty:
            return taken
