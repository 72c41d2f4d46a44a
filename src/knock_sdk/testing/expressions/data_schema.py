"""Validation of trigger data against the JSON schema of a workflow, with jsonschema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._core.type_guards import is_array, is_object
from ..http.errors import FieldProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..state.json_objects import JSON

_VALUES = frozenset({"const", "default", "enum", "examples"})
_MISSING = "JSON schemas need jsonschema: pip install 'knock-sdk[simulator]'"


def check_schema(schema: Mapping[str, object], at: str, name: str = "data_schema") -> None:
    """Check that a declared schema is a JSON schema whose references stay within it.

    Args:
        schema: the schema.
        at: where it is declared, for errors.
        name: what it is called there.

    Raises:
        ValueError: It is not a valid JSON schema, or a reference leads nowhere; the message begins with `at`.
        ImportError: jsonschema is not installed.
    """
    try:
        from jsonschema import Draft7Validator, SchemaError
    except ImportError as error:
        raise ImportError(_MISSING) from error
    try:
        Draft7Validator.check_schema(schema)
    except SchemaError as error:
        raise ValueError(f"{at}: {name} is not a valid JSON schema: {error.message}") from None
    for reference in _references(schema):
        if not _leads_somewhere(schema, reference):
            raise ValueError(f"{at}: {name} has the reference {reference!r}, which is not within the schema")


def find_problems(schema: JSON, data: JSON) -> list[FieldProblem]:
    """Return the problems of trigger data, ordered by field."""
    from jsonschema import Draft7Validator
    from referencing import Registry

    # The empty registry keeps a reference to another address from being fetched.
    validator: Any = Draft7Validator(schema, registry=Registry())  # type checkers cannot resolve its own type
    found = [(".".join(["data", *map(str, error.absolute_path)]), error) for error in validator.iter_errors(data)]
    return [FieldProblem(path, str(error.validator), error.message) for path, error in sorted(found, key=_path)]


def _references(schema: object) -> Iterator[str]:
    """Yield the references in a schema; those in values, such as defaults, are none."""
    if is_object(schema):
        if isinstance(reference := schema.get("$ref"), str):
            yield reference
        for name, inner in schema.items():
            if name not in _VALUES:
                yield from _references(inner)
    elif is_array(schema):
        for inner in schema:
            yield from _references(inner)


def _leads_somewhere(schema: Mapping[str, object], reference: str) -> bool:
    import referencing
    from referencing.exceptions import Unresolvable
    from referencing.jsonschema import DRAFT7

    resource: Any = DRAFT7.create_resource(dict(schema))
    new_registry: Any = referencing.Registry
    try:
        new_registry().resolver_with_root(resource).lookup(reference)
    except Unresolvable:
        return False
    return True


def _path(pair: tuple[str, Any]) -> str:
    return pair[0]
