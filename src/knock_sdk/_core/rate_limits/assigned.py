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

    __slots__ = ("_slots",)

    def __init__(self) -> None:
        """Start without any."""
        self._slots: list[float] = []  # sorted

    def place(self, slot: float, now: float, interval: float) -> float:
        """Return where to put a slot, and note it.

        Args:
            slot: where the store has put it.
            now: the present; what is more than an interval before it is forgotten.
            interval: the distance of the limit.
        """
        slots, near = self._slots, interval * _TOGETHER
        del slots[: bisect_left(slots, now - interval)]
        for other in slots[bisect_left(slots, slot - near) :]:
            if other - slot >= near:
                break
            slot = other + interval
        insort(slots, slot)
        return slot
