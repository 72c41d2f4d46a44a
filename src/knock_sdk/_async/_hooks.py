"""Calling of hooks: functions of the caller, which may be asynchronous.

`_sync/_hooks.py` is the counterpart for threads; both define the same names.
"""

from __future__ import annotations

from inspect import isawaitable
from typing import TYPE_CHECKING, TypeVar

from .._core.hooks import hook_running

if TYPE_CHECKING:
    from collections.abc import Callable

E = TypeVar("E")

ASYNCHRONOUS = True
"""Whether hooks are awaited."""


async def call_hook(name: str, hook: Callable[[E], object], event: E) -> None:
    """Call a hook to its end."""
    with hook_running(name):
        result = hook(event)
        if isawaitable(result):
            await result
