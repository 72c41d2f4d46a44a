"""What a JSON value of each kind must look like; a shape adds to a list whatever is wrong with a value.

The shapes of one kind of JSON take for granted that the value is of that kind; `of_kinds` is what makes sure of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic_core import from_json, to_json

from ..http.errors import FieldProblem
from ..state.clock import parse_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

Validator: TypeAlias = "Callable[[Any, str, list[FieldProblem]], None]"

BODY = "body"
"""What errors call the body as a whole."""

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_WORDS: Mapping[type, str] = {
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


def of_kinds(shapes: Mapping[type, Validator]) -> Validator:
    """Accept what the shape for the value's kind accepts, and no other kind."""
    expected = " or ".join(word for kind, word in _WORDS.items() if kind in shapes)

    def check(value: Any, at: str, problems: list[FieldProblem]) -> None:
        validator = shapes.get(value.__class__)
        if validator is None:
            problems.append(FieldProblem(at or BODY, "type", f"must be {expected}"))
        elif validator is not anything:
            validator(value, at, problems)

    return check


def both(first: Validator, second: Validator) -> Validator:
    """Accept what two shapes accept."""
    if anything in (first, second):
        return second if first is anything else first

    def check(value: Any, at: str, problems: list[FieldProblem]) -> None:
        first(value, at, problems)
        second(value, at, problems)

    return check


def one_of(choices: Collection[str]) -> Validator:
    """Accept some strings."""
    listed = ", ".join(choices)

    def check(value: str, at: str, problems: list[FieldProblem]) -> None:
        if value not in choices:
            problems.append(FieldProblem(at, "inclusion", f"must be one of {listed}"))

    return check


def length(least: int, most: int | None, what: str) -> Validator:
    """Accept so many characters, elements or pairs."""

    def check(value: Any, at: str, problems: list[FieldProblem]) -> None:
        if len(value) < least:
            problems.append(FieldProblem(at, "length", f"must have at least {least:,} {what}"))
        elif most is not None and len(value) > most:
            problems.append(FieldProblem(at, "length", f"must have at most {most:,} {what}"))

    return check


def size(most: int) -> Validator:
    """Accept what takes so many bytes as JSON."""

    def check(value: Any, at: str, problems: list[FieldProblem]) -> None:
        if len(to_json(value)) > most:
            problems.append(FieldProblem(at, "length", f"must have at most {most:,} bytes"))

    return check


def between(least: float | None, most: float | None) -> Validator:
    """Accept a range of numbers."""

    def check(value: float, at: str, problems: list[FieldProblem]) -> None:
        if least is not None and value < least:
            problems.append(FieldProblem(at, "number", f"must be at least {least}"))
        elif most is not None and value > most:
            problems.append(FieldProblem(at, "number", f"must be at most {most}"))

    return check


def moment(value: str, at: str, problems: list[FieldProblem]) -> None:
    """Accept a date or time in ISO 8601."""
    if parse_moment(value) is None:
        problems.append(FieldProblem(at, "format", "must be a time in ISO 8601"))


def uuid(value: str, at: str, problems: list[FieldProblem]) -> None:
    """Accept a UUID."""
    if _UUID.fullmatch(value) is None:
        problems.append(FieldProblem(at, "format", "must be a UUID"))


def json_text(validator: Validator) -> Validator:
    """Accept JSON as text, whose value has a shape."""

    def check(value: str, at: str, problems: list[FieldProblem]) -> None:
        try:
            decoded: Any = from_json(value, allow_inf_nan=False)
        except ValueError:
            problems.append(FieldProblem(at, "format", "is not JSON"))
        else:
            validator(decoded, at, problems)

    return check


def list_of(validator: Validator) -> Validator:
    """Accept a list whose elements have a shape."""

    def check(value: list[Any], at: str, problems: list[FieldProblem]) -> None:
        for index, element in enumerate(value):
            validator(element, f"{at}.{index}", problems)

    return check


def record(required: Iterable[str], fields: Mapping[str, Validator], rest: Validator) -> Validator:
    """Accept an object with known fields, some of which must be there; the others have a shape in common."""
    needed = tuple(required)

    def check(value: dict[str, Any], at: str, problems: list[FieldProblem]) -> None:
        before = f"{at}." if at else ""
        problems.extend(
            FieldProblem(f"{before}{name}", "required", "is missing") for name in needed if name not in value
        )
        for name, inner in value.items():
            validator = fields.get(name, rest)
            if validator is not anything:
                validator(inner, f"{before}{name}", problems)

    return check


class Candidate:
    """One of the shapes that a union has for objects, and the fields by which to choose it."""

    __slots__ = ("fields", "required", "validator")

    def __init__(self, required: Collection[str], fields: Collection[str], validator: Validator) -> None:
        """Take the names of the fields that must and of those that may be there."""
        self.required: frozenset[str] = frozenset(required)
        self.fields: frozenset[str] = frozenset(fields)
        self.validator: Validator = validator


def likeliest(candidates: Sequence[Candidate]) -> Validator:
    """Accept what the shape accepts that is meant: the one whose fields are there, the required ones first of all.

    Where several are equally likely, one that accepts the value will do; if none does, the first says what is wrong.
    """

    def check(value: dict[str, Any], at: str, problems: list[FieldProblem]) -> None:
        present = value.keys()
        found = [(len(each.required & present), len(each.fields & present)) for each in candidates]
        most = max(found)
        likely = [each.validator for each, score in zip(candidates, found, strict=True) if score == most]
        first: list[FieldProblem] | None = None
        for validator in likely:
            own: list[FieldProblem] = []
            validator(value, at, own)
            if not own:
                return
            first = own if first is None else first
        problems.extend(first or ())

    return check
