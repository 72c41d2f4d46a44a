"""JSON objects: their parts, and how what is sent joins what is stored."""

from __future__ import annotations

from typing import Any, TypeAlias

from .._core.type_guards import is_object

JSON: TypeAlias = "dict[str, Any]"


def part(value: JSON, name: str) -> JSON:
    """Return the object that a field holds; an empty one if it is absent, null or something else."""
    inner = value.get(name)
    return inner if is_object(inner) else {}


def merge(stored: JSON, sent: JSON) -> JSON:
    """Return the stored object with what was sent merged in deeply.

    Nothing disappears by being left out; null is stored as null. Lists are replaced. Neither argument is changed.
    """
    merged = dict(stored)
    for name, value in sent.items():
        merged[name] = merge(part(merged, name), value) if is_object(value) else value
    return merged
