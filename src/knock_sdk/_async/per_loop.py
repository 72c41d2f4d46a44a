"""What belongs to one process and event loop: connections, limiters, locks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from ._concurrency import current_owner, has_ended

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")


class PerLoop(Generic[T]):
    """Keeps one thing for each place where it is asked for, and drops those whose place has ended."""

    __slots__ = ("_drop", "_make", "_things")

    def __init__(self, make: Callable[[], T], drop: Callable[[T], None] | None = None) -> None:
        """Start with nothing.

        Args:
            make: makes the thing for a new place.
            drop: releases one whose place is gone, without waiting; None if there is nothing to release.
        """
        self._make = make
        self._drop = drop
        self._things: dict[tuple[int, object], T] = {}

    def get(self) -> T:
        """Return the thing of this place."""
        owner = current_owner()
        thing = self._things.get(owner)
        if thing is None:
            # No lock: one that another thread held during a fork would never open again. This call is atomic.
            thing = self._things.setdefault(owner, self._make())
            for other in list(self._things):
                if has_ended(other) and (ended := self._things.pop(other, None)) is not None and self._drop:
                    self._drop(ended)
        return thing

    def take(self) -> T | None:
        """Give up the thing of this place, if there is one."""
        return self._things.pop(current_owner(), None)

    def take_all(self) -> Iterator[T]:
        """Give up everything: what is left of places that have ended is dropped, the rest is returned."""
        while self._things:
            owner, thing = self._things.popitem()
            if not has_ended(owner):
                yield thing
            elif self._drop:
                self._drop(thing)
