# Derived from src/knock_sdk/_async/per_loop.py by `python -m codegen`; do not edit.
"""Values that belong to one process: connections, limiters, locks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from ._concurrency import current_owner, has_ended, keeper, when_dropped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, MutableMapping

T = TypeVar("T")


class PerLoop(Generic[T]):
    """Stores one value per owner (one process), and drops the values of owners that have ended."""

    __slots__ = ("_drop", "_make", "_values", "_watches")

    def __init__(self, make: Callable[[], T], drop: Callable[[T], object] | None = None) -> None:
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


class KeptByLoop(Generic[T]):
    """Stores values as `PerLoop` does, for such as refer to their owner, which keeps them itself.

    Kept here, they would keep their owner too, of which nothing would ever be released.
    """

    __slots__ = ("__weakref__", "_keepers", "_make")

    def __init__(self, make: Callable[[], T]) -> None:
        """Start without values; `make` makes the value of a new owner."""
        self._make = make
        self._keepers: PerLoop[Callable[[], MutableMapping[object, T] | None]] = PerLoop(keeper, self._drop)

    def get(self) -> T:
        """Return the value of the current owner."""
        kept = self._keepers.get()()
        assert kept is not None, "its owner exists"  # noqa: S101 (it is the current one)
        value = kept.get(self)
        return kept.setdefault(self, self._make()) if value is None else value

    def take(self) -> T | None:
        """Remove and return the value of the current owner, if there is one."""
        found = self._keepers.take()
        return None if found is None else self._drop(found)

    def _drop(self, found: Callable[[], MutableMapping[object, T] | None]) -> T | None:
        kept = found()
        return None if kept is None else kept.pop(self, None)
