"""The pauses between two looks at a bulk operation."""

from __future__ import annotations

_FIRST = 0.25
_GROWTH = 1.5
_LONGEST = 10.0


def pause_before(look: int) -> float:
    """Return the seconds before a look at an operation, from 0: a quarter of a second, growing to ten."""
    return min(_FIRST * _GROWTH ** min(look, 50), _LONGEST)
