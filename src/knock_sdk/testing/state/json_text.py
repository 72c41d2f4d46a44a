"""Parsing of JSON that others have written."""

from __future__ import annotations

import re
from math import isfinite
from typing import Any

from pydantic_core import from_json

from ..._core.type_guards import is_array, is_object

_LARGE = re.compile(rb"[eE]\+?[0-9]{3}|[0-9]{200}")
"""What numbers contain that may be larger than a float can be: nearly no text does."""


class NumberTooLargeError(ValueError):
    """A JSON text contains a number that is larger than a float can be."""


def parse_json(text: bytes | str) -> Any:
    """Return the value of a JSON text.

    Raises:
        NumberTooLargeError: It contains a number that is larger than a float can be, such as 1e400.
        ValueError: It is not JSON.
    """
    value: Any = from_json(text, allow_inf_nan=False)
    if _LARGE.search(text.encode("utf-8", "replace") if isinstance(text, str) else text) and not _is_finite(value):
        raise NumberTooLargeError("it contains a number that is too large")
    return value


def _is_finite(value: Any) -> bool:
    rest = [value]
    while rest:
        each = rest.pop()
        if isinstance(each, float) and not isfinite(each):
            return False
        if is_object(each):
            rest.extend(each.values())
        elif is_array(each):
            rest.extend(each)
    return True
