"""Work on files.

`_async/threads.py` is the counterpart, which does it in another thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def in_thread(work: Callable[[], T]) -> T:
    """Do some work, and return its result."""
    return work()
