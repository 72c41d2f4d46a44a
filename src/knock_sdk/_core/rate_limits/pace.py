"""The time of a line: it stops after a refusal, then runs more slowly for a while.

Slots are moments of this time, at equal distances. So requests that have their slots already keep their distance when
it stops, and follow one another more slowly when it is slower.
"""

from __future__ import annotations

from math import sqrt

RECOVERY = 0.05
"""What a second gives back of the speed."""
SLOWEST = 0.1
"""The lowest speed, however many refusals follow one another."""


class Pace:
    """A time that runs as fast as a clock, unless it was stopped or slowed down."""

    __slots__ = ("_state",)

    def __init__(self, now: float) -> None:
        """Start with the time of the clock.

        Args:
            now: seconds of the clock.
        """
        # The moment from which it runs, what it shows then, and how fast it runs then. Replaced in one step: another
        # thread, or a child of `fork`, never finds a part of a change.
        self._state = (now, now, 1.0)

    @property
    def since(self) -> float:
        """The moment from which it runs: ahead, while it is stopped."""
        return self._state[0]

    def shown(self, now: float) -> float:
        """Return what it shows at a moment of the clock."""
        since, start, speed = self._state
        elapsed = now - since
        if elapsed <= 0:
            return start
        slow = min(elapsed, (1 - speed) / RECOVERY)
        return start + elapsed - slow * (1 - speed) + slow * slow * RECOVERY / 2

    def moment(self, shown: float) -> float:
        """Return the moment of the clock at which it shows a time; distances of times that have passed stay."""
        since, start, speed = self._state
        ahead = shown - start
        slow = (1 - speed) / RECOVERY
        meanwhile = slow * (1 + speed) / 2  # what it advances until it has recovered
        if ahead <= 0 or not slow:
            return since + ahead
        if ahead >= meanwhile:
            return since + slow + ahead - meanwhile
        return since + (sqrt(speed * speed + 2 * RECOVERY * ahead) - speed) / RECOVERY

    def speed(self, now: float) -> float:
        """Return how fast it runs at a moment, as a share of the clock's speed; while it is stopped, how it goes on."""
        since, _, speed = self._state
        return min(1.0, speed + RECOVERY * max(0.0, now - since))

    def stop(self, now: float, seconds: float, slower: float = 1.0) -> None:
        """Stop it, so that it goes on after some seconds, or when it would have anyway if that is later.

        Args:
            now: the present moment of the clock.
            seconds: how long it stops.
            slower: what its speed is multiplied by.
        """
        since, _, _ = self._state
        self._state = (max(since, now + seconds), self.shown(now), max(SLOWEST, self.speed(now) * slower))

    def is_even(self, now: float) -> bool:
        """Return whether it runs, as fast as the clock."""
        return now >= self._state[0] and self.speed(now) >= 1
