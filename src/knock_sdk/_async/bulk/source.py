"""The items of a bulk job, from whatever yields them.

`_sync/bulk/source.py` is the counterpart without asynchronous iterables; both define the same names.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeAlias

import anyio

from ...bulk._inputs import as_iterable, elements_of, rough_size, size_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

_CLOSING = 5.0
"""Seconds that a generator has for that at most."""

_PAUSE = 0.1
"""Seconds between two calls of `keep_up`, at least."""

KeepUp: TypeAlias = "Callable[[], Awaitable[None]]"


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
        self._later: AsyncIterator[Any] | None = None
        self._next: Iterator[Any] = iter(())
        if isinstance(items, AsyncIterable):
            self._later = items.__aiter__()
        else:
            self._next = iter(as_iterable(items, argument))

    async def take(self, number: int, most: int | None = None) -> list[Any]:
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
                    await self.keep_up()
                    self._kept_up = monotonic()
                try:
                    item = next(self._next) if self._later is None else await self._later.__anext__()
                except (StopIteration, StopAsyncIteration):
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
