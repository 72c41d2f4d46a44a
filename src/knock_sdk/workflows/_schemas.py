"""JSON schemas of trigger data, prepared for the generator of models."""

from __future__ import annotations

from typing import Any

from .._core.type_guards import is_array, is_object

_MAPS = frozenset({"$defs", "definitions", "dependentSchemas", "patternProperties", "properties"})
"""Keywords whose values are schemas by name."""

_NESTED = frozenset(
    {
        *("additionalItems", "additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then"),
        *("allOf", "anyOf", "oneOf", "prefixItems", "unevaluatedItems", "unevaluatedProperties"),
    }
)
"""Keywords whose values are schemas, or lists of them."""

_IGNORED = frozenset(
    {"$comment", "$id", "$schema", "default", "deprecated", "examples", "readOnly", "title", "writeOnly"}
)
"""Keywords that say nothing of which values are valid. Knock does not fill in defaults."""

_FORMATS = frozenset({"date", "date-time", "uuid"})
"""Formats that have a type in Python whose values are written in this format; all others stay text."""

_STRUCTURE = ("$ref", "additionalProperties", "allOf", "anyOf", "oneOf", "patternProperties", "properties")


def prepare(schema: Any) -> Any:
    """Return a schema without what the generator of models would read differently than Knock.

    A field that is required but not described gets a description that allows everything.
    """
    if not is_object(schema):
        return schema
    prepared: dict[str, Any] = {}
    for name, value in schema.items():
        if name in _IGNORED or (name == "format" and value not in _FORMATS):
            continue
        if name in _MAPS and is_object(value):
            prepared[name] = {key: prepare(inner) for key, inner in value.items()}
        elif name in _NESTED:
            prepared[name] = [prepare(inner) for inner in value] if is_array(value) else prepare(value)
        else:
            prepared[name] = value
    if is_array(required := schema.get("required")):
        described = prepared.get("properties")
        known: dict[str, Any] = described if is_object(described) else {}
        missing: dict[str, Any] = {name: {} for name in required if isinstance(name, str) and name not in known}
        if missing and not any(name in schema for name in ("$ref", "allOf", "anyOf", "oneOf")):
            prepared["properties"] = {**known, **missing}
    if is_object(properties := prepared.get("properties")) and properties:
        prepared["properties"] = _order(properties)
        # Type checkers refuse a model that declares the type of its further fields, so that they may be of any.
        prepared.pop("patternProperties", None)
        if is_object(prepared.get("additionalProperties")):
            prepared["additionalProperties"] = True
    return prepared


def _order(properties: dict[str, Any]) -> dict[str, Any]:
    """Return properties in an order in which each keeps its name if it is one of Python's.

    Of `fullName` and `full_name`, the generator gives the name `full_name` to the first, and another one to the second.
    """
    if len({name.replace("_", "").replace("-", "").lower() for name in properties}) == len(properties):
        return properties
    return dict(sorted(properties.items(), key=lambda each: each[0] != each[0].lower() or not each[0].isidentifier()))


def allows_any(schema: dict[str, Any]) -> bool:
    """Return whether a prepared schema allows any JSON object."""
    return all(schema.get(name) in (None, True, {}) for name in _STRUCTURE)


def check_object(schema: object) -> dict[str, Any]:
    """Return a schema, which must be that of an object.

    Raises:
        ValueError: It is not.
    """
    if not is_object(schema):
        raise ValueError(f"must be a JSON schema, which is an object, not {type(schema).__name__}")
    kinds = schema.get("type", "object")
    if "object" not in (kinds if is_array(kinds) else [kinds]):
        raise ValueError(f"must describe an object, since the data of a trigger is one; its type is {kinds!r}")
    return schema
