# Derived from src/knock_sdk/_async/per_loop.py by `python -m codegen`; do not edit.
"""Values that belong to one process: connections, limiters, locks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from ._concurrency import current_owner, has_ended, when_dropped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")


class PerLoop(Generic[T]):
    """Stores one value per owner (one process), and drops the values of owners that have ended."""

    __slots__ = ("_drop", "_make", "_values", "_watches")

    def __init__(self, make: Callable[[], T], drop: Callable[[T], None] | None = None) -> None:
        """Start without values.

        Args:
            make: makes the value of a new owner.
            drop: releases a value whose owner has ended, without waiting; None if there is nothing to release.
        """
        self._make = make
        self._drop = drop
        self._values: dict[tuple[int, object], T] = {}
        self._watches: dict[tuple[int, object], object] = {}

    def get(self) -> T:
        """Return the value of the current owner."""
        owner = current_owner()
        value = self._values.get(owner)
        if value is None:
            # Without a lock, which could stay locked after a fork: `setdefault` is atomic.
            value = self._values.setdefault(owner, self._make())
            self._drop_ended()
            self._watches[owner] = when_dropped(owner, self._drop_ended)
        return value

    def take(self) -> T | None:
        """Remove and return the value of the current owner, if there is one."""
        return self._values.pop(current_owner(), None)

    def take_all(self) -> Iterator[T]:
        """Remove all values: drop those whose owner has ended, and yield the others."""
        self._drop_ended()
        while self._values:
            yield self._values.popitem()[1]

    def _drop_ended(self) -> None:
        for owner in list(self._values):
            if has_ended(owner) and (ended := self._values.pop(owner, None)) is not None:
                self._watches.pop(owner, None)
                if self._drop:
                    self._drop(ended)
