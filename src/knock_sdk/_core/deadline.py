"""Deadlines: points in time that waits must not pass."""

from __future__ import annotations

from time import monotonic

NEVER = float("inf")


class Deadline(float):
    """A moment of the monotonic clock, in seconds; many waits can share one."""

    __slots__ = ()

    @classmethod
    def after(cls, seconds: float | None) -> Deadline:
        """Return the deadline that is this many seconds ahead; None means never."""
        return cls(NEVER if seconds is None else monotonic() + seconds)

    def for_attempt(self, seconds: float | None) -> Deadline:
        """Return the end of an attempt that begins now: after this many seconds, but not after this deadline."""
        return self if seconds is None else min(self, Deadline.after(seconds))

    def left(self) -> float:
        """Return the seconds left, at least 0."""
        remaining = self - monotonic()
        return remaining if remaining > 0 else 0.0


def seconds_left(deadline: Deadline) -> float | None:
    """Return the seconds left, as waits take them: None for a deadline that never comes."""
    return None if deadline == NEVER else deadline.left()
