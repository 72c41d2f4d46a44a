# Derived from src/knock_sdk/_async/per_loop.py by `python -m codegen`; do not edit.
"""Values that belong to one process: connections, limiters, locks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from ._concurrency import current_owner, has_ended

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")


class PerLoop(Generic[T]):
    """Stores one value per owner (one process), and drops the values of owners that have ended."""

    __slots__ = ("_drop", "_make", "_values")

    def __init__(self, make: Callable[[], T], drop: Callable[[T], None] | None = None) -> None:
        """Start without values.

        Args:
            make: makes the value of a new owner.
            drop: releases a value whose owner has ended, without waiting; None if there is nothing to release.
        """
        self._make = make
        self._drop = drop
        self._values: dict[tuple[int, object], T] = {}

    def get(self) -> T:
        """Return the value of the current owner."""
        owner = current_owner()
        value = self._values.get(owner)
        if value is None:
            # Without a lock, which could stay locked after a fork: `setdefault` is atomic.
            value = self._values.setdefault(owner, self._make())
            for other in list(self._values):
                if has_ended(other) and (ended := self._values.pop(other, None)) is not None and self._drop:
                    self._drop(ended)
        return value

    def take(self) -> T | None:
        """Remove and return the value of the current owner, if there is one."""
        return self._values.pop(current_owner(), None)

    def take_all(self) -> Iterator[T]:
        """Remove all values: drop those whose owner has ended, and yield the others."""
        while self._values:
            owner, value = self._values.popitem()
            if not has_ended(owner):
                yield value
            elif self._drop:
                self._drop(value)
