"""Checks of the arguments that tests pass: a wrong type is reported here, before it causes an obscure error."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ..._core.type_guards import is_mapping
from .names import did_you_mean

if TYPE_CHECKING:
    from typing_extensions import TypeIs


def is_list(value: object) -> TypeIs[Sequence[Any]]:
    """Return whether an argument is a list, or another sequence such as a tuple; a text is none."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def check_type(
    name: str, value: object, kinds: type | tuple[type, ...], wanted: str, advice: str | None = None
) -> None:
    """Raise TypeError unless a value has one of some types; the message says what the argument takes instead."""
    if not isinstance(value, kinds) or isinstance(value, bool):
        problem = f"{name}: takes {wanted}, not {type(value).__name__}"
        raise TypeError(problem if advice is None else f"{problem}; {advice}")


def check_optional(kind: type, wanted: str, **given: object) -> None:
    """Raise TypeError unless each of the values has a type or is None; they are given by the name of their argument."""
    for name, value in given.items():
        if value is not None and not isinstance(value, kind):
            raise TypeError(f"{name}: takes {wanted}, not {type(value).__name__}")


def check_list_of_texts(name: str, value: Sequence[object]) -> None:
    """Raise TypeError unless a value is a list of texts, or another kind of sequence."""
    if isinstance(value, str):
        raise TypeError(f"{name}: takes a list, not one string")
    check_type(name, value, Sequence, "a list")
    for member in value:
        if not isinstance(member, str):
            raise TypeError(f"{name}: takes a list of strings, not of {type(member).__name__}")


def check_recipient(name: str, value: object) -> None:
    """Check a reference to a recipient, which is None if the argument is absent.

    Raises:
        TypeError: It is neither text nor a mapping of texts.
        ValueError: It has no id, or a field is misspelt.
    """
    if value is None or isinstance(value, str):
        return
    if not is_mapping(value):
        raise TypeError(f"{name}: takes a user's id, or an object's id and collection, not {type(value).__name__}")
    for field in value:
        if field not in ("id", "collection") and (meant := did_you_mean(field, ["collection"])):
            raise ValueError(f"{name}: {field!r} is not a field of a recipient{meant}")
    if "id" not in value:
        raise ValueError(f"{name}: takes a user's id, or an object's id and collection; there is no 'id'")
    for field in ("id", "collection"):
        check_optional(str, "text", **{f"{name}.{field}": value.get(field)})


def check_duration(name: str, value: object) -> None:
    """Raise TypeError unless a value is a duration or None."""
    if value is not None:
        check_type(name, value, timedelta, "a duration, such as timedelta(minutes=5)")


def check_moment(name: str, value: datetime) -> None:
    """Raise TypeError unless a value is a time, and ValueError if it has no time zone."""
    check_type(name, value, datetime, "a time, such as datetime(2026, 1, 5, tzinfo=timezone.utc)")
    if value.utcoffset() is None:
        raise ValueError(f"{name}: takes a time with a time zone, such as datetime(2026, 1, 5, tzinfo=timezone.utc)")
