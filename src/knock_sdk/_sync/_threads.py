"""Work that waits for other programs, which a thread may do.

`_async/_threads.py` is the counterpart for asyncio and trio; both define the same names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._core.deadline import Deadline

T = TypeVar("T")


def in_thread(work: Callable[[], T], unwanted: Callable[[T], object], deadline: Deadline) -> T | None:  # noqa: ARG001 (the counterpart needs them)
    """Do work that waits for another program, here: a thread may wait."""
    return work()
