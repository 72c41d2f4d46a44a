"""A small language for what JSON must look like; a shape adds to a list whatever is wrong with a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from .._core.narrow import is_array, is_object
from .clock import parse_moment
from .errors import FieldProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

Shape: TypeAlias = "Callable[[Any, str, list[FieldProblem]], None]"


def anything(_value: Any, _at: str, _problems: list[FieldProblem]) -> None:
    """Accept every value."""


def text(value: Any, at: str, problems: list[FieldProblem]) -> None:
    """Accept a string."""
    if not isinstance(value, str):
        _wrong_type(at, "a string", problems)


def flag(value: Any, at: str, problems: list[FieldProblem]) -> None:
    """Accept true or false."""
    if not isinstance(value, bool):
        _wrong_type(at, "true or false", problems)


def moment(value: Any, at: str, problems: list[FieldProblem]) -> None:
    """Accept a date or time in ISO 8601."""
    if parse_moment(value) is None:
        problems.append(FieldProblem(at, "format", "must be a time in ISO 8601"))


def one_of(choices: Collection[str]) -> Shape:
    """Accept one of some strings."""

    def check(value: Any, at: str, problems: list[FieldProblem]) -> None:
        if not (isinstance(value, str) and value in choices):
            problems.append(FieldProblem(at, "inclusion", f"must be one of {', '.join(choices)}"))

    return check


def nullable(shape: Shape) -> Shape:
    """Accept null besides."""

    def check(value: Any, at: str, problems: list[FieldProblem]) -> None:
        if value is not None:
            shape(value, at, problems)

    return check


def list_of(shape: Shape) -> Shape:
    """Accept a list whose elements have a shape."""

    def check(value: Any, at: str, problems: list[FieldProblem]) -> None:
        if not is_array(value):
            _wrong_type(at, "a list", problems)
            return
        for index, element in enumerate(value):
            shape(element, f"{at}.{index}", problems)

    return check


def map_of(shape: Shape) -> Shape:
    """Accept an object with any keys, whose values have a shape."""

    def check(value: Any, at: str, problems: list[FieldProblem]) -> None:
        if not is_object(value):
            _wrong_type(at, "an object", problems)
            return
        for key, inner in value.items():
            shape(inner, _join(at, key), problems)

    return check


class Record:
    """Accept an object with known fields; further ones are left alone."""

    def __init__(self, required: Mapping[str, Shape], optional: Mapping[str, Shape] | None = None) -> None:
        """Take the shapes of the fields that must be there and of those that may."""
        self.required = required
        self.optional: Mapping[str, Shape] = optional or {}
        self._fields = {**self.required, **self.optional}

    def __call__(self, value: Any, at: str, problems: list[FieldProblem]) -> None:
        """Check a value."""
        if not is_object(value):
            _wrong_type(at, "an object", problems)
            return
        problems.extend(
            FieldProblem(_join(at, name), "required", "is missing") for name in self.required if name not in value
        )
        for name, shape in self._fields.items():
            if name in value:
                shape(value[name], _join(at, name), problems)


def either(what: str, shapes: Mapping[type, Shape]) -> Shape:
    """Accept what one of several shapes accepts; the kind of the value decides which."""

    def check(value: Any, at: str, problems: list[FieldProblem]) -> None:
        shape = shapes.get(value.__class__)
        if shape is None:
            _wrong_type(at, what, problems)
        else:
            shape(value, at, problems)

    return check


def _wrong_type(at: str, what: str, problems: list[FieldProblem]) -> None:
    problems.append(FieldProblem(at or "body", "type", f"must be {what}"))


def _join(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name
