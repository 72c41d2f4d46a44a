"""How what is sent joins what is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .records import JSON


def merge(stored: JSON, sent: JSON) -> JSON:
    """Return the stored object with what was sent merged in deeply.

    Nothing disappears by being left out; null is stored as null. Lists are replaced. Neither argument is changed.
    """
    merged = dict(stored)
    for key, value in sent.items():
        present = merged.get(key)
        if isinstance(value, dict):
            merged[key] = merge(present if isinstance(present, dict) else {}, value)
        else:
            merged[key] = value
    return merged
