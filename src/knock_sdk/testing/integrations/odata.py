"""OData filters, as far as requests for Microsoft Graph's lists of teams and channels use them."""

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


def compile_filter(expression: str, at: str) -> Callable[[JSON], bool]:
    """Return a filter as a test of rows: `eq`, `ne` and the functions on texts, joined by `and`.

    Raises:
        Problem: The filter is malformed, or uses something that is not simulated.
    """
    tests = [_compile_term(term.strip(), at) for term in _AND.split(expression.strip())]
    return lambda row: all(test(row) for test in tests)


def _compile_term(term: str, at: str) -> Callable[[JSON], bool]:
    if matched := _COMPARISON.fullmatch(term):
        name, operator, text, literal = matched.groups()
        wanted: Any = _LITERALS[literal.lower()] if literal else _unquote(text)
        equal = operator.lower() == "eq"
        return lambda row: (row.get(name) == wanted) is equal
    if matched := _CALL.fullmatch(term):
        function, name, text = matched.groups()
        return _compile_call(function.lower(), name, _unquote(text).lower())
    supported = "eq, ne, startswith, endswith and contains, joined by and"
    raise invalid_field(at, "format", f"{term!r} is not supported: the simulator takes {supported}")


def _compile_call(function: str, name: str, wanted: str) -> Callable[[JSON], bool]:
    def test(row: JSON) -> bool:
        value = row.get(name)
        if not isinstance(value, str):
            return False
        folded = value.lower()
        if function == "startswith":
            return folded.startswith(wanted)
        return folded.endswith(wanted) if function == "endswith" else wanted in folded

    return test


def _unquote(text: str) -> str:
    return text.replace("''", "'")
