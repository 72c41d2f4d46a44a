"""Calling of hooks: functions of the caller.

`_async/_hooks.py` is the counterpart for tasks; both define the same names.
"""

from __future__ import annotations

from inspect import isawaitable, iscoroutine
from typing import TYPE_CHECKING, TypeVar

from .._core.hooks import hook_running

if TYPE_CHECKING:
    from collections.abc import Callable

E = TypeVar("E")

ASYNCHRONOUS = False
"""Whether hooks are awaited."""


def call_hook(name: str, hook: Callable[[E], object], event: E) -> None:
    """Call a hook."""
    with hook_running(name):
        result = hook(event)
        if isawaitable(result):
            if iscoroutine(result):
                result.close()  # which would otherwise warn that nothing has awaited it
            raise TypeError(f"{name} has returned an awaitable, which Knock does not await; AsyncKnock does")
