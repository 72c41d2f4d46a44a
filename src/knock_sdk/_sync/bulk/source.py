"""The items of a bulk job, from whatever yields them.

`_async/bulk/source.py` is the counterpart, which takes asynchronous iterables too; both define the same names.
"""

from __future__ import annotations

from collections.abc import AsyncIterable
from typing import TYPE_CHECKING, Any

from ...bulk._inputs import as_iterable, elements_of, size_of
from ...errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Source:
    """Reads items, a few at a time."""

    def __init__(self, items: object, argument: str) -> None:
        """Begin at the start.

        Raises:
            InvalidArgumentError: The input yields no items.
        """
        self.total: int | None = size_of(items)
        self._rest: list[Any] = []
        """Items that were read and not taken yet, in reverse order."""
        if isinstance(items, AsyncIterable):
            raise InvalidArgumentError(argument, "is an asynchronous iterable, which only AsyncKnock can read")
        self._next: Iterator[Any] = iter(as_iterable(items, argument))

    def take(self, number: int) -> list[Any]:
        """Return the next items, fewer only at the end."""
        taken: list[Any] = []
        while len(taken) < number:
            if self._rest:
                taken.append(self._rest.pop())
                continue
            try:
                item = next(self._next)
            except StopIteration:
                break
            if (elements := elements_of(item)) is None:
                taken.append(item)
            else:
                self._rest = elements[::-1]
        return taken

    def close(self) -> None:
        """Do nothing: Python closes a generator once nobody refers to it."""

    def put_back(self, items: list[Any]) -> None:
        """Put items back, to be taken next."""
        self._rest += items[::-1]
