"""A point in time that a wait must not pass."""

from __future__ import annotations

from time import monotonic

NEVER = float("inf")


class Deadline(float):
    """A moment of the monotonic clock, in seconds.

    It is a number so that it can travel through the connection library as the time limit of one read or write; the
    network streams of this package recognise it and take what is left of it, so that many small reads share one limit.
    """

    __slots__ = ()

    @classmethod
    def after(cls, seconds: float | None) -> Deadline:
        """Return the moment that lies so many seconds ahead; None for never."""
        return cls(NEVER if seconds is None else monotonic() + seconds)

    def left(self) -> float:
        """Return the seconds that remain, 0 at the least."""
        remaining = float(self) - monotonic()
        return remaining if remaining > 0 else 0.0


def seconds_left(limit: float | None) -> float | None:
    """Return what remains of a limit given as a deadline, as seconds, or as None for no limit."""
    if isinstance(limit, Deadline):
        left = limit.left()
        return None if left == NEVER else left
    return limit
