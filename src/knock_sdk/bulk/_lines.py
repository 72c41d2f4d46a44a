"""The chunks that wait: for their turn, for a moment, or for the API; and how the API is, as far as they tell."""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from ..errors import KnockError  # noqa: TC001 - needed to evaluate the annotations

if TYPE_CHECKING:
    from ._chunks import Chunk

PATIENCE = 300.0
"""Seconds that a job goes on while everything fails; then the last error is raised."""
_PROBING = 3
"""Number of failures in a row after which one request a second finds out whether the API works again."""
PROBES = 8
"""Number of chunks that these requests are made with: one of them may be the reason for the failures."""
_TRIES = 8
"""Number of tries after which a chunk may be at fault itself."""
_LONGEST_PAUSE = 60.0


class _Due(NamedTuple):
    """A chunk that waits for a moment."""

    at: float
    order: int
    chunk: Chunk


class Line:
    """Chunks that wait for moments of the clock."""

    def __init__(self) -> None:
        """Start empty."""
        self._due: list[_Due] = []
        self._order = 0

    def put(self, chunk: Chunk, at: float) -> None:
        """Add a chunk."""
        self._order += 1
        heappush(self._due, _Due(at, self._order, chunk))

    def take(self, now: float) -> Chunk | None:
        """Return the chunk whose moment came first, if it has come."""
        return heappop(self._due).chunk if self._due and self._due[0].at <= now else None

    @property
    def next_at(self) -> float:
        """The next moment."""
        return self._due[0].at if self._due else inf

    def __len__(self) -> int:
        """Return the number of chunks."""
        return len(self._due)

    def chunks(self) -> list[Chunk]:
        """Return the chunks."""
        return [each.chunk for each in self._due]


class Lines:
    """The chunks that wait to be sent, and those whose bulk operation is looked at."""

    def __init__(self) -> None:
        """Start empty."""
        self.ready: deque[Chunk] = deque()
        self.later = Line()
        self.polls = Line()

    def __bool__(self) -> bool:
        """Return whether a chunk waits."""
        return bool(self.ready or self.later or self.polls)

    def unsent(self) -> list[Chunk]:
        """Return the chunks that wait to be sent, for the first time or again."""
        return [*self.ready, *self.later.chunks()]

    @property
    def held(self) -> int:
        """Number of bytes of the chunks that are processed in the background."""
        return sum(len(chunk.body) for chunk in self.polls.chunks())


class Health:
    """Whether the API works, by the requests of the job."""

    def __init__(self, *, once: bool) -> None:
        """Start well.

        Args:
            once: whether what fails cannot be sent again, so that finding out costs the items of a chunk.
        """
        self._once = once
        self._in_a_row = 0
        self._since: float | None = None
        self.successes = 0
        """Number of requests that the API has carried out or refused."""
        self.probe_at = -inf

    @property
    def probing(self) -> bool:
        """Whether only one request at a time may be made, to find out whether the API works again."""
        return self._in_a_row >= _PROBING

    def prefers_new(self, waiting: int) -> bool:
        """Return whether another chunk is to be tried before those that have failed."""
        return self.probing and waiting < PROBES

    def worked(self, chunk: Chunk) -> None:
        """Note that the API has carried a chunk out, or refused it."""
        self.successes += 1
        chunk.tries = self._in_a_row = 0
        self._since = None

    def answered(self) -> None:
        """Note that the API has said how far an operation is."""
        if not self._in_a_row:
            self._since = None

    def failed(self, chunk: Chunk, error: KnockError, now: float) -> None:
        """Note a failure that may pass; raise the error if nothing has worked for too long."""
        self.delayed(error, now)
        self._in_a_row += 1
        if not chunk.tries:
            chunk.successes_before = self.successes
        chunk.tries += 1
        self.probe_at = now + (min(2.0 ** (self._in_a_row - _PROBING), _LONGEST_PAUSE) if self._once else 1.0)

    def delayed(self, error: KnockError, now: float) -> None:
        """Note that something has to wait; raise the error if nothing has worked for too long."""
        if self._since is None:
            self._since = now
        if now - self._since >= PATIENCE:
            raise error

    def suspect(self, chunk: Chunk) -> None:
        """Note that one of two chunks is at fault, which shows after half as many tries."""
        chunk.tries = _TRIES // 2
        chunk.successes_before = self.successes

    def keeps_failing(self, chunk: Chunk) -> bool:
        """Return whether a chunk has failed so often that its items may be the reason."""
        return chunk.tries >= _TRIES

    def fails_longer(self, chunk: Chunk) -> bool:
        """Return whether a chunk has failed twice as often, in a run in which others have succeeded."""
        return chunk.tries >= 2 * _TRIES and self.successes > 0

    def others_work(self, chunk: Chunk) -> bool:
        """Return whether others have succeeded since a chunk began to fail."""
        return self.successes > chunk.successes_before
