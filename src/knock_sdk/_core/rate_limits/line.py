"""The line before one rate limit: each request gets the moment at which it may be sent.

This is the generic cell rate algorithm (GCRA) without bursts, as a reservation: nothing is polled. Moments are those of
a time that a refusal stops and slows down (`pace.py`), which holds for requests that wait already too.
"""

from __future__ import annotations

import os
from bisect import bisect_left, insort
from math import inf

from ..lock import ProcessLock
from .assigned import Assigned
from .pace import Pace

MARGIN = 1.02
"""Intervals are this much longer than the limit asks for, since requests do not all take equally long to the server."""
SHORTEST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
_SLOWER = 0.7
_TOLERANCE = (MARGIN - 1) / 2
"""Seconds by which a request may be sent late, and once more by which it may arrive late: as many requests as the limit
allows in a second take that much longer than a second."""
_STALE = 0.1
"""Seconds after which a slot that a store assigned is not used any more, if another can be had."""
_RETURN = 1.0
"""Seconds within which all processes find out that a store is back."""
_LATEST = 1.0
"""Seconds by which it may be late on its way; a response that takes longer was rather made slowly."""
_ROOM = 50
"""With more requests than this in a second, the margin has room for one that is late."""
_LEARNT = 0.1
"""How fast the usual time of a response follows longer ones."""
_SET_BACK = 1.0
"""Seconds by which a clock that was set back differs; less is due to threads, which read it one before the other."""
_SAME = 1e-6


