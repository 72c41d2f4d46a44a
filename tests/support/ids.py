"""Ids of tests that are the same in each run: workers must collect the same ones, and `--lf` finds them again."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def short_id(value: object) -> str:
    """Return the beginning of a value's representation, without the address that some have."""
    try:
        text = ascii(value)
    except ValueError:  # a number with too many digits
        text = type(value).__name__
    return _ADDRESS.sub("", text)[:40]
