"""The line before one rate limit: each request gets the moment at which it may be sent.

This is the generic cell rate algorithm (GCRA) without bursts, as a reservation: nothing is polled. Moments are those of
a clock that a 429 stops for a while, so that requests which have their moment already keep their distance.
"""

from __future__ import annotations

from heapq import heappop, heappush
from math import inf

from ..lock import ProcessLock

MARGIN = 1.02
"""Intervals are this much longer than the limit asks for, since requests do not all take equally long to the server."""
SHORTEST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
_SLOWER = 0.7
_SLOWEST = 0.1
_RECOVERY = 0.05


class Line:
    """The requests of one operation with one key, in one process.

    After an unexpected 429, which says that others share the limit, all wait for a second, or as long as the server
    asks. The requests after it follow more slowly, at 0.7 of the rate; each second gives 0.05 of it back.
    """

    __slots__ = ("_factor", "_freed", "_lock", "_next", "_paused_until", "_quickest", "_seen", "_shift", "rate")

    def __init__(self, rate: float) -> None:
        """Start empty.

        Args:
            rate: requests per second that the limit allows.
        """
        self.rate = rate
        self._lock = ProcessLock()
        self._clear(-inf)

    def _clear(self, now: float) -> None:
        self._seen = now
        self._next = self._paused_until = -inf
        self._shift = 0.0
        self._factor = 1.0
        self._quickest = 0.0
        self._freed: list[float] = []

    def interval(self, now: float) -> float:
        """Return the seconds from one request to the next, as things are now."""
        return MARGIN / (self.rate * self._factor_at(now))

    def reserve(self, now: float, longest: float, share: float = 1.0) -> float | None:
        """Take the next free slot; return None, and take none, if it is further away than the longest wait.

        Args:
            now: seconds of the clock.
            longest: seconds that the request can wait.
            share: share of the rate that the requests have.

        Returns:
            The slot, from which `due` computes the moment.
        """
        with self._lock.of_this_process():
            self._notice(now)
            virtual = now - self._shift
            if (slot := self._freed_slot(virtual, longest)) is not None:
                return slot
            slot = max(virtual, self._next)
            if slot - virtual > longest:
                return None
            self._next = slot + self.interval(now) / share
            return slot

    def take_freed(self, now: float, longest: float) -> float | None:
        """Take a slot that was given back, if there is one."""
        with self._lock.of_this_process():
            self._notice(now)
            return self._freed_slot(now - self._shift, longest)

    def enter(self, now: float, wait: float) -> float:
        """Return the slot of a request to which a limit that is kept elsewhere assigned a wait."""
        with self._lock.of_this_process():
            slot = now - self._shift + wait
            # What follows without the other's help comes after it.
            self._next = max(self._next, slot + self.interval(now))
            return slot

    def due(self, slot: float) -> float:
        """Return the moment at which a slot may be used."""
        return slot + self._shift

    def give_back(self, slot: float) -> None:
        """Give a slot back that was not used, for another request."""
        with self._lock.of_this_process():
            heappush(self._freed, slot)

    def pause(self, now: float, retry_after: float | None) -> None:
        """Stop for a while and go on more slowly: the server refused a request that had its turn."""
        with self._lock.of_this_process():
            self._notice(now)
            if now < self._paused_until:
                return  # others of the same moment were refused too
            seconds = min(max(SHORTEST_PAUSE, retry_after or 0.0), LONGEST_PAUSE)
            self._factor = max(_SLOWEST, self._factor_at(now) * _SLOWER)
            self._next = max(self._next, now - self._shift)
            self._shift += seconds
            self._paused_until = now + seconds

    def arrived(self, started: float, ended: float) -> None:
        """Correct the next slot by a response: a request that took longer than others may have arrived later.

        The first one opens a connection, and the server may count the second within the same second.
        """
        took = ended - started
        with self._lock.of_this_process():
            if late := took - self._quickest:
                self._next = max(self._next, started - self._shift + late + self.interval(ended))
            self._quickest = took if not self._quickest else min(self._quickest, took)

    def is_idle(self, now: float) -> bool:
        """Return whether nothing would be lost with it."""
        return now - self._shift > self._next and now > self._paused_until and self._factor_at(now) >= 1

    def _freed_slot(self, virtual: float, longest: float) -> float | None:
        while self._freed and self._freed[0] < virtual:
            heappop(self._freed)
        return heappop(self._freed) if self._freed and self._freed[0] - virtual <= longest else None

    def _factor_at(self, now: float) -> float:
        return min(1.0, self._factor + _RECOVERY * max(0.0, now - self._paused_until)) if self._factor < 1 else 1.0

    def _notice(self, now: float) -> None:
        if now < self._seen:  # a simulated clock was set back
            self._clear(now)
        self._seen = now
