"""JSON objects: reading, merging and comparing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from ..._core.type_guards import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON: TypeAlias = dict[str, Any]


def object_at(value: JSON, name: str) -> JSON:
    """Return the object in a field, or an empty one if the field is absent or is not an object."""
    inner = value.get(name)
    return inner if is_object(inner) else {}


def merge(stored: JSON, sent: JSON) -> JSON:
    """Return a deep merge of `sent` into `stored`, without changing either.

    Fields missing from `sent` are preserved, null is stored as null, and lists are replaced.
    """
    merged = dict(stored)
    for name, value in sent.items():
        merged[name] = merge(object_at(merged, name), value) if is_object(value) else value
    return merged


def has_values(data: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Return whether an object has all wanted values at its top level; it may have others."""
    return all(name in data and equal(data[name], value) for name, value in wanted.items())


def equal(one: Any, other: Any) -> bool:
    """Return whether two JSON values are equal; unlike in Python, true does not equal 1."""
    if is_object(one) and is_object(other):
        return one.keys() == other.keys() and all(equal(value, other[name]) for name, value in one.items())
    if is_array(one) and is_array(other):
        return len(one) == len(other) and all(map(equal, one, other))
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