class Line:
    """The requests of one operation with one key, in one process.

    After an unexpected 429, which says that others share the limit, all wait for a second, or as long as the server
    asks. The requests after it follow more slowly, at 0.7 of the rate; each second gives 0.05 of it back.

    A child of `fork` takes over when the last request was sent, but not those that wait, which only its parent sends.
    """

    __slots__ = (
        "_assigned",
        "_distance",
        "_freed",
        "_interval",
        "_late_stop",
        "_lock",
        "_next",
        "_own_end",
        "_own_start",
        "_pace",
        "_process",
        "_refused_until",
        "_seen",
        "_shared",
        "_usual",
        "_wait",
        "rate",
    )

    def __init__(self, rate: float) -> None:
        """Start empty.

        Args:
            rate: requests per second that the limit allows.
        """
        self.rate: float = rate
        self._interval = MARGIN / rate
        self._lock = ProcessLock()
        self._process = os.getpid()
        self._clear(0.0)
        self._seen = inf

    def _clear(self, now: float) -> None:
        self._seen = now
        self._pace = Pace(now)
        self._next = self._refused_until = -inf
        self._distance = self._interval  # of the last slot to the next one
        # The last slots that no store assigned: the first one, and the end of the last one.
        self._own_start: float = -inf
        self._own_end: float = -inf
        self._freed: list[float] = []  # sorted
        self._assigned = Assigned()
        self._shared = False
        self._wait = 0.0  # that a store assigned last
        self._usual: float | None = None
        self._late_stop = (-inf, 0.0)

    @property
    def interval(self) -> float:
        """Seconds from one slot to the next, while nothing slows the line down."""
        return self._interval

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
            shown = self._notice(now)
            if (freed := self._freed_slot(shown, now + longest)) is not None:
                return freed
            if self._shared and shown - self._next + self._interval <= self._wait:
                # The store is away. Other processes have slots that it assigned, as far ahead as the last one of here.
                self._next = max(self._next, shown + self._wait)
            slot = max(shown, self._next)
            if self._pace.moment(slot) - now > longest:
                return None
            if self._shared:
                self._own_start, self._shared = slot, False
            self._distance = self._interval / share
            self._next, self._own_end = slot + self._distance, slot + self._interval
            return slot

    def take_freed(self, now: float, longest: float) -> float | None:
        """Take a slot that was given back, if there is one."""
        with self._lock.of_this_process():
            return self._freed_slot(self._notice(now), now + longest)

    def enter(self, now: float, wait: float) -> float:
        """Return the slot of a request to which a limit that is kept elsewhere assigned a wait.

        The slots of this process keep their distance here too: one that was slowed down by a refusal stays slower.
        """
        with self._lock.of_this_process():
            shown = self._notice(now)
            # The store may have answered before it knew of the slots of this process.
            slot = self._assigned.place(max(shown + wait, self._own_end), shown, self._interval)
            self._next = max(self._next, slot + self._interval)
            self._shared, self._wait = True, wait
            return slot

    def backlog(self, now: float) -> float:
        """Return the seconds for which slots that were not assigned by a store use up the limit.

        Those are the slots of this process, until an interval after the last one, and for another second what others
        assign that do not know of the store's return yet; 0 if this process has assigned none for a second.
        """
        if self._own_end == -inf:
            return 0.0
        ahead = self.due(self._own_end) - now
        return max(0.0, ahead) + _RETURN if ahead > -_RETURN else 0.0

    def due(self, slot: float) -> float:
        """Return the moment at which a slot may be used."""
        return self._pace.moment(slot)

    def use(self, slot: float, now: float) -> float:
        """Use a slot if its moment has come.

        Returns:
            The seconds until then, above 0; or, if it is used, minus the seconds since then.
        """
        wait = self.due(slot) - now
        if wait < -_TOLERANCE:
            # The program, or the machine, was busy. Those that wait would now be sent together.
            with self._lock.of_this_process():
                if (late := now - self.due(slot)) > _TOLERANCE:
                    # If another late one has stopped it already, this comes on top.
                    self._pace.stop(max(now, self._pace.since), late - _TOLERANCE)
            wait = min(0.0, self.due(slot) - now)
        return wait

    def is_stale(self, slot: float, now: float) -> bool:
        """Return whether a store assigned a slot that came so long ago that others may have the ones of now."""
        return self._shared and now - self.due(slot) > _STALE

    def give_back(self, slot: float) -> None:
        """Give a slot back of which nothing was sent, for another request."""
        with self._lock.of_this_process():
            freed = self._freed
            if slot >= self._next:
                return  # of a time before the clock was set back
            # Slots at the end of the line are free as if they had not been taken. One that a store assigned is not
            # assigned again, so it is kept.
            if self._shared or not self._is_last(slot):
                insort(freed, slot)
                return
            self._next = slot
            while freed and self._is_last(freed[-1]):
                self._next = freed.pop()
            self._own_end = min(self._own_end, self._next)

    def pause(self, now: float, retry_after: float | None) -> None:
        """Stop for a while and go on more slowly: the server refused a request that had its turn."""
        with self._lock.of_this_process():
            self._notice(now)
            seconds = min(max(SHORTEST_PAUSE, retry_after or 0.0), LONGEST_PAUSE)
            # Others of the same moment may be refused too.
            slower = 1.0 if now < self._refused_until else _SLOWER
            # What was held up is due before the line goes on, now as well as then.
            behind = max(0.0, self._pace.since - max(now, self._refused_until))
            self._pace.stop(now, seconds + behind, slower)
            self._refused_until = max(self._refused_until, now + seconds)

    def arrived(self, started: float, late: float, ended: float) -> None:
        """Correct the line by a response: a request that took longer than others may have arrived later.

        The first one opens a connection, and the server may count the next one within the same second.

        Args:
            started: when the request was sent, in seconds of the clock.
            late: how many seconds after its slot that was.
            ended: when its response had arrived.
        """
        took = ended - started
        with self._lock.of_this_process():
            usual = self._usual
            self._usual = took if usual is None or took < usual else usual + (took - usual) * _LEARNT
            if self.rate > _ROOM and (usual is not None or self._shared):
                return  # the margin has room for it, and a store's slots lie among those of other processes
            late += min(took - usual, _LATEST) - 2 * _TOLERANCE if usual is not None else min(took, _LATEST)
            stopped, by = self._late_stop
            if started < stopped:  # what came after this request was late too, and the line has waited for it
                late -= by
            else:
                stopped, by = ended, 0.0
            if late > 0 and ended >= self._refused_until:
                self._pace.stop(max(ended, self._pace.since), late)
                self._late_stop = (stopped, by + late)

    def is_idle(self, now: float) -> bool:
        """Return whether nothing would be lost with it."""
        return self._pace.is_even(now) and self._pace.shown(now) > self._next

    def _is_last(self, slot: float) -> bool:
        return slot >= self._own_start and abs(self._next - self._distance - slot) < _SAME

    def _freed_slot(self, shown: float, end: float) -> float | None:
        if self._freed:
            del self._freed[: bisect_left(self._freed, shown)]
            if self._freed and self._pace.moment(self._freed[0]) <= end:
                return self._freed.pop(0)
        return None

    def _notice(self, now: float) -> float:
        """Note the time, and return that of the line."""
        if now < self._seen - _SET_BACK:
            before = self._seen
            self._clear(now)
            if before != inf:  # a simulated clock was set back: as if a request had been sent just now
                self._next = now + self._interval
        self._seen = max(self._seen, now)
        shown = self._pace.shown(now)
        if self._process != os.getpid():
            self._process = os.getpid()
            self._freed = []
            self._next = min(self._next, shown + self._interval)
            self._own_end = min(self._own_end, self._next)
        return shown
