"""Validators: functions that check a JSON value and append each problem to a list.

Validators for one JSON type assume that the value has this type; `of_kinds` checks it before it calls them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic_core import to_json

from ..._core.type_guards import is_object
from ..http.errors import FieldProblem
from ..state.clock import parse_moment
from ..state.json_text import parse_json

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

Validator: TypeAlias = "Callable[[Any, str, list[FieldProblem]], None]"
"""Takes the value, its path in the request, and the list to which it appends problems."""

BODY = "body"
"""Path of the body as a whole, in errors."""

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_NAMES: Mapping[type, str] = {
    str: "a string",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "an object",
    type(None): "null",
}


def anything(_value: Any, _at: str, _problems: list[FieldProblem]) -> None:
    """Accept every value."""


def of_kinds(kinds: Mapping[type, Validator]) -> Validator:
    """Accept values whose type is a key, and which its validator accepts."""
    expected = " or ".join(name for kind, name in _NAMES.items() if kind in kinds)

    def check(value: Any, at: str, problems: list[FieldProblem]) -> None:
        validator = kinds.get(value.__class__)
        if validator is None:
            problems.append(FieldProblem(at or BODY, "type", f"must be {expected}"))
        elif validator is not anything:
            validator(value, at, problems)

    return check


def both(first: Validator, second: Validator) -> Validator:
    """Accept values that two validators accept."""
    if anything in (first, second):
        return second if first is anything else first

    def check(value: Any, at: str, problems: list[FieldProblem]) -> None:
        first(value, at, problems)
        second(value, at, problems)

    return check


def one_of(choices: Collection[str]) -> Validator:
    """Accept the given strings."""
    listed = ", ".join(choices)

    def check(value: str, at: str, problems: list[FieldProblem]) -> None:
        if value not in choices:
            problems.append(FieldProblem(at, "inclusion", f"must be one of {listed}"))

    return check


def length(least: int, most: int | None, unit: str) -> Validator:
    """Accept values with a length in a range; `unit` is what is counted, such as characters."""

    def check(value: Any, at: str, problems: list[FieldProblem]) -> None:
        if len(value) < least:
            problems.append(FieldProblem(at, "length", f"must have at least {least:,} {unit}"))
        elif most is not None and len(value) > most:
            problems.append(FieldProblem(at, "length", f"must have at most {most:,} {unit}"))

    return check


def size(most: int) -> Validator:
    """Accept values of at most `most` bytes as JSON."""

    def check(value: Any, at: str, problems: list[FieldProblem]) -> None:
        if len(to_json(value)) > most:
            problems.append(FieldProblem(at, "length", f"must have at most {most:,} bytes as JSON"))

    return check


def between(least: float | None, most: float | None) -> Validator:
    """Accept numbers in a range."""

    def check(value: float, at: str, problems: list[FieldProblem]) -> None:
        if least is not None and value < least:
            problems.append(FieldProblem(at, "number", f"must be at least {least}"))
        elif most is not None and value > most:
            problems.append(FieldProblem(at, "number", f"must be at most {most}"))

    return check


def check_moment(value: str, at: str, problems: list[FieldProblem]) -> None:
    """Check that a string is a date or time in ISO 8601."""
    if parse_moment(value) is None:
        problems.append(FieldProblem(at, "format", "must be a time in ISO 8601"))


def check_uuid(value: str, at: str, problems: list[FieldProblem]) -> None:
    """Check that a string is a UUID."""
    if _UUID.fullmatch(value) is None:
        problems.append(FieldProblem(at, "format", "must be a UUID"))


def json_text(validator: Validator) -> Validator:
    """Accept strings that are JSON, and whose value the validator accepts."""

    def check(value: str, at: str, problems: list[FieldProblem]) -> None:
        try:
            decoded: Any = parse_json(value)
        except ValueError:
            problems.append(FieldProblem(at, "format", "is not JSON"))
        else:
            validator(decoded, at, problems)

    return check


def list_of(validator: Validator) -> Validator:
    """Accept lists whose elements the validator accepts."""

    def check(value: list[Any], at: str, problems: list[FieldProblem]) -> None:
        for index, element in enumerate(value):
            validator(element, f"{at}.{index}", problems)

    return check


def record(required: Iterable[str], fields: Mapping[str, Validator], rest: Validator) -> Validator:
    """Accept objects with the required fields; `rest` is the validator of all fields that are not in `fields`."""
    names = tuple(required)

    def check(value: dict[str, Any], at: str, problems: list[FieldProblem]) -> None:
        prefix = f"{at}." if at else ""
        problems.extend(
            FieldProblem(f"{prefix}{name}", "required", "is missing") for name in names if name not in value
        )
        for name, inner in value.items():
            validator = fields.get(name, rest)
            if validator is not anything:
                validator(inner, f"{prefix}{name}", problems)

    return check


class Candidate:
    """A member of a union: its validator, and the fields by which it is recognized."""

    __slots__ = ("fields", "required", "validator")

    def __init__(self, required: Collection[str], fields: Collection[str], validator: Validator) -> None:
        """Create a candidate from the names of its required fields and of all its fields."""
        self.required: frozenset[str] = frozenset(required)
        self.fields: frozenset[str] = frozenset(fields)
        self.validator: Validator = validator


def best_match(candidates: Sequence[Candidate]) -> Validator:
    """Accept values that the best matching candidate accepts.

    Of objects, the best match has the most of its required fields in the object, then the most of its fields. If
    several candidates match equally well, one of them must accept the value; if none does, the problems are those of
    the first.
    """

    def check(value: Any, at: str, problems: list[FieldProblem]) -> None:
        present: Collection[str] = value.keys() if is_object(value) else ()
        scores = [
            (len(each.required.intersection(present)), len(each.fields.intersection(present))) for each in candidates
        ]
        best = max(scores)
        first: list[FieldProblem] | None = None
        for validator in (each.validator for each, score in zip(candidates, scores, strict=True) if score == best):
            own: list[FieldProblem] = []
            validator(value, at, own)
            if not own:
                return
            first = own if first is None else first
        problems.extend(first or ())

    return check
