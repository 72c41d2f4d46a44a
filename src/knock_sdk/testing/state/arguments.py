"""Checks of the arguments that tests pass: a wrong type is reported here, before it causes an obscure error."""

from __future__ import annotations

from datetime import datetime, timedelta


def check_type(
    name: str, value: object, kinds: type | tuple[type, ...], wanted: str, advice: str | None = None
) -> None:
    """Raise TypeError unless a value has one of some types; the message says what the argument takes instead."""
    if not isinstance(value, kinds) or isinstance(value, bool):
        problem = f"{name}: takes {wanted}, not {type(value).__name__}"
        raise TypeError(problem if advice is None else f"{problem}; {advice}")


def check_duration(name: str, value: object) -> None:
    """Raise TypeError unless a value is a duration or None."""
    if value is not None:
        check_type(name, value, timedelta, "a duration, such as timedelta(minutes=5)")


def check_moment(name: str, value: datetime) -> None:
    """Raise TypeError unless a value is a time, and ValueError if it has no time zone."""
    check_type(name, value, datetime, "a time, such as datetime(2026, 1, 5, tzinfo=timezone.utc)")
    if value.tzinfo is None:
        raise ValueError(f"{name}: takes a time with a time zone, such as datetime(2026, 1, 5, tzinfo=timezone.utc)")
