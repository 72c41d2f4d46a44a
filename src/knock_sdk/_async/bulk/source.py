"""The items of a bulk job, from whatever yields them.

`_sync/bulk/source.py` is the counterpart without asynchronous iterables; both define the same names.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from typing import TYPE_CHECKING, Any

import anyio

from ...bulk._inputs import as_iterable, elements_of, size_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLOSING = 5.0
"""Seconds that a generator has for that at most."""


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
        self._later: AsyncIterator[Any] | None = None
        self._next: Iterator[Any] = iter(())
        if isinstance(items, AsyncIterable):
            self._later = items.__aiter__()
        else:
            self._next = iter(as_iterable(items, argument))

    async def take(self, number: int) -> list[Any]:
        """Return the next items, fewer only at the end."""
        taken: list[Any] = []
        while len(taken) < number:
            if self._rest:
                taken.append(self._rest.pop())
                continue
            try:
                item = next(self._next) if self._later is None else await self._later.__anext__()
            except (StopIteration, StopAsyncIteration):
                break
            if (elements := elements_of(item)) is None:
                taken.append(item)
            else:
                self._rest = elements[::-1]
        return taken

    async def close(self) -> None:
        """Close an asynchronous generator that was not exhausted, as nobody else may refer to it.

        Until then, its `finally` has not run, and trio warns of it.
        """
        close = getattr(self._later, "aclose", None)
        if close is not None:
            with anyio.move_on_after(_CLOSING, shield=True):
                await close()

    def put_back(self, items: list[Any]) -> None:
        """Put items back, to be taken next."""
        self._rest += items[::-1]
