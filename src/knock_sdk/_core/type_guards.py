"""Type guards for parsed values and arguments."""

from __future__ import annotations

from collections import UserString
from collections.abc import Mapping, Sequence, ValuesView
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, get_origin

from pydantic import BaseModel

if TYPE_CHECKING:
    from typing_extensions import TypeIs


def is_object(value: object) -> TypeIs[dict[str, Any]]:
    """Return whether a parsed value is a JSON object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeIs[list[Any]]:
    """Return whether a parsed value is a JSON array."""
    return isinstance(value, list)


def is_mapping(value: object) -> TypeIs[Mapping[Any, Any]]:
    """Return whether a caller's value becomes a JSON object."""
    return isinstance(value, (dict, Mapping))  # asking for a dict first takes a fraction of the time


def is_items(value: object) -> TypeIs[Sequence[Any] | AbstractSet[Any] | ValuesView[Any]]:
    """Return whether a caller's value becomes a JSON array: a list, tuple, set or view; text and bytes do not."""
    return isinstance(value, Sequence | AbstractSet | ValuesView) and not isinstance(
        value, str | bytes | bytearray | memoryview | UserString
    )


def is_model(value: object) -> TypeIs[type[BaseModel]]:
    """Return whether a value is a model class; `list[…]` is not, although Python 3.10 takes it for a class."""
    return isinstance(value, type) and get_origin(value) is None and issubclass(value, BaseModel)
