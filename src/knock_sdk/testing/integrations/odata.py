"""Filters in OData, as far as Microsoft Graph's lists of teams and channels are asked with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..http.errors import invalid_field

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..state.json_objects import JSON

_TEXT = r"'((?:[^']|'')*)'"
_COMPARISON = re.compile(rf"(\w+) +(eq|ne) +(?:{_TEXT}|(true|false|null))", re.IGNORECASE)
_CALL = re.compile(rf"(startswith|endswith|contains) *\( *(\w+) *, *{_TEXT} *\)", re.IGNORECASE)
_AND = re.compile(r" +and +(?=(?:[^']*'[^']*')*[^']*$)", re.IGNORECASE)  # not inside a literal
_LITERALS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


def test_of(expression: str, at: str) -> Callable[[JSON], bool]:
    """Return the test that a filter stands for: `eq`, `ne` and the functions on texts, joined by `and`.

    Raises:
        Problem: It is malformed, or more than is simulated.
    """
    tests = [_test(part.strip(), at) for part in _AND.split(expression.strip())]
    return lambda row: all(test(row) for test in tests)


def _test(part: str, at: str) -> Callable[[JSON], bool]:
    if matched := _COMPARISON.fullmatch(part):
        name, operator, text, literal = matched.groups()
        wanted: Any = _LITERALS[literal.lower()] if literal else _unquoted(text)
        equal = operator.lower() == "eq"
        return lambda row: (row.get(name) == wanted) is equal
    if matched := _CALL.fullmatch(part):
        function, name, text = matched.groups()
        return _function(function.lower(), name, _unquoted(text).lower())
    raise invalid_field(at, "format", f"is no filter that is understood here: {part!r}")


def _function(function: str, name: str, wanted: str) -> Callable[[JSON], bool]:
    def test(row: JSON) -> bool:
        value = row.get(name)
        if not isinstance(value, str):
            return False
        folded = value.lower()
        if function == "startswith":
            return folded.startswith(wanted)
        return folded.endswith(wanted) if function == "endswith" else wanted in folded

    return test


def _unquoted(text: str) -> str:
    return text.replace("''", "'")
