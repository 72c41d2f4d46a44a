"""Problems that Pydantic finds in data, as errors that name the place and never show a value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args

from pydantic_core import PydanticKnownError
from pydantic_core.core_schema import ErrorType

from .._core.type_guards import is_items, is_mapping
from ..errors import InvalidArgumentError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails, ValidationError

UNKNOWN_FIELD = "is not a field of the type of the workflow's data: check its name, or leave it out"
NOT_WRITTEN = "is not written by the type of the workflow's data: check its name, or leave it out"

COMPUTED = "follows from other fields, and cannot be given: leave it out"
SENT_AS = "is sent as {!r}: use this name"

_STANDARD = frozenset(get_args(ErrorType)) - {"value_error", "assertion_error"}
"""Problems for which Pydantic has messages of its own; all others are in the words of an author of a validator."""

_ABSENT = frozenset(
    {"missing", "missing_keyword_only_argument", "missing_argument", "missing_positional_only_argument"}
)
_SUBJECT = re.compile(r"^[A-Z]\w*(?: \w+)? should ")
_NOTHING = object()


def refuse(
    error: ValidationError, value: object, path: str, names: Mapping[str, str] | None = None
) -> InvalidArgumentError:
    """Return the error for the first problem that Pydantic found.

    Args:
        error: what Pydantic raised.
        value: the value that it validated.
        path: the path of the value.
        names: the names that the caller has used at the top level, by those under which they were read.
    """
    # The input itself tells where Pydantic's own labels stand in a path, and whether a message repeats a value.
    problem = error.errors(include_url=False)[0]
    return InvalidArgumentError(_place(problem, value, path, names or {}), _explain(problem))


def _place(problem: ErrorDetails, value: object, path: str, names: Mapping[str, str]) -> str:
    """Return the path of a problem, without Pydantic's labels, such as the types of a union."""
    parts = problem["loc"]
    for number, part in enumerate(parts, start=1):
        found = _step(value, part)
        if found is _NOTHING and not (number == len(parts) and problem["type"] in _ABSENT):
            continue
        shown = names.get(str(part), part) if number == 1 else part
        path += f"[{part}]" if isinstance(part, int) else f".{shown}"
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
    if not _is_standard(problem):
        return "is refused by a validator of the type"
    if kind in _ABSENT:
        return "is missing; the type of the workflow's data requires it"
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        return UNKNOWN_FIELD
    if kind == "recursion_loop":
        return "refers to itself, or is nested too deeply"
    if kind == "union_tag_invalid":
        return f"must have a tag that is one of {problem.get('ctx', {}).get('expected_tags')}"
    if "error" in problem.get("ctx", {}):
        message = re.split(r"[,:] ", message)[0]  # the rest may quote a character of the value, or an author
    return _SUBJECT.sub("must ", message, count=1)


def _is_standard(problem: ErrorDetails) -> bool:
    """Return whether a message is Pydantic's own: an author can use its types of problems with other texts."""
    kind: Any = problem["type"]
    if kind not in _STANDARD:
        return False
    try:
        known = PydanticKnownError(kind, problem.get("ctx"))
    except (TypeError, ValueError):
        return False
    return known.message() == problem["msg"]
