"""Validators for the contract's request schemas, each created on first use."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from ..http.contract_data import load_contract
from . import validators
from .extra_rules import EXTRA, FIELDS
from .validators import Candidate, anything, both, of_kinds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .validators import Validator

Schema: TypeAlias = "Mapping[str, Any]"
Kinds: TypeAlias = "dict[type, Validator]"

_KINDS: Mapping[str, tuple[type, ...]] = {
    "array": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "null": (type(None),),
    "number": (int, float),
    "object": (dict,),
    "string": (str,),
}
_FORMATS: Mapping[str, Validator] = {"date-time": validators.check_moment, "uuid": validators.check_uuid}


@cache
def named_validator(name: str) -> Validator:
    """Return the validator for a named schema."""
    return of_kinds(_named_kinds(name))


def validator_of(schema: Schema) -> Validator:
    """Return the validator for a schema."""
    return named_validator(schema["$ref"]) if "$ref" in schema else of_kinds(kinds_of(schema))


def kinds_of(schema: Schema) -> Kinds:
    """Return the validators for a schema, by the Python type of each JSON type that it allows."""
    if "$ref" in schema:
        return _named_kinds(schema["$ref"])
    if "anyOf" in schema:
        return _union(schema["anyOf"])
    types = schema.get("type", list(_KINDS))
    kinds = [kind for name in ([types] if isinstance(types, str) else types) for kind in _KINDS[name]]
    return {kind: _validator_of_kind(kind, schema) for kind in kinds}


def _schema(name: str) -> Schema:
    """Return a named schema, with the fields that the API documents in prose only."""
    schema: Schema = load_contract()["schemas"][name]
    if name in FIELDS:
        schema = {**schema, "properties": {**schema.get("properties", {}), **FIELDS[name]}}
    return schema


@cache
def _named_kinds(name: str) -> Kinds:
    kinds, extra = kinds_of(_schema(name)), EXTRA.get(name, {})
    return {kind: both(validator, extra.get(kind, anything)) for kind, validator in kinds.items()}


def _union(members: list[Schema]) -> Kinds:
    candidates: dict[type, list[Candidate]] = {}
    for member in members:
        schema = _schema(member["$ref"]) if "$ref" in member else member
        for kind, validator in kinds_of(member).items():
            candidate = Candidate(schema.get("required", ()), schema.get("properties", {}), validator)
            candidates.setdefault(kind, []).append(candidate)
    return {
        kind: found[0].validator if len(found) == 1 else validators.best_match(found)
        for kind, found in candidates.items()
    }


def _validator_of_kind(kind: type, schema: Schema) -> Validator:
    if kind is str:
        return _validator_of_text(schema)
    if kind is list:
        return both(_validator_of_length(schema, "Items", "elements"), _validator_of_elements(schema))
    if kind is dict:
        return both(_validator_of_length(schema, "Properties", "pairs"), _validator_of_fields(schema))
    if kind in (int, float) and ("minimum" in schema or "maximum" in schema):
        return validators.between(schema.get("minimum"), schema.get("maximum"))
    return anything


def _validator_of_text(schema: Schema) -> Validator:
    validator = _validator_of_length(schema, "Length", "characters")
    if "enum" in schema:
        validator = both(validator, validators.one_of(schema["enum"]))
    if "format" in schema:
        validator = both(validator, _FORMATS[schema["format"]])
    if "contentSchema" in schema:
        validator = both(validator, validators.json_text(validator_of(schema["contentSchema"])))
    return validator


def _validator_of_length(schema: Schema, keyword: str, unit: str) -> Validator:
    least, most = schema.get(f"min{keyword}", 0), schema.get(f"max{keyword}")
    return validators.length(least, most, unit) if least or most is not None else anything


def _validator_of_elements(schema: Schema) -> Validator:
    return validators.list_of(validator_of(schema["items"])) if "items" in schema else anything


def _validator_of_fields(schema: Schema) -> Validator:
    validator: Validator = anything
    if "required" in schema or "properties" in schema or "additionalProperties" in schema:
        fields = {name: validator_of(inner) for name, inner in schema.get("properties", {}).items()}
        rest = validator_of(schema["additionalProperties"]) if "additionalProperties" in schema else anything
        validator = validators.record(schema.get("required", ()), fields, rest)
    if "x-knock-max-bytes" in schema:
        validator = both(validator, validators.size(schema["x-knock-max-bytes"]))
    return validator
