"""Moments that are given as arguments."""

from __future__ import annotations

from datetime import datetime

from ...errors import InvalidArgumentError


def check_moment(name: str, moment: object) -> datetime:
    """Return an argument that must be a datetime with a time zone.

    Raises:
        InvalidArgumentError: It is not.
    """
    if not isinstance(moment, datetime):
        raise InvalidArgumentError(name, f"must be a datetime with a time zone, not {type(moment).__name__}")
    if moment.utcoffset() is None:
        raise InvalidArgumentError(name, "has no time zone: pass datetime.now(timezone.utc), for example")
    return moment
