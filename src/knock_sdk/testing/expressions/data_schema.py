"""Validation of trigger data against the JSON schema of a workflow, with jsonschema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..http.errors import FieldProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..state.json_objects import JSON

_MISSING = "JSON schemas need jsonschema: pip install 'knock-sdk[simulator]'"


def check_schema(schema: Mapping[str, object], at: str) -> None:
    """Check that a declared schema is a JSON schema.

    Raises:
        ValueError: It is not a valid JSON schema; the message begins with `at`.
        ImportError: jsonschema is not installed.
    """
    try:
        from jsonschema import Draft7Validator, SchemaError
    except ImportError as error:
        raise ImportError(_MISSING) from error
    try:
        Draft7Validator.check_schema(schema)
    except SchemaError as error:
        raise ValueError(f"{at}: data_schema is not a valid JSON schema: {error.message}") from None


def find_problems(schema: JSON, data: JSON) -> list[FieldProblem]:
    """Return the problems of trigger data, ordered by field."""
    from jsonschema import Draft7Validator

    validator: Any = Draft7Validator(schema)  # type checkers cannot resolve its own type
    found = [(".".join(["data", *map(str, error.absolute_path)]), error) for error in validator.iter_errors(data)]
    return [FieldProblem(path, str(error.validator), error.message) for path, error in sorted(found, key=_path)]


def _path(pair: tuple[str, Any]) -> str:
    return pair[0]
