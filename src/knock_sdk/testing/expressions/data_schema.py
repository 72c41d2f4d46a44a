"""The data of triggers, held against the JSON schema that a workflow may have; jsonschema does the work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..http.errors import FieldProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..state.json_objects import JSON

_MISSING = "JSON schemas need jsonschema: pip install 'knock-sdk[simulator]'"


def check_schema(schema: Mapping[str, object], at: str) -> None:
    """Find out what is wrong with a schema before it is used.

    Raises:
        ValueError: It is no JSON schema.
        ImportError: jsonschema is not installed.
    """
    try:
        from jsonschema import Draft7Validator, SchemaError
    except ImportError as error:
        raise ImportError(_MISSING) from error
    try:
        Draft7Validator.check_schema(schema)
    except SchemaError as error:
        raise ValueError(f"{at}: the schema of the data is no JSON schema: {error.message}") from None


def problems(schema: JSON, data: JSON) -> list[FieldProblem]:
    """Return what is wrong with the data of a trigger."""
    from jsonschema import Draft7Validator

    validator: Any = Draft7Validator(schema)  # typed in terms that checkers cannot follow
    found = [(".".join(["data", *map(str, error.absolute_path)]), error) for error in validator.iter_errors(data)]
    return [FieldProblem(place, str(error.validator), error.message) for place, error in sorted(found, key=_first)]


def _first(pair: tuple[str, Any]) -> str:
    return pair[0]
