"""The items of a bulk job, from whatever yields them.

`_async/bulk/source.py` is the counterpart, which takes asynchronous iterables too; both define the same names.
"""

from __future__ import annotations

from collections.abc import AsyncIterable
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeAlias

from ...bulk._inputs import as_iterable, elements_of, rough_size, size_of
from ...errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PAUSE = 0.1
"""Seconds between two calls of `keep_up`, at least."""

KeepUp: TypeAlias = "Callable[[], None]"


class Source:
    """Reads items, a few at a time."""

    def __init__(self, items: object, argument: str) -> None:
        """Begin at the start.

        Raises:
            InvalidArgumentError: The input yields no items.
        """
        self.total: int | None = size_of(items)
        self.keep_up: KeepUp | None = None
        """Is called between items now and then, so that a slow input does not hold up what was sent."""
        self._kept_up = monotonic()
        self._rest: list[Any] = []
        """Items that were read and not taken yet, in reverse order."""
        if isinstance(items, AsyncIterable):
            raise InvalidArgumentError(argument, "is an asynchronous iterable, which only AsyncKnock can read")
        self._next: Iterator[Any] = iter(as_iterable(items, argument))

    def take(self, number: int, most: int | None = None) -> list[Any]:
        """Return the next items.

        Args:
            number: number of items; there are fewer at the end.
            most: bytes that they have together, roughly; the first one may have more.
        """
        taken: list[Any] = []
        size = 0
        while len(taken) < number:
            if not self._rest:
                if self.keep_up is not None and monotonic() - self._kept_up >= _PAUSE:
                    self.keep_up()
                    self._kept_up = monotonic()
                try:
                    item = next(self._next)
                except StopIteration:
                    break
                if (elements := elements_of(item)) is not None:
                    self._rest = elements[::-1]
                    continue
            else:
                item = self._rest.pop()
            if most is not None:
                size += rough_size(item, most)
                if size > most and taken:
                    self._rest.append(item)
                    break
            taken.append(item)
        return taken

    def close(self) -> None:
        """Do nothing: Python closes a generator once nobody refers to it."""

    def put_back(self, items: list[Any]) -> None:
        """Put items back, to be taken next."""
        self._rest += items[::-1]
