"""The contract's numeric limits, as the table of operations has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from .._core.narrow import is_array, is_object
from .errors import FieldProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .._core.operation import Operation
    from .values import JSON


def check_limits(
    operation: Operation, path: Mapping[str, str], query: Mapping[str, Any], body: JSON, headers: Mapping[str, str]
) -> list[FieldProblem]:
    """Return what is too long, too many or too large in a request."""
    fields: dict[str, Any] = {**query, **body, **path}
    problems: list[FieldProblem] = []
    for name, most in {**operation.items, **operation.pairs}.items():
        outer, _, inner = name.partition(".")
        value = fields.get(outer)
        if not inner:
            _check_count(outer, value, most, problems)
        elif is_array(value):
            for index, element in enumerate(value):
                if is_object(element):
                    _check_count(f"{outer}.{index}.{inner}", element.get(inner), most, problems)
    for name, longest in operation.length.items():
        value = fields.get(name, headers.get(name.lower()))
        if isinstance(value, str) and len(value) > longest:
            problems.append(FieldProblem(name, "length", f"must have at most {longest:,} characters"))
    for name, most in operation.size.items():
        if fields.get(name) is not None and len(to_json(fields[name])) > most:
            problems.append(FieldProblem(name, "length", f"must have at most {most:,} bytes"))
    return problems


def _check_count(at: str, value: Any, most: int | None, problems: list[FieldProblem]) -> None:
    if most is not None and (is_array(value) or is_object(value)) and len(value) > most:
        problems.append(FieldProblem(at, "length", f"must have at most {most:,} elements"))
