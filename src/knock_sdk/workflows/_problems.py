"""Problems that Pydantic finds in data, as errors that name the place and never show a value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, get_args

from pydantic_core.core_schema import ErrorType

from .._core.type_guards import is_items, is_mapping
from ..errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import ErrorDetails, ValidationError

UNKNOWN_FIELD = "is not a field of the type of the workflow's data: check its name, or leave it out"
NOT_WRITTEN = "is not written by the type of the workflow's data: check its name, or leave it out"

_OWN = frozenset(get_args(ErrorType)) - {"value_error", "assertion_error"}
"""Problems in Pydantic's own words; all others are in those of an author of a validator."""

_ABSENT = frozenset(
    {"missing", "missing_keyword_only_argument", "missing_argument", "missing_positional_only_argument"}
)
_SUBJECT = re.compile(r"^[A-Z]\w*(?: \w+)? should ")
_NOTHING = object()


def refuse(error: ValidationError, value: object, path: str) -> InvalidArgumentError:
    """Return the error for the first problem that Pydantic found.

    Args:
        error: what Pydantic raised.
        value: the value that it validated.
        path: the path of the value.
    """
    # The input itself tells where Pydantic's own labels stand in a path, and whether a message repeats a value.
    problem = error.errors(include_url=False)[0]
    return InvalidArgumentError(_place(problem, value, path), _explain(problem))


def _place(problem: ErrorDetails, value: object, path: str) -> str:
    """Return the path of a problem, without Pydantic's labels, such as the types of a union."""
    parts = problem["loc"]
    for number, part in enumerate(parts, start=1):
        found = _step(value, part)
        if found is _NOTHING and not (number == len(parts) and problem["type"] in _ABSENT):
            continue
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
        value = found
    return path


def _step(value: object, part: int | str) -> object:
    if is_mapping(value):
        return value.get(part, _NOTHING)
    if isinstance(part, str):
        return getattr(value, part, _NOTHING)
    return value[part] if is_items(value) and isinstance(value, Sequence) and part < len(value) else _NOTHING


def _explain(problem: ErrorDetails) -> str:
    kind, message = problem["type"], problem["msg"]
    if kind in _ABSENT:
        return "is missing; the type of the workflow's data requires it"
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        return UNKNOWN_FIELD
    if kind == "union_tag_invalid":
        return f"must have a tag that is one of {problem.get('ctx', {}).get('expected_tags')}"
    if kind not in _OWN:
        message = message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
        if not message.strip() or any(text and text in message for text in _texts(problem["input"])):
            return "is refused by a validator, whose message repeats a value"
        return f"is refused by a validator: {message}"
    return _SUBJECT.sub("must ", message, count=1)


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts of all single values in a value."""
    if is_mapping(value):
        for inner in value.values():
            yield from _texts(inner)
    elif is_items(value):
        for inner in value:
            yield from _texts(inner)
    elif hasattr(value, "__dict__"):
        yield from _texts(vars(value))
        yield str(value)
    else:
        yield str(value)
