"""The input of a bulk job: read, compared with what an earlier run has read, cut into chunks, and written down."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ...bulk._errors import JournalError
from ...bulk._jobs import FULL
from ...bulk._journal import Root
from ...bulk._journal_file import DONE, SENT, UNSENT
from .workers import breathe, in_thread_to_end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..._core.rate_limits.clock import Clock
    from ...bulk._chunks import Chunk, Cutter
    from ...bulk._journal import Journal
    from .source import KeepUp, Source

_BATCH = 50
_BATCH_SIZE = 1_000_000
"""Bytes of the chunks that are written down together."""


class Reader:
    """Reads the input as chunks, which the journal has before they are sent."""

    def __init__(self, source: Source, cutter: Cutter, journal: Journal, clock: Clock) -> None:
        """Begin at the start."""
        operation = cutter.job.operation
        self._source = source
        self._cutter = cutter
        self._journal = journal
        self._clock = clock
        self._keyed = operation.repeat == "keyed"
        # What must not be sent twice, and what can be sent only now and then, is written down one by one.
        self._batch = 1 if operation.repeat == "never" or operation.tier < 3 else _BATCH
        self._roots: Iterator[Root] | None = journal.roots() if journal.resumed else None
        self._position = 0
        self.exhausted = False

    def set_keep_up(self, keep_up: KeepUp) -> None:
        """Have a function called between items now and then, so that a slow input does not hold up what was sent."""
        self._source.keep_up = keep_up

    async def read_parts(self, enter: Callable[[Root], None]) -> None:
        """Read what an earlier run has split off and not finished.

        Args:
            enter: takes each.
        """
        for part in await in_thread_to_end(self._journal.parts):
            await self._enter_old(part, enter)

    async def read(self, enter: Callable[[Root], None]) -> None:
        """Read the next chunks that are not done; there are none at the end of the input.

        Args:
            enter: takes each with its state, before it is written down, so that one which is not sent is known for that
                whatever happens meanwhile.
        """
        while self._roots is not None:
            await breathe()
            root = next(self._roots, None)
            if root is None:
                self._roots = None
            else:
                await self._compare(root.chunk)
                if root.state < DONE:
                    await self._enter_old(root, enter)
                    return
        await self._read_new(enter)

    async def _read_new(self, enter: Callable[[Root], None]) -> None:
        chunks: list[Chunk] = []
        size = 0
        while len(chunks) < self._batch and size < _BATCH_SIZE:
            await breathe()
            items = await self._source.take(self._cutter.fitting, FULL)
            if not items:
                self.exhausted = True
                break
            chunk = self._cutter.cut(items, self._position)
            self._source.put_back(items[chunk.count :])
            self._position += chunk.count
            size += len(chunk.body)
            chunks.append(chunk)
        for chunk in chunks:
            enter(Root(chunk, SENT))
        if chunks:
            await in_thread_to_end(partial(self._journal.freeze, chunks, self._clock.time(), keyed=self._keyed))

    async def _compare(self, chunk: Chunk) -> None:
        """Compare a chunk of an earlier run with the input."""
        items = await self._source.take(chunk.count)
        if len(items) < chunk.count:
            raise JournalError(
                f"{self._journal.path}: the input ends at item {self._position + len(items):,}, and an earlier run has"
                " read more: repeat the call with the same input, or use another file"
            )
        if self._cutter.encode(items, self._position).digest != chunk.digest:
            raise JournalError(
                f"{self._journal.path}: items {self._position:,} to {self._position + chunk.count - 1:,} are not those"
                " of the earlier run: repeat the call with the same input in the same order, or use another file"
            )
        self._position += chunk.count

    async def _enter_old(self, root: Root, enter: Callable[[Root], None]) -> None:
        """Write down that a chunk is about to be sent if an earlier run has certainly not sent it."""
        enter(root)
        if root.state == UNSENT:
            await in_thread_to_end(partial(self._journal.set_sent, root.chunk, self._clock.time()))
