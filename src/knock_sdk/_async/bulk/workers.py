"""Work side by side, in tasks.

`_sync/bulk/workers.py` is the counterpart for threads; both define the same names.
"""

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, TypeVar

import anyio
import anyio.to_thread
from anyio.lowlevel import checkpoint

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator
    from types import TracebackType

    from typing_extensions import Self

T = TypeVar("T")


async def breathe() -> None:
    """Let other tasks run."""
    await checkpoint()


async def in_thread_to_end(work: Callable[[], T]) -> T:
    """Do work in a thread; a task that is cancelled meanwhile leaves when the work has ended, if it has begun.

    So the journal is neither used nor locked any more. A cancellation of asyncio's own would not wait for a thread.
    """
    deciding = threading.Lock()
    begun, left, ended = threading.Event(), threading.Event(), threading.Event()

    def run() -> T:
        with deciding:
            if left.is_set():
                raise RuntimeError("nobody waits for this any more")
            begun.set()
        try:
            return work()
        finally:
            ended.set()

    try:
        return await anyio.to_thread.run_sync(run)
    except RuntimeError:
        if begun.is_set():
            raise
        return run()  # no thread can be started
    except BaseException:
        with deciding:
            left.set()
        if begun.is_set():
            ended.wait()
        raise


@contextmanager
def sheltered() -> Generator[None, None, None]:
    """Go on for a moment in a task that is cancelled."""
    with anyio.CancelScope(shield=True):
        yield


class Workers(Generic[T]):
    """Runs work side by side; results come in the order in which they are ready.

    A cancellation from outside reaches the work only at the end of the block, so that it is known what was not sent.
    """

    def __init__(self, number: int) -> None:
        """Prepare; tasks need no limit."""
        del number
        self._group = anyio.create_task_group()
        self._scopes: set[anyio.CancelScope] = set()
        self._left = False
        self._results: deque[tuple[T | None, BaseException | None]] = deque()
        self._ready: anyio.Event | None = None

    async def __aenter__(self) -> Self:
        """Begin."""
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        """Cancel what is still running."""
        self._left = True
        self._group.cancel_scope.cancel()
        for scope in list(self._scopes):
            scope.cancel()
        if isinstance(error, Exception):  # which the group would wrap
            await self._group.__aexit__(None, None, None)
            return None
        return await self._group.__aexit__(kind, error, trace)

    def start(self, work: Callable[[], Awaitable[T]]) -> None:
        """Start work, which raises nothing that is expected."""
        self._group.start_soon(self._run, work)

    async def _run(self, work: Callable[[], Awaitable[T]]) -> None:
        if self._left:
            return
        with anyio.CancelScope(shield=True) as scope:
            self._scopes.add(scope)
            try:
                self._results.append((await work(), None))
            except Exception as error:  # noqa: BLE001 (it is raised where results are taken)
                self._results.append((None, error))
            finally:
                self._scopes.discard(scope)
        if self._ready is not None:
            self._ready.set()

    async def take(self, seconds: float | None) -> list[T]:
        """Return the results that are ready; if there is none, wait for one, at most this many seconds."""
        if not self._results:
            self._ready = anyio.Event()
            with anyio.move_on_after(seconds):
                await self._ready.wait()
            self._ready = None
        return self.at_hand()

    def at_hand(self) -> list[T]:
        """Return the results that are ready."""
        taken: list[T] = []
        while self._results:
            result, error = self._results.popleft()
            if error is not None:
                raise error
            taken.append(result)  # type: ignore[arg-type]  # without an error, there is a result
        return taken
