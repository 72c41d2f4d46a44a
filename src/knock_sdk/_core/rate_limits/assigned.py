"""Slots that a store assigned to this process."""

from __future__ import annotations

from bisect import bisect_left, insort

_TOGETHER = 0.75
"""Share of an interval: slots that are nearer to each other are one too many."""


class Assigned:
    """Keeps slots apart whose waits are not exact, since the answers of the store took unequally long.

    Answers may overtake one another, and other processes have the slots between those of this one. So a slot is left
    where it is, unless it meets another one: then it moves behind it, to the next gap.
    """

    __slots__ = ("_full", "_slots")

    def __init__(self) -> None:
        """Start without any."""
        self._slots: list[float] = []  # sorted
        self._full = (0.0, -1.0)  # where the last one that moved came from, and where it went: no gap is between

    def place(self, slot: float, now: float, interval: float) -> float:
        """Return where to put a slot, and note it.

        Args:
            slot: where the store has put it.
            now: the present; what is more than an interval before it is forgotten.
            interval: the distance of the limit.
        """
        slots, near = self._slots, interval * _TOGETHER
        del slots[: bisect_left(slots, now - interval)]
        index = bisect_left(slots, slot - near)
        if index < len(slots) and slots[index] - slot < near:
            first, last = self._full
            if first <= slot <= last:  # as do thousands that wait for the end of a pause
                slot, index = last, bisect_left(slots, last - near)
            else:
                first = slot
            while index < len(slots) and slots[index] - slot < near:
                slot = slots[index] + interval
                index += 1
            self._full = (first, slot)
        insort(slots, slot)
        return slot
