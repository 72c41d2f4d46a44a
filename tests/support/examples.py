"""The example bodies of `tests/data`."""

from __future__ import annotations

from functools import cache

from .paths import DATA


@cache
def example(schema: str) -> bytes:
    """Return the first example body of a schema."""
    return min(DATA.glob(f"{schema}.*")).read_bytes()
