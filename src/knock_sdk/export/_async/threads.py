"""Work on files in another thread, since it would block the event loop.

`_sync/threads.py` is the counterpart, which does it at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from anyio import CancelScope, to_thread

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """Do some work to its end, also if the caller is cancelled meanwhile, and return its result."""
    results: list[T] = []
    with CancelScope(shield=True):
        results.append(await to_thread.run_sync(work))
    return results[0]
