"""Deadlines: points in time that waits must not pass."""

from __future__ import annotations

from time import monotonic

NEVER = float("inf")


class Deadline(float):
    """A moment of the monotonic clock, in seconds.

    It is a float, so that it can pass through the connection library as the time limit of one read or write. The
    network streams of this package recognise it and use the time left, so that many small reads share one limit.
    """

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
        remaining = float(self) - monotonic()
        return remaining if remaining > 0 else 0.0


def seconds_left(limit: float | None) -> float | None:
    """Return the seconds left of a limit: a deadline, a number of seconds, or None for no limit."""
    if isinstance(limit, Deadline):
        left = limit.left()
        return None if left == NEVER else left
    return limit
