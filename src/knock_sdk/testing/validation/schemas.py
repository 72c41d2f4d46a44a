"""The contract's schemas of requests as shapes, each made when it is first needed."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from ..http.contract_data import data
from . import validators
from .extra_rules import EXTRA, FIELDS
from .validators import Candidate, anything, both, of_kinds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .validators import Shape

Schema: TypeAlias = "Mapping[str, Any]"
Kinds: TypeAlias = "dict[type, Shape]"

_KINDS: Mapping[str, tuple[type, ...]] = {
    "array": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "null": (type(None),),
    "number": (int, float),
    "object": (dict,),
    "string": (str,),
}
_FORMATS: Mapping[str, Shape] = {"date-time": validators.moment, "uuid": validators.uuid}


@cache
def named(name: str) -> Shape:
    """Return the shape of a named schema."""
    return of_kinds(_named_kinds(name))


def shape_of(schema: Schema) -> Shape:
    """Return the shape of a schema."""
    return named(schema["$ref"]) if "$ref" in schema else of_kinds(kinds_of(schema))


def kinds_of(schema: Schema) -> Kinds:
    """Return the shapes that a schema has for the kinds of JSON that it allows."""
    if "$ref" in schema:
        return _named_kinds(schema["$ref"])
    if "anyOf" in schema:
        return _union(schema["anyOf"])
    types = schema.get("type", list(_KINDS))
    kinds = [kind for name in ([types] if isinstance(types, str) else types) for kind in _KINDS[name]]
    return {kind: _shape_of_kind(kind, schema) for kind in kinds}


def _schema(name: str) -> Schema:
    """Return a named schema with what the API says in prose about it."""
    schema: Schema = data()["schemas"][name]
    if name in FIELDS:
        schema = {**schema, "properties": {**schema.get("properties", {}), **FIELDS[name]}}
    return schema


@cache
def _named_kinds(name: str) -> Kinds:
    kinds, extra = kinds_of(_schema(name)), EXTRA.get(name, {})
    return {kind: both(shape, extra.get(kind, anything)) for kind, shape in kinds.items()}


def _union(members: list[Schema]) -> Kinds:
    candidates: dict[type, list[Candidate]] = {}
    for member in members:
        said = _schema(member["$ref"]) if "$ref" in member else member
        for kind, shape in kinds_of(member).items():
            candidate = Candidate(said.get("required", ()), said.get("properties", {}), shape)
            candidates.setdefault(kind, []).append(candidate)
    return {
        kind: found[0].shape if len(found) == 1 else validators.likeliest(found) for kind, found in candidates.items()
    }


def _shape_of_kind(kind: type, schema: Schema) -> Shape:
    if kind is str:
        return _text(schema)
    if kind is list:
        return both(_length(schema, "Items", "elements"), _elements(schema))
    if kind is dict:
        return both(_length(schema, "Properties", "pairs"), _fields(schema))
    if kind in (int, float) and ("minimum" in schema or "maximum" in schema):
        return validators.between(schema.get("minimum"), schema.get("maximum"))
    return anything


def _text(schema: Schema) -> Shape:
    shape = _length(schema, "Length", "characters")
    if "enum" in schema:
        shape = both(shape, validators.one_of(schema["enum"]))
    if "format" in schema:
        shape = both(shape, _FORMATS[schema["format"]])
    if "contentSchema" in schema:
        shape = both(shape, validators.json_text(shape_of(schema["contentSchema"])))
    return shape


def _length(schema: Schema, of: str, what: str) -> Shape:
    least, most = schema.get(f"min{of}", 0), schema.get(f"max{of}")
    return validators.length(least, most, what) if least or most is not None else anything


def _elements(schema: Schema) -> Shape:
    return validators.list_of(shape_of(schema["items"])) if "items" in schema else anything


def _fields(schema: Schema) -> Shape:
    shape: Shape = anything
    if "required" in schema or "properties" in schema or "additionalProperties" in schema:
        fields = {name: shape_of(inner) for name, inner in schema.get("properties", {}).items()}
        rest = shape_of(schema["additionalProperties"]) if "additionalProperties" in schema else anything
        shape = validators.record(schema.get("required", ()), fields, rest)
    if "x-knock-max-bytes" in schema:
        shape = both(shape, validators.size(schema["x-knock-max-bytes"]))
    return shape
