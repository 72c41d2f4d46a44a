"""Functions of the caller that are told the progress."""

from __future__ import annotations

from inspect import iscoroutinefunction

from ...errors import InvalidArgumentError


def check_on_progress(given: object) -> None:
    """Raise InvalidArgumentError unless the value is None, or can be called and is not asynchronous."""
    if given is None:
        return
    if not callable(given):
        raise InvalidArgumentError(
            "on_progress",
            f"must be a function that takes the progress as its only argument, not {type(given).__name__}",
        )
    if iscoroutinefunction(given) or iscoroutinefunction(type(given).__call__):
        raise InvalidArgumentError("on_progress", "must be a function that is not async: nothing awaits it")
